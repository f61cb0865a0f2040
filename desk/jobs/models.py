"""Work asked of robots."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desk.records import Record

URGENT, ORDINARY, SOMETIME = 1, 5, 9  # the lower the number, the sooner


class JobStatus(StrEnum):
    """`needs_review`: nobody can know whether it was done, and a person must look."""

    QUEUED = "queued"
    WAITING = "waiting"  # for somebody's approval
    WORKING = "working"
    DONE = "done"
    REFUSED = "refused"
    GAVE_UP = "gave_up"
    NEEDS_REVIEW = "needs_review"
    CANCELLED = "cancelled"


class Asker(StrEnum):
    """On whose word a job was asked for; without a conversation, nobody is told of its end."""

    CONVERSATION = "conversation"
    PERSON = "person"
    API = "api"
    WEBHOOK = "webhook"
    SCHEDULE = "schedule"


class Ending(StrEnum):
    """How one run of a robot ended."""

    DONE = "done"
    REFUSED = "refused"
    BROKE = "broke"
    KILLED = "killed"  # at one of its limits
    LOST = "lost"  # with its worker, and nobody saw how
    CANCELLED = "cancelled"


OPEN = (JobStatus.QUEUED, JobStatus.WAITING, JobStatus.WORKING)
TO_BE_SEEN_TO = (JobStatus.REFUSED, JobStatus.GAVE_UP, JobStatus.NEEDS_REVIEW)


class Job(Record):
    """One step in the back office, asked for on a customer's behalf, done at most once.

    `round` counts how often it was sent to the robots: once, and once more each time a person
    resumed it. `attempts` counts the runs of all rounds.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint(
            "(status IN ('queued', 'waiting', 'working')) = (settled_at IS NULL)",
            "settled_has_time",
        ),
        CheckConstraint("priority BETWEEN 1 AND 9", "priority_in_range"),
        Index("ix_jobs_kind_settled_at", "kind", "settled_at"),
        Index("ix_jobs_status_created_at", "status", "created_at"),
    )

    conversation_id: Mapped[UUID | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    asked_by: Mapped[Asker] = mapped_column(default=Asker.CONVERSATION)
    kind: Mapped[str]
    inputs: Mapped[dict[str, Any]]
    key: Mapped[str] = mapped_column(unique=True)
    status: Mapped[JobStatus] = mapped_column(default=JobStatus.QUEUED)
    code: Mapped[str | None]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    priority: Mapped[int] = mapped_column(default=ORDINARY)
    not_before_at: Mapped[datetime | None]
    deadline_at: Mapped[datetime | None]
    round: Mapped[int] = mapped_column(default=1)
    attempts: Mapped[int] = mapped_column(default=0)
    last_step: Mapped[str | None]
    heartbeat_at: Mapped[datetime | None]
    expected_seconds: Mapped[int]  # half of the jobs of its kind were done by then
    expected_p90_seconds: Mapped[int]
    started_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]

    @property
    def stream(self) -> UUID:
        """Under which its events stand: its conversation's or, without one, its own."""
        return self.conversation_id or self.id


class Attempt(Record):
    """One run of a robot for a job. `message` is what it said of its failure, without anything
    that was in the job's inputs."""

    __tablename__ = "job_attempts"
    __table_args__ = (
        UniqueConstraint("job_id", "number"),
        CheckConstraint("(ending IS NULL) = (ended_at IS NULL)", "ended_has_time"),
    )

    job_id: Mapped[UUID] = mapped_column(ForeignKey("jobs.id"))
    number: Mapped[int]  # from 1, over all rounds
    round: Mapped[int]
    worker: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ending: Mapped[Ending | None]
    code: Mapped[str | None]
    message: Mapped[str | None]
