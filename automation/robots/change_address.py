"""Send an order that has not left the house to another address."""

from typing import Any

from automation.contracts import JobOutcome, Outcome, reference_of
from automation.robots.once import once
from automation.systems.backoffice import BackOffice


def change_address(job: dict[str, Any], office: BackOffice) -> JobOutcome:
    """Write the new address down, unless an earlier run of this job already did."""
    number, reference = job["order_number"], reference_of(job["job_id"])

    def look() -> str | None:
        office.open_order(number)
        return office.number_under(reference)

    given = once(look, lambda: office.change_address(job["address"], reference), "changed")
    facts = {"reference": given, "order_number": number}
    return JobOutcome(Outcome.DONE, "ADDRESS_CHANGED", facts)
