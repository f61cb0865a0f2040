"""Let an account sign in again that was locked after too many wrong passwords."""

from typing import Any

from automation import progress
from automation.contracts import JobOutcome, Outcome, reference_of
from automation.robots.once import CHECKED, once
from automation.systems.answers import Refused
from automation.systems.directory import Directory

CLOSED = "E301"  # as the directory says it


def unlock_account(job: dict[str, Any], directory: Directory) -> JobOutcome:
    """Unlock the account, unless an earlier run of this job did. An open one is left as it is."""
    login, reference = job["email"], reference_of(job["job_id"])
    account = directory.account(login)
    if account.state == "closed":
        raise Refused(CLOSED, "The account is closed.")
    if account.state == "open" and reference not in account.changes:
        progress.step(CHECKED)
        return JobOutcome(Outcome.DONE, "ACCOUNT_WAS_OPEN", {"reference": ""})

    def look() -> str | None:
        return directory.account(login).changes.get(reference)

    given = once(look, lambda: directory.unlock(login, reference), "unlocked")
    return JobOutcome(Outcome.DONE, "ACCOUNT_UNLOCKED", {"reference": given})
