"""Cancel an order that has not left the house."""

from typing import Any

from automation.contracts import JobOutcome, Outcome, reference_of
from automation.robots.once import once
from automation.systems.backoffice import BackOffice

REASON = "Asked by the customer"


def cancel_order(job: dict[str, Any], office: BackOffice) -> JobOutcome:
    """Cancel the order, or find the cancellation that an earlier run of this job made."""
    number, reference = job["order_number"], reference_of(job["job_id"])

    def look() -> str | None:
        office.open_order(number)
        return office.number_under(reference)

    given = once(look, lambda: office.cancel_order(REASON, reference), "cancelled")
    facts = {"reference": given, "order_number": number}
    return JobOutcome(Outcome.DONE, "ORDER_CANCELLED", facts)
