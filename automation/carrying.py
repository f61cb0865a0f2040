"""Work item in, robot run, outcome out: what all tasks have in common."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, TypeVar

from robocorp import log, workitems
from robocorp.workitems import ApplicationException, BusinessException

from automation import progress
from automation.catalogue import CATALOGUE
from automation.contracts import JobOutcome
from automation.robots.once import NotConfirmed
from automation.systems.answers import Broken, RecordUnknown, Refused

System = TypeVar("System")
# Of the inputs: what must not stand in a robot's log.
PRIVATE = {"address", "email", "reason", "remark", "recipients"}
CODES = {
    "E101": "ORDER_CANCELLED",
    "E102": "ALREADY_REFUNDED",
    "E103": "NOT_DELIVERED",
    "E104": "OUTSIDE_30_DAYS",
    "E105": "ALREADY_SHIPPED",
    "E106": "ADDRESS_INCOMPLETE",
    "E107": "ALREADY_RETURNED",
    "E108": "REMARK_EMPTY",
    "E301": "ACCOUNT_CLOSED",
    "E401": "NO_SUBSCRIPTION",
    "E402": "ALREADY_ON_PLAN",
    "E403": "SUBSCRIPTION_ENDED",
}


def carry_out(
    robot: Callable[[dict[str, Any], System], JobOutcome],
    system: Callable[[], AbstractContextManager[System]],
    *,
    unknown: str = "ORDER_UNKNOWN",
) -> None:
    """Do every work item there is, each on a fresh visit to the system that the robot works in.

    `unknown` is the code for a record that does not exist.
    """
    for item in workitems.inputs:
        _hide_what_is_private(item.payload)
        # Leaving normally is DONE; either exception is FAILED, of its own kind.
        with item, failures_in_their_kind(unknown):
            _refuse_to_guess(robot.__name__, item.payload)
            with system() as visited:
                outcome = robot(item.payload, visited)
            made = [progress.artifacts() / name for name in outcome.facts.get("files", ())]
            workitems.outputs.create(outcome.to_payload(), files=made)


def _refuse_to_guess(kind: str, payload: dict[str, Any]) -> None:
    """Find out what is missing before any system is visited."""
    for name in ("job_id", *CATALOGUE[kind].inputs["required"]):
        payload[name]


def _hide_what_is_private(payload: dict[str, Any]) -> None:
    for name in PRIVATE & payload.keys():
        told = payload[name]
        for words in told if isinstance(told, list) else [told]:
            log.hide_from_output(str(words))


@contextmanager
def failures_in_their_kind(unknown: str) -> Iterator[None]:
    """BusinessException: the answer is no, tell the customer. ApplicationException: try again."""
    try:
        yield
    except RecordUnknown as no_record:
        raise BusinessException(str(no_record), unknown) from no_record
    except Refused as refused:
        if refused.number not in CODES:
            raise ApplicationException(str(refused), refused.number) from refused
        raise BusinessException(str(refused), CODES[refused.number]) from refused
    except Broken as broken:
        raise ApplicationException(str(broken), broken.code) from broken
    except NotConfirmed as unseen:
        raise ApplicationException(str(unseen), "NOT_CONFIRMED") from unseen
    except KeyError as missing:
        raise ApplicationException(f"The work item lacks {missing}.", "INPUT_MISSING") from missing
