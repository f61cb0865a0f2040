"""Refund a whole order in the back office."""

from typing import Any

from automation.contracts import JobOutcome, Outcome, reference_of
from automation.robots.once import once
from automation.systems.backoffice import BackOffice

NO_REASON_GIVEN = "Asked by the customer"


def refund(job: dict[str, Any], office: BackOffice) -> JobOutcome:
    """File the refund, or find the one that an earlier run of this job filed."""
    number, reference = job["order_number"], reference_of(job["job_id"])

    def look() -> str | None:
        office.open_order(number)
        return office.number_under(reference)

    def act() -> str:
        return office.file_refund(job.get("reason") or NO_REASON_GIVEN, reference)

    given = once(look, act, "filed")
    amount_minor, currency = office.total()
    facts = {"reference": given, "order_number": number}
    facts |= {"amount_minor": amount_minor, "currency": currency}
    return JobOutcome(Outcome.DONE, "REFUND_FILED", facts)
