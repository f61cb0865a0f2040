"""Agents as routing sees them: whether they are there, for how much, for what; and what is
offered to whom."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from desk.people.models import Person
from desk.records import Record

ANY = "*"  # topic or language
OPEN = "standing = 'open'"


class Presence(StrEnum):
    ONLINE = "online"  # takes what is offered
    AWAY = "away"  # at the console, and takes nothing new
    OFFLINE = "offline"


class Agent(Record):
    """One member of staff who has been at a console, or for whom a supervisor has set something;
    `id` is the person's. `since` is from when `presence` is what it is."""

    __tablename__ = "agents"
    __table_args__ = (
        CheckConstraint("capacity BETWEEN 0 AND 50", "capacity_in_range"),
        CheckConstraint("missed >= 0", "missed_some"),
        CheckConstraint("presence = 'offline' OR seen_at IS NOT NULL", "seen_if_there"),
    )

    id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    presence: Mapped[Presence] = mapped_column(default=Presence.OFFLINE)
    wish: Mapped[Presence]  # what they set, and are again once a console shows up
    since: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    capacity: Mapped[int | None]  # conversations at once; None is the desk's setting
    missed: Mapped[int] = mapped_column(default=0)  # offers in a row
    offered_at: Mapped[datetime | None]  # whoever was offered nothing for longest is next

    person: Mapped[Person] = relationship(lazy="raise")


class Skill(Record):
    """What an agent can take, and how well: 1 knows the way, 2 is at home, 3 teaches others.
    Whoever has none at all can take everything."""

    __tablename__ = "skills"
    __table_args__ = (
        UniqueConstraint("person_id", "topic", "language"),
        CheckConstraint("level BETWEEN 1 AND 3", "level_in_range"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    topic: Mapped[str]
    language: Mapped[str]
    level: Mapped[int]


class TopicNeed(Record):
    """How well an agent must know a topic to be offered it; 1 where nothing is set."""

    __tablename__ = "topic_needs"
    __table_args__ = (
        UniqueConstraint("topic"),
        CheckConstraint("level BETWEEN 1 AND 3", "level_in_range"),
    )

    topic: Mapped[str]
    level: Mapped[int]


class Standing(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    MISSED = "missed"  # not accepted in time
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"  # the agent left, or somebody else took it


class Offer(Record):
    """A waiting conversation held for one agent. `passed` tells that it is a VIP's, served before
    somebody who asked earlier: what the guard counts."""

    __tablename__ = "offers"
    __table_args__ = (
        CheckConstraint("(standing = 'open') = (closed_at IS NULL)", "closed_has_time"),
        Index(
            "uq_offers_one_open",
            "escalation_id",
            unique=True,
            sqlite_where=sql(OPEN),
            postgresql_where=sql(OPEN),
        ),
        Index(
            "ix_offers_open_person_id",
            "person_id",
            sqlite_where=sql(OPEN),
            postgresql_where=sql(OPEN),
        ),
        Index("ix_offers_escalation_id", "escalation_id"),
        Index("ix_offers_created_at", "created_at"),
    )

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id"))
    escalation_id: Mapped[UUID] = mapped_column(ForeignKey("escalations.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    expires_at: Mapped[datetime]
    standing: Mapped[Standing] = mapped_column(default=Standing.OPEN)
    passed: Mapped[bool] = mapped_column(default=False)
    closed_at: Mapped[datetime | None]
