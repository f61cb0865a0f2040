"""What a code is, how long it lasts, and when one is needed."""

import hashlib
import hmac
import re
import secrets
import unicodedata
from datetime import timedelta
from uuid import UUID

GUARDED = frozenset({"refund", "change_address", "reset_password"})
LASTS = timedelta(minutes=10)
TRIES = 3
PROVES_FOR = timedelta(minutes=30)  # within the conversation
HOUR = timedelta(hours=1)
MOST_PER_ADDRESS, MOST_PER_CONVERSATION = 3, 5  # codes an hour
DIGITS = 6
_WRITTEN = re.compile(r"(?<!\d)(\d{3})[ -]?(\d{3})(?!\d)")


def new_code() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def code_in(text: str) -> str | None:
    """The six digits in a message, however they are written; None without, or with two of them."""
    found = _WRITTEN.findall(unicodedata.normalize("NFKC", text))
    return "".join(found[0]) if len(found) == 1 else None


def address_digest(email: str, secret: str) -> str:
    """By which a mailbox is known again."""
    return _digest(f"mailbox {email.strip().lower()}", secret)


def code_digest(code: str, check_id: UUID, secret: str) -> str:
    """By which a code is known again; six digits alone could be found by trying all."""
    return _digest(f"code {check_id} {code}", secret)


def is_same(one: str, other: str) -> bool:
    """Whether two digests are the same, in a time that tells nothing."""
    return hmac.compare_digest(one, other)


def _digest(told: str, secret: str) -> str:
    return hmac.new(secret.encode(), told.encode(), hashlib.sha256).hexdigest()
