"""Put a customer's tea subscription on another plan."""

from typing import Any

from automation.contracts import JobOutcome, Outcome, reference_of
from automation.robots.once import once
from automation.systems.backoffice import BackOffice


def change_subscription(job: dict[str, Any], office: BackOffice) -> JobOutcome:
    """Change the plan, or find the change that an earlier run of this job made."""
    reference = reference_of(job["job_id"])

    def look() -> str | None:
        office.open_customer(job["email"])
        return office.number_under(reference)

    given = once(look, lambda: office.change_subscription(job["plan"], reference), "changed")
    facts = {"reference": given, "plan": job["plan"]}
    return JobOutcome(Outcome.DONE, "SUBSCRIPTION_CHANGED", facts)
