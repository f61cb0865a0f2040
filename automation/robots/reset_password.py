"""Let the directory mail a customer the link that sets a new password."""

from typing import Any

from automation.contracts import JobOutcome, Outcome, reference_of
from automation.robots.once import once
from automation.systems.directory import Directory


def reset_password(job: dict[str, Any], directory: Directory) -> JobOutcome:
    """Have one link mailed, unless an earlier run of this job already did."""
    login, reference = job["email"], reference_of(job["job_id"])

    def look() -> str | None:
        return directory.account(login).changes.get(reference)

    given = once(look, lambda: directory.mail_reset_link(login, reference), "mailed")
    return JobOutcome(Outcome.DONE, "RESET_LINK_SENT", {"reference": given})
