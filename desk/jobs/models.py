"""Work asked of robots."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from desk.records import Record


class JobStatus(StrEnum):
    QUEUED = "queued"
    WORKING = "working"
    DONE = "done"
    REFUSED = "refused"
    GAVE_UP = "gave_up"


OPEN = (JobStatus.QUEUED, JobStatus.WORKING)


class Job(Record):
    """One step in the back office, asked for on a customer's behalf, done at most once."""

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint(
            "(status IN ('queued', 'working')) = (settled_at IS NULL)", "settled_has_time"
        ),
        Index("ix_jobs_kind_settled_at", "kind", "settled_at"),
    )

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id"), index=True)
    kind: Mapped[str]
    inputs: Mapped[dict[str, Any]]
    key: Mapped[str] = mapped_column(unique=True)
    status: Mapped[JobStatus] = mapped_column(default=JobStatus.QUEUED)
    code: Mapped[str | None]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    expected_seconds: Mapped[int]
    started_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
