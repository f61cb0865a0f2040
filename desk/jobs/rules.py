"""How a job is known again, how long it should take, and what is told of its end."""

import hashlib
import json
import math
from typing import Any
from uuid import UUID

from jsonschema import Draft202012Validator

from automation.catalogue import CATALOGUE, Robot
from automation.contracts import Outcome
from desk.errors import Invalid, NotFound
from desk.jobs.models import OPEN, JobStatus

FIRST_GUESS_SECONDS = 60  # until a kind of job has a history
FIRST_GUESS_LATE_SECONDS = 180
# Asked for again, these are done again: a mail may be lost, and who got none learns nothing by it.
ASKED_ANEW = frozenset({"reset_password"})
MOST_PER_HOUR = {"reset_password": 3}  # for one e-mail address, over all conversations
# Whether an address is a customer's is for nobody to find out: these look done either way.
DISCREET = frozenset({"reset_password"})
MOST_BYTES = 64 * 1024  # of a job's inputs, as JSON
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 2.0, 60.0
LONGEST_MESSAGE = 500
MINOR_UNITS = {"JPY": 0, "KRW": 0, "KWD": 3, "BHD": 3}  # every other currency here has 2


class NoSuchRobot(NotFound):
    """The catalogue has no robot of that name."""


class InputsDoNotFit(Invalid):
    """What was asked is not what that robot's schema asks for, or far too much of it."""


def robot_for(kind: str, inputs: dict[str, Any]) -> Robot:
    """The robot of that name, for inputs that it can do something with.

    Raises:
        NoSuchRobot: there is none.
        InputsDoNotFit: they are not what its schema asks for. The words name the field and what
            is wrong with it, never what stood in it.
    """
    robot = CATALOGUE.get(kind)
    if robot is None:
        raise NoSuchRobot(f"There is no robot {kind[:40]!r}. There are: {', '.join(CATALOGUE)}.")
    _refuse_too_much(inputs)
    wrong = {_in_words(error) for error in Draft202012Validator(robot.inputs).iter_errors(inputs)}
    if wrong:
        raise InputsDoNotFit(f"The robot {kind} cannot work with that: {'; '.join(sorted(wrong))}.")
    return robot


def _refuse_too_much(inputs: dict[str, Any]) -> None:
    try:
        told = json.dumps(inputs, allow_nan=False, ensure_ascii=False).encode()
    except (ValueError, TypeError, RecursionError) as unreadable:
        raise InputsDoNotFit("The inputs of a job are plain JSON, in UTF-8.") from unreadable
    if len(told) > MOST_BYTES:
        raise InputsDoNotFit(
            f"The inputs of a job are at most {MOST_BYTES // 1024} KB; these are {len(told)} bytes."
        )
    if b"\\u0000" in told:
        raise InputsDoNotFit("The inputs of a job hold no NUL characters.")


def _in_words(error: Any) -> str:
    field = ".".join(str(part) for part in error.absolute_path)
    if error.validator == "required":
        missing = [name for name in error.validator_value if name not in error.instance]
        return f"{' and '.join(missing)} missing"
    if error.validator == "additionalProperties":
        return f"only {', '.join(sorted(error.schema['properties']))} are known"
    return f"{field or 'inputs'} breaks {error.validator} {error.validator_value}"


def pause_seconds(tries: int) -> float:
    """How long to leave a failing system alone after that many tries."""
    return float(min(FIRST_PAUSE_SECONDS * 3 ** (tries - 1), LONGEST_PAUSE_SECONDS))


def redacted(message: str, inputs: dict[str, Any]) -> str:
    """What a robot said of its failure, without anything that stood in its inputs."""
    for value in sorted(map(str, inputs.values()), key=len, reverse=True):
        if value.strip():
            message = message.replace(value, "[…]")
    return message[:LONGEST_MESSAGE]


def key_of(conversation_id: UUID | None, kind: str, inputs: dict[str, Any], turn_key: str) -> str:
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
        "job_reason": facts.get("reason"),
        "order_number": inputs.get("order_number"),
    }
    if "amount_minor" in facts and "currency" in facts:
        told["amount"] = money(facts["amount_minor"], facts["currency"])
    heard = "job_unclear" if outcome == Outcome.NEEDS_REVIEW else f"{kind}_{outcome}"
    return f"EXTERNAL_{heard}", {k: v for k, v in told.items() if v is not None}


def money(minor: int, currency: str) -> str:
    """An amount as a person reads it, such as `129.50 EUR`."""
    places = MINOR_UNITS.get(currency, 2)
    return f"{minor / 10**places:,.{places}f} {currency}"
