"""What was asked for and whether it went through by itself or on somebody's word."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from desk.jobs.models import Job
from desk.people.models import Person
from desk.records import Record


class Why(StrEnum):
    """What keeps a job from going through by itself."""

    OVER_LIMIT = "over_limit"
    TOO_MANY = "too_many"  # refunds to one customer lately
    AMOUNT_UNKNOWN = "amount_unknown"


class Standing(StrEnum):
    FREE = "free"  # within what needs nobody's approval
    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


class Approval(Record):
    """One round of a job that pays money back: how much, to whom, and who allowed it.

    `owner` is a keyed digest of the address that the order was placed with, by which the refunds
    of one customer are counted over all conversations. `overdue_at` is when nobody had decided in
    time and a person was fetched; it can still be decided after that.
    """

    __tablename__ = "approvals"
    __table_args__ = (
        UniqueConstraint("job_id", "round"),
        CheckConstraint("(standing = 'free') = (why IS NULL)", "waits_for_a_reason"),
        CheckConstraint(
            "(standing IN ('approved', 'refused')) = (decided_at IS NOT NULL)", "decided_has_time"
        ),
        CheckConstraint("(decided_at IS NULL) = (person_id IS NULL)", "decided_by_somebody"),
        CheckConstraint("standing <> 'refused' OR reason IS NOT NULL", "refused_for_a_reason"),
        CheckConstraint("(amount_minor IS NULL) = (currency IS NULL)", "amount_has_currency"),
        Index("ix_approvals_standing_created_at", "standing", "created_at"),
        Index("ix_approvals_owner_created_at", "owner", "created_at"),
    )

    job_id: Mapped[UUID] = mapped_column(ForeignKey("jobs.id"))
    round: Mapped[int]
    owner: Mapped[str | None]
    amount_minor: Mapped[int | None]
    currency: Mapped[str | None]
    why: Mapped[Why | None]
    refunds_before: Mapped[int]  # to the same owner, within the days that count
    standing: Mapped[Standing]
    expires_at: Mapped[datetime]
    overdue_at: Mapped[datetime | None]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None]  # for the customer, in the supervisor's words

    job: Mapped[Job] = relationship(lazy="raise")
    person: Mapped[Person | None] = relationship(lazy="raise")
