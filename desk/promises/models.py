"""What customers are promised of people's time, and how each promise stands."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from desk.records import Record

OPEN = "ended_at IS NULL"
IN_USE = "retired_at IS NULL"


class What(StrEnum):
    """What is promised."""

    FIRST_REPLY = "first_reply"  # of a person, from the hand-off on
    NEXT_REPLY = "next_reply"  # from the customer's next word on
    RESOLUTION = "resolution"  # without the time in which the customer or the bot is to speak


class Standing(StrEnum):
    GOING = "going"
    PAUSED = "paused"
    MET = "met"  # in time or, with a `broken_at`, too late
    DROPPED = "dropped"  # resolved or handed back first: nobody owes it any more


class Calendar(Record):
    """When a team works. `week` holds the spans of each weekday, `holidays` the days that are
    otherwise. One that is removed stays for the promises that were counted by it."""

    __tablename__ = "calendars"
    __table_args__ = (
        CheckConstraint("name <> ''", "has_a_name"),
        Index(
            "uq_calendars_name",
            "name",
            unique=True,
            sqlite_where=sql(IN_USE),
            postgresql_where=sql(IN_USE),
        ),
    )

    name: Mapped[str]
    time_zone: Mapped[str]
    week: Mapped[dict[str, Any]]
    holidays: Mapped[list[dict[str, Any]]]
    retired_at: Mapped[datetime | None]


class Policy(Record):
    """What some customers are promised. Of those that fit, the one with the lowest `place`
    counts. Without a calendar all time counts. `steps` says who is told at which percent of a
    target, `goal_percent` how many promises are to be kept."""

    __tablename__ = "promise_policies"
    __table_args__ = (
        CheckConstraint("name <> ''", "has_a_name"),
        CheckConstraint("goal_percent BETWEEN 1 AND 100", "goal_is_a_share"),
        CheckConstraint(
            "COALESCE(first_reply_seconds, next_reply_seconds, resolution_seconds) IS NOT NULL",
            "promises_something",
        ),
        Index(
            "uq_promise_policies_name",
            "name",
            unique=True,
            sqlite_where=sql(IN_USE),
            postgresql_where=sql(IN_USE),
        ),
    )

    name: Mapped[str]
    place: Mapped[int]
    applies_to: Mapped[dict[str, Any]]
    first_reply_seconds: Mapped[int | None]
    next_reply_seconds: Mapped[int | None]
    resolution_seconds: Mapped[int | None]
    calendar_id: Mapped[UUID | None] = mapped_column(ForeignKey("calendars.id"))
    goal_percent: Mapped[int]
    steps: Mapped[list[dict[str, Any]]]
    retired_at: Mapped[datetime | None]

    calendar: Mapped[Calendar | None] = relationship(lazy="raise")


class Promise(Record):
    """One promise to one customer, with the clock that measures it. Target, calendar and steps
    are those of its policy when it was made.

    `used_microseconds` of people's time are gone up to `since`, from when on it goes. `look_at` is
    when the next of its moments comes, `looked` how many have been looked at: each is told of
    once. `broken_at` is when the time was up, whoever noticed when.
    """

    __tablename__ = "promises"
    __table_args__ = (
        CheckConstraint("(standing IN ('going', 'paused')) = (ended_at IS NULL)", "ended_has_time"),
        CheckConstraint("(standing = 'going') = (since IS NOT NULL)", "going_since"),
        CheckConstraint("(standing = 'going') = (due_at IS NOT NULL)", "going_is_due"),
        CheckConstraint("standing = 'going' OR look_at IS NULL", "looked_at_while_going"),
        CheckConstraint("target_seconds > 0 AND used_microseconds >= 0", "time_goes_forward"),
        Index(
            "uq_promises_one_open",
            "conversation_id",
            "what",
            unique=True,
            sqlite_where=sql(OPEN),
            postgresql_where=sql(OPEN),
        ),
        Index("ix_promises_look_at", "look_at"),
        Index("ix_promises_conversation_id", "conversation_id"),
        Index("ix_promises_started_at", "started_at"),
    )

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id"))
    policy_id: Mapped[UUID] = mapped_column(ForeignKey("promise_policies.id"))
    calendar_id: Mapped[UUID | None] = mapped_column(ForeignKey("calendars.id"))
    what: Mapped[What]
    target_seconds: Mapped[int]
    steps: Mapped[list[dict[str, Any]]]
    standing: Mapped[Standing]
    started_at: Mapped[datetime]
    used_microseconds: Mapped[int] = mapped_column(BigInteger, default=0)
    since: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    look_at: Mapped[datetime | None]
    looked: Mapped[int] = mapped_column(default=0)
    warned_at: Mapped[datetime | None]
    broken_at: Mapped[datetime | None]
    told: Mapped[str | None]  # which role a step has reached, last
    ended_at: Mapped[datetime | None]

    policy: Mapped[Policy] = relationship(lazy="raise")
    calendar: Mapped[Calendar | None] = relationship(lazy="raise")


class Watch(Record):
    """How far the clocks of one conversation have followed what happened in it: all events of
    its stream up to number `seen`."""

    __tablename__ = "promise_watches"

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id"), unique=True)
    policy_id: Mapped[UUID | None] = mapped_column(ForeignKey("promise_policies.id"))
    with_people: Mapped[bool] = mapped_column(default=False)
    seen: Mapped[int] = mapped_column(default=0)
