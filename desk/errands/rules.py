"""What proves that a request is from whom we agreed with, and when a schedule is due."""

import hashlib
import hmac
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from croniter import croniter

from desk.errors import Forbidden, Invalid

TOLERANCE = timedelta(minutes=5)
_SIGNATURE = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})")


class NotSigned(Forbidden):
    """The signature is missing, wrong, or too old to be more than a copy."""


class NoSuchTime(Invalid):
    """No cron expression, or one whose time never comes."""


def sign(secret: str, at: int, body: bytes) -> str:
    """`X-Desk-Signature` of a body at a moment, in seconds since 1970."""
    told = f"{at}.".encode() + body
    return f"t={at},v1={hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()}"


def check_signature(header: str, body: bytes, secrets: list[str], now: datetime) -> None:
    """Let only through what one of our secrets signed within the last minutes.

    Raises:
        NotSigned: anything else.
    """
    found = _SIGNATURE.fullmatch(header.strip())
    if found is None or not secrets:
        raise NotSigned("Send X-Desk-Signature: t=…,v1=… with the agreed secret.")
    at = int(found.group(1))
    is_right = [hmac.compare_digest(sign(s, at, body), header.strip()) for s in secrets]
    if not any(is_right):
        raise NotSigned("The signature does not belong to this body.")
    if abs(now.timestamp() - at) > TOLERANCE.total_seconds():
        raise NotSigned("The signature is older than five minutes, or from the future.")


def digest_of(kind: str, inputs: dict[str, Any]) -> str:
    """By which a request is known to be the same."""
    told = json.dumps([kind, inputs], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


def next_time(cron: str, after: datetime, zone: str) -> datetime:
    """When a schedule is due next, by the clocks of `zone`, with five fields and no seconds.

    Raises:
        NoSuchTime: `cron` is none.
    """
    if len(cron.split()) != 5:
        raise NoSuchTime("A schedule has five fields: minute, hour, day, month, day of the week.")
    try:
        local = after.astimezone(ZoneInfo(zone))
        due: datetime = croniter(cron, local).get_next(datetime)
    except (ValueError, KeyError, ArithmeticError) as wrong:  # croniter's own are ValueErrors
        raise NoSuchTime(f"{cron!r} is no time that comes: {wrong}.") from wrong
    return due.astimezone(UTC)
