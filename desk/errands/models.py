"""Jobs asked for from outside, or by the clock."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desk.jobs.models import Asker
from desk.records import Record


class Errand(Record):
    """One request from outside, by its key: asked again it is the same job."""

    __tablename__ = "errands"
    __table_args__ = (UniqueConstraint("source", "key"),)

    source: Mapped[Asker]
    key: Mapped[str]
    digest: Mapped[str]  # of kind and inputs: the same key for something else is a mistake
    job_id: Mapped[UUID] = mapped_column(ForeignKey("jobs.id"))


class Schedule(Record):
    """A robot started by the clock. `next_at` is None while it is paused."""

    __tablename__ = "schedules"
    __table_args__ = (
        CheckConstraint("name <> ''", "has_a_name"),
        Index("ix_schedules_next_at", "next_at"),
    )

    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    inputs: Mapped[dict[str, Any]]
    cron: Mapped[str]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    next_at: Mapped[datetime | None]
    last_at: Mapped[datetime | None]
    last_job_id: Mapped[UUID | None] = mapped_column(ForeignKey("jobs.id"))
