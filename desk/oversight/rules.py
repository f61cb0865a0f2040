"""Which jobs a person has to see to, and in which order."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from desk.errors import Invalid
from desk.jobs.models import OPEN, TO_BE_SEEN_TO, JobStatus

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SEEN_FOR = timedelta(days=30)  # after which what failed is history
NOBODYS = ("NOT_APPROVED",)  # a supervisor has seen to it, with words for the customer


class State(StrEnum):
    """Where a list of jobs looks."""

    FAILED = "failed"  # to be seen to by a person
    OPEN = "open"
    ENDED = "ended"


STATUSES: dict[State, tuple[JobStatus, ...]] = {
    State.FAILED: TO_BE_SEEN_TO,
    State.OPEN: OPEN,
    State.ENDED: (JobStatus.DONE, JobStatus.CANCELLED, *TO_BE_SEEN_TO),
}


class NoSuchPlace(Invalid):
    """A cursor that no list of ours has given."""


def place_of(created_at: datetime, job_id: UUID) -> str:
    """Where a list stopped, for the next page."""
    return f"{(created_at - EPOCH) // timedelta(microseconds=1)}~{job_id}"


def place_in(cursor: str) -> tuple[datetime, UUID]:
    """The job after which a list goes on.

    Raises:
        NoSuchPlace: it is not of our making.
    """
    moment, _, job_id = cursor.partition("~")
    try:
        return EPOCH + timedelta(microseconds=int(moment)), UUID(job_id)
    except (ValueError, OverflowError) as wrong:
        raise NoSuchPlace("This cursor was not given by any list here.") from wrong
