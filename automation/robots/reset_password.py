"""Let the back office mail a customer the link that sets a new password."""

from typing import Any

from automation.contracts import JobOutcome, Outcome, reference_of
from automation.robots.once import once
from automation.systems.backoffice import BackOffice


def reset_password(job: dict[str, Any], office: BackOffice) -> JobOutcome:
    """Have one link mailed, unless an earlier run of this job already did."""
    reference = reference_of(job["job_id"])

    def look() -> str | None:
        office.open_customer(job["email"])
        return office.number_under(reference)

    given = once(look, lambda: office.send_reset_link(reference), "mailed")
    return JobOutcome(Outcome.DONE, "RESET_LINK_SENT", {"reference": given})
