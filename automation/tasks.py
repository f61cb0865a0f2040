"""One task per robot: work item in, outcome out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from robocorp import workitems
from robocorp.tasks import task
from robocorp.workitems import ApplicationException, BusinessException

from automation.contracts import JobOutcome
from automation.robots.refund import refund as refund_order
from automation.systems.backoffice import (
    BackOffice,
    BackOfficeSilent,
    RecordUnknown,
    Refused,
    visit,
)
from automation.systems.browser import BrowserMissing

Robot = Callable[[dict[str, Any], BackOffice], JobOutcome]
CODES = {
    "E101": "ORDER_CANCELLED",
    "E102": "ALREADY_REFUNDED",
    "E103": "NOT_DELIVERED",
    "E104": "OUTSIDE_30_DAYS",
    "E105": "ALREADY_SHIPPED",
    "E106": "ADDRESS_INCOMPLETE",
}


@task
def refund() -> None:
    """Refund an order. Inputs: job_id, order_number, and reason if one was given."""
    carry_out(refund_order, unknown="ORDER_UNKNOWN")


def carry_out(robot: Robot, *, unknown: str) -> None:
    """Do every work item there is. `unknown` is the code for a record that does not exist."""
    for item in workitems.inputs:
        # Leaving normally is DONE; either exception is FAILED, of its own kind.
        with item, failures_in_their_kind(unknown), visit() as office:
            outcome = robot(item.payload, office)
            workitems.outputs.create(outcome.to_payload())


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
    except BackOfficeSilent as silent:
        raise ApplicationException(str(silent), "BACK_OFFICE_SILENT") from silent
    except BrowserMissing as missing:
        raise ApplicationException(str(missing), "BROWSER_MISSING") from missing
