"""Customers who wait for, or are with, a person."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from desk.conversations.models import Conversation
from desk.people.models import Person
from desk.records import Record


class Kind(StrEnum):
    """Who wanted it."""

    REQUESTED = "requested"  # the customer asked
    OFFERED = "offered"  # the bot offered, the customer accepted
    SYSTEM = "system"  # an error or a rule of the desk
    TAKEOVER = "takeover"  # an agent stepped in uninvited


class Reason(StrEnum):
    ASKED_FOR_A_PERSON = "asked_for_a_person"
    NOT_UNDERSTOOD = "not_understood"
    COMPLAINT = "complaint"
    NOT_SOLVED = "not_solved"
    NEGATIVE_SENTIMENT = "negative_sentiment"
    ROBOT_GAVE_UP = "robot_gave_up"
    BOT_FAILED = "bot_failed"
    AGENT_STEPPED_IN = "agent_stepped_in"
    APPROVAL_OVERDUE = "approval_overdue"
    AGENT_LEFT = "agent_left"  # or let the customer wait for too long


class Priority(StrEnum):
    """How much sooner than others a customer is served; see `rules.counts_from`."""

    ORDINARY = "ordinary"
    HIGH = "high"
    VIP = "vip"


class Escalation(Record):
    """A customer waiting for, or with, a person. `created_at` is when the wait began."""

    __tablename__ = "escalations"
    __table_args__ = (
        CheckConstraint("closed_at >= accepted_at", "closed_after_accepted"),
        CheckConstraint("(accepted_at IS NULL) = (agent_id IS NULL)", "accepted_by_somebody"),
        Index(
            "uq_escalations_one_open",
            "conversation_id",
            unique=True,
            postgresql_where=text("closed_at IS NULL"),
            sqlite_where=text("closed_at IS NULL"),
        ),
        Index("ix_escalations_accepted_at", "accepted_at"),
    )

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id"), index=True)
    kind: Mapped[Kind]
    reason: Mapped[Reason]
    priority: Mapped[Priority] = mapped_column(default=Priority.ORDINARY)
    counts_from: Mapped[datetime]  # whose is earlier is served sooner
    packet: Mapped[dict[str, Any]]
    agent_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    note: Mapped[str | None]  # what the agent leaves for whoever comes next
    accepted_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    conversation: Mapped[Conversation] = relationship(lazy="raise")
    agent: Mapped[Person | None] = relationship(lazy="raise")
