"""How a job is known again, how long it should take, and what the bot is told of its end."""

import hashlib
import json
import math
from typing import Any
from uuid import UUID

FIRST_GUESS_SECONDS = 60  # until a kind of job has a history
MINOR_UNITS = {"JPY": 0, "KRW": 0, "KWD": 3, "BHD": 3}  # every other currency here has 2


def key_of(conversation_id: UUID, kind: str, inputs: dict[str, Any]) -> str:
    """The same wish in the same conversation has the same key, however often it is uttered."""
    told = json.dumps([str(conversation_id), kind, inputs], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


def typical_seconds(durations: list[float]) -> int:
    """The median of past durations in whole seconds, rounded up; a first guess without any."""
    if not durations:
        return FIRST_GUESS_SECONDS
    ordered = sorted(durations)
    return max(1, math.ceil(ordered[len(ordered) // 2]))


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
