"""What is said, by whom, in which order, and what the bot still owes words to."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from desk.people.models import Customer, Person
from desk.records import Record


class Status(StrEnum):
    OPEN = "open"
    RESOLVED = "resolved"


class Answerer(StrEnum):
    """Who owes the customer the next word."""

    BOT = "bot"
    QUEUE = "queue"
    AGENT = "agent"


class Author(StrEnum):
    CUSTOMER = "customer"
    BOT = "bot"
    AGENT = "agent"
    SYSTEM = "system"  # the desk itself, where the bot cannot speak


class Resolver(StrEnum):
    """Who brought the customer to the goal; stored when it happens."""

    BOT = "bot"
    ROBOT = "robot"
    AGENT = "agent"


class Conversation(Record):
    """One customer's matter, from the first word until it is resolved."""

    __tablename__ = "conversations"
    __table_args__ = (
        UniqueConstraint("customer_id", "client_id"),
        CheckConstraint("(status = 'resolved') = (resolved_at IS NOT NULL)", "resolved_has_time"),
        CheckConstraint("(answered_by = 'agent') = (agent_id IS NOT NULL)", "agent_is_named"),
        CheckConstraint("status = 'open' OR answered_by = 'bot'", "resolved_waits_for_nobody"),
        CheckConstraint("upset BETWEEN 0 AND 1", "upset_in_range"),
        Index("ix_conversations_status_answered_by", "status", "answered_by"),
    )

    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"), index=True)
    client_id: Mapped[UUID]
    channel: Mapped[str] = mapped_column(default="widget")
    synthetic: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(default="en")
    status: Mapped[Status] = mapped_column(default=Status.OPEN)
    answered_by: Mapped[Answerer] = mapped_column(default=Answerer.BOT)
    agent_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    topic: Mapped[str | None]
    sentiment: Mapped[float | None]
    upset: Mapped[float | None]  # by the newest messages, see `upset_after`
    goal_reached_by: Mapped[Resolver | None]
    turn_count: Mapped[int] = mapped_column(default=0)
    turns_since_cut: Mapped[int] = mapped_column(default=0)
    resolved_at: Mapped[datetime | None]
    # One process at a time asks the bot about a conversation; a dead one's lease runs out.
    lease_holder: Mapped[str | None]
    lease_until: Mapped[datetime | None]

    customer: Mapped[Customer] = relationship(lazy="raise")
    agent: Mapped[Person | None] = relationship(lazy="raise")


UNREAD = "author = 'customer' AND intent IS NULL AND chosen IS NULL"


class Turn(Record):
    """One thing said. The interaction log is these rows in order of `sequence`."""

    __tablename__ = "turns"
    __table_args__ = (
        UniqueConstraint("conversation_id", "sequence"),
        UniqueConstraint("conversation_id", "client_id"),
        UniqueConstraint("cue_id", "place"),
        CheckConstraint("sentiment BETWEEN -1 AND 1", "sentiment_in_range"),
        CheckConstraint("confidence BETWEEN 0 AND 1", "confidence_in_range"),
        CheckConstraint("upset BETWEEN 0 AND 1", "upset_in_range"),
        Index(
            "ix_turns_unread",
            "created_at",
            sqlite_where=sql(UNREAD),
            postgresql_where=sql(UNREAD),
        ),
    )

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id"))
    sequence: Mapped[int]
    author: Mapped[Author]
    agent_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    client_id: Mapped[UUID | None]
    text: Mapped[str]
    salt: Mapped[str]
    quick_replies: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    chosen: Mapped[str | None]  # which quick reply this turn clicked: turn id and index
    cue_id: Mapped[UUID | None]  # what it answers; a cue in turn points at what it is about
    place: Mapped[int | None]  # which of the replies to its cue this is
    language: Mapped[str]
    intent: Mapped[str | None]
    confidence: Mapped[float | None]
    sentiment: Mapped[float | None]
    upset: Mapped[float | None]  # the chance, 0 to 1, that the writer wants care before others

    agent: Mapped[Person | None] = relationship(lazy="raise")


class CueKind(StrEnum):
    MESSAGE = "message"  # the customer said something
    NEWS = "news"  # something happened that the bot should tell


class CueStatus(StrEnum):
    DUE = "due"
    ANSWERED = "answered"
    FAILED = "failed"  # the bot could not; a person was asked to
    DROPPED = "dropped"  # a person had the conversation when its turn came


class Cue(Record):
    """Something the bot owes words to. Answered in order of `number`, each exactly once."""

    __tablename__ = "cues"
    __table_args__ = (
        UniqueConstraint("conversation_id", "number"),
        Index("ix_cues_status_created_at", "status", "created_at"),
        CheckConstraint("(kind = 'message') = (turn_id IS NOT NULL)", "message_has_turn"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id"))
    number: Mapped[int]
    kind: Mapped[CueKind]
    turn_id: Mapped[UUID | None] = mapped_column(ForeignKey("turns.id"), unique=True)
    payload: Mapped[str | None]
    intent: Mapped[str | None]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    key: Mapped[str] = mapped_column(unique=True)
    status: Mapped[CueStatus] = mapped_column(default=CueStatus.DUE)
    attempts: Mapped[int] = mapped_column(default=0)
    noticed_at: Mapped[datetime | None]  # when the customer was told that it takes longer
    closed_at: Mapped[datetime | None]
