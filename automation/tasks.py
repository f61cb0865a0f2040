"""One task per robot. What each does stands in `robots/`, what it wants in `catalogue.py`."""

from contextlib import nullcontext

from robocorp.tasks import task

from automation.carrying import carry_out
from automation.robots import cancel_order as cancelling
from automation.robots import change_address as sending_elsewhere
from automation.robots import change_subscription as subscribing
from automation.robots import reconcile_refund_ledger as reconciling
from automation.robots import refund as refunding
from automation.robots import resend_invoice as invoicing
from automation.robots import reset_password as resetting
from automation.robots import return_label as returning
from automation.robots import service_report as reporting
from automation.robots import unlock_account as unlocking
from automation.systems.backoffice import visit
from automation.systems.directory import Directory
from automation.systems.finance import Finance


@task
def refund() -> None:
    """Refund an order. Inputs: job_id, order_number, and reason if one was given."""
    carry_out(refunding.refund, visit)


@task
def cancel_order() -> None:
    """Cancel an order. Inputs: job_id, order_number."""
    carry_out(cancelling.cancel_order, visit)


@task
def change_address() -> None:
    """Send an order elsewhere. Inputs: job_id, order_number, address."""
    carry_out(sending_elsewhere.change_address, visit)


@task
def resend_invoice() -> None:
    """Mail the invoice of an order once more. Inputs: job_id, order_number."""
    carry_out(invoicing.resend_invoice, visit)


@task
def return_label() -> None:
    """Register a return and mail its label. Inputs: job_id, order_number, reason if given."""
    carry_out(returning.return_label, visit)


@task
def change_subscription() -> None:
    """Put a subscription on another plan. Inputs: job_id, email, plan."""
    carry_out(subscribing.change_subscription, visit, unknown="CUSTOMER_UNKNOWN")


@task
def reset_password() -> None:
    """Have a customer mailed a link that sets a new password. Inputs: job_id, email."""
    carry_out(resetting.reset_password, directory, unknown="ACCOUNT_UNKNOWN")


@task
def unlock_account() -> None:
    """Let a locked account sign in again. Inputs: job_id, email."""
    carry_out(unlocking.unlock_account, directory, unknown="ACCOUNT_UNKNOWN")


@task
def reconcile_refund_ledger() -> None:
    """Hold the refund ledger against the orders. Inputs: job_id, day if it is not today."""
    carry_out(reconciling.reconcile_refund_ledger, finance)


@task
def service_report() -> None:
    """Mail the week's report. Inputs: job_id, week, figures, recipients, language."""
    carry_out(reporting.service_report, nullcontext)


def directory() -> nullcontext[Directory]:
    return nullcontext(Directory())


def finance() -> nullcontext[Finance]:
    return nullcontext(Finance())
