"""How a job is known again, how long it should take, and what is told of its end."""

import hashlib
import json
import math
from typing import Any
from uuid import UUID

from desk.jobs.models import OPEN, JobStatus

FIRST_GUESS_SECONDS = 60  # until a kind of job has a history
FIRST_GUESS_LATE_SECONDS = 180
# Asked for again, these are done again: a mail may be lost, and who got none learns nothing by it.
ASKED_ANEW = frozenset({"reset_password"})
MOST_PER_HOUR = {"reset_password": 3}  # for one e-mail address, over all conversations
# Whether an address is a customer's is for nobody to find out: these look done either way.
DISCREET = frozenset({"reset_password"})
MINOR_UNITS = {"JPY": 0, "KRW": 0, "KWD": 3, "BHD": 3}  # every other currency here has 2


def key_of(conversation_id: UUID, kind: str, inputs: dict[str, Any], turn_key: str) -> str:
    """The same wish in the same turn has the same key, however often the turn is tried."""
    wish = [str(conversation_id), kind, inputs, turn_key]
    told = json.dumps(wish, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


def subject_of(inputs: dict[str, Any]) -> str:
    """What a job is about: its order or, where it has none, its e-mail address."""
    return str(inputs.get("order_number") or inputs.get("email") or "").strip().lower()


def serves_again(kind: str, status: JobStatus) -> bool:
    """Whether a job that ended, or has not, is the answer to the same wish uttered once more.
    What was refused or has failed is tried again: the world may have changed."""
    return status in OPEN or (status is JobStatus.DONE and kind not in ASKED_ANEW)


def must_look_done(kind: str, status: JobStatus) -> bool:
    """Whether the customer may not see if this was done or refused, nor its code or number."""
    return kind in DISCREET and status in (JobStatus.DONE, JobStatus.REFUSED)


def typical_seconds(durations: list[float], share: float = 0.5) -> int:
    """By when that share of them was over, in whole seconds, rounded up; guessed without any."""
    if not durations:
        return FIRST_GUESS_SECONDS if share <= 0.5 else FIRST_GUESS_LATE_SECONDS
    ordered = sorted(durations)
    return max(1, math.ceil(ordered[min(int(len(ordered) * share), len(ordered) - 1)]))


def news_of(
    kind: str, inputs: dict[str, Any], outcome: str, code: str, facts: dict[str, Any]
) -> tuple[str, dict[str, Any]]:
    """The intent by which the bot hears how a job ended, and what it may say of it."""
    told: dict[str, Any] = {
        "job_code": code,
        "job_reference": facts.get("reference"),
        "order_number": inputs.get("order_number"),
    }
    if "amount_minor" in facts and "currency" in facts:
        told["amount"] = money(facts["amount_minor"], facts["currency"])
    return f"EXTERNAL_{kind}_{outcome}", {k: v for k, v in told.items() if v is not None}


def money(minor: int, currency: str) -> str:
    """An amount as a person reads it, such as `129.50 EUR`."""
    places = MINOR_UNITS.get(currency, 2)
    return f"{minor / 10**places:,.{places}f} {currency}"
