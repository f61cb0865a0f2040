"""When a refund needs a supervisor's word."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from desk.approvals.models import Why
from desk.jobs.rules import MINOR_UNITS

PAYS_BACK = frozenset({"refund"})  # the robots that give money away
COUNTED = timedelta(days=90)
LONGEST_REASON = 500  # characters
_LIMIT = re.compile(r"([A-Z]{3})\s+(\d+(?:\.\d+)?)")


class LimitsUnreadable(ValueError):
    """DESK_REFUND_LIMITS is not a list such as `EUR 150, CNY 1200`."""


@dataclass(frozen=True)
class Worth:
    """What a job would pay back, and the address that the order was placed with."""

    amount_minor: int
    currency: str
    owner: str


def limits(told: str) -> dict[str, int]:
    """The most that goes through by itself, in minor units by currency.

    Raises:
        LimitsUnreadable: it is not written as agreed.
    """
    found: dict[str, int] = {}
    for part in filter(None, (piece.strip() for piece in told.split(","))):
        written = _LIMIT.fullmatch(part)
        if written is None:
            raise LimitsUnreadable(f"{part!r} is no limit such as `EUR 150`.")
        currency, amount = written.groups()
        found[currency] = int(Decimal(amount) * 10 ** MINOR_UNITS.get(currency, 2))
    return found


def why_to_wait(
    worth: Worth | None, most: dict[str, int], refunds_before: int, most_refunds: int
) -> Why | None:
    """Why a supervisor has to agree; None if the refund may go through by itself. A currency
    without a limit has none to stay under."""
    if worth is None:
        return Why.AMOUNT_UNKNOWN
    if worth.amount_minor > most.get(worth.currency, 0):
        return Why.OVER_LIMIT
    return Why.TOO_MANY if refunds_before > most_refunds else None


def owner_digest(email: str, secret: str) -> str:
    """Enough to count one customer's refunds by, too little to learn the address from."""
    told = f"refunds of {email.strip().lower()}".encode()
    return hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()
