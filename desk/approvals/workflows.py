"""What has to happen when nobody decides."""

from desk.approvals import commands, queries
from desk.durable import reading, transaction


def fetch_people_for_what_is_overdue() -> None:
    """Fetch a person for every approval that has waited too long. Safe to repeat."""
    for approval_id in reading(queries.overdue):
        transaction(commands.fetch_a_person, approval_id)
