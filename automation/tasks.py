"""One task per robot: work item in, outcome out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from robocorp import log, workitems
from robocorp.tasks import task
from robocorp.workitems import ApplicationException, BusinessException

from automation.contracts import JobOutcome
from automation.robots.cancel_order import cancel_order as cancel
from automation.robots.change_address import change_address as send_elsewhere
from automation.robots.once import NotConfirmed
from automation.robots.refund import refund as pay_back
from automation.robots.resend_invoice import resend_invoice as mail_invoice
from automation.robots.reset_password import reset_password as mail_link
from automation.systems.backoffice import (
    BackOffice,
    BackOfficeSilent,
    RecordUnknown,
    Refused,
    visit,
)
from automation.systems.browser import BrowserMissing
from automation.systems.mail import MailSilent

Robot = Callable[[dict[str, Any], BackOffice], JobOutcome]
PRIVATE = {"address", "email", "reason"}  # of the inputs: what must not stand in a robot's log
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
    carry_out(pay_back)


@task
def cancel_order() -> None:
    """Cancel an order. Inputs: job_id, order_number."""
    carry_out(cancel)


@task
def change_address() -> None:
    """Send an order elsewhere. Inputs: job_id, order_number, address."""
    carry_out(send_elsewhere)


@task
def resend_invoice() -> None:
    """Mail the invoice of an order once more. Inputs: job_id, order_number."""
    carry_out(mail_invoice)


@task
def reset_password() -> None:
    """Have a customer mailed a link that sets a new password. Inputs: job_id, email."""
    carry_out(mail_link, unknown="ACCOUNT_UNKNOWN")


def carry_out(robot: Robot, *, unknown: str = "ORDER_UNKNOWN") -> None:
    """Do every work item there is. `unknown` is the code for a record that does not exist."""
    for item in workitems.inputs:
        for name in PRIVATE & item.payload.keys():
            log.hide_from_output(str(item.payload[name]))
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
    except MailSilent as silent:
        raise ApplicationException(str(silent), "MAIL_SILENT") from silent
    except NotConfirmed as unseen:
        raise ApplicationException(str(unseen), "NOT_CONFIRMED") from unseen
    except KeyError as missing:
        raise ApplicationException(f"The work item lacks {missing}.", "INPUT_MISSING") from missing
    except BrowserMissing as missing:
        raise ApplicationException(str(missing), "BROWSER_MISSING") from missing
