"""What became of answers from articles, and what no article answered."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desk.records import Record


class Verdict(StrEnum):
    """The customer's word on whether it helped."""

    SOLVED = "solved"
    FAILED = "failed"


class Showing(Record):
    """A passage that was said to a customer, once per article and message of theirs. `asks` tells
    whether they were asked if it helped; in the middle of a form they are not."""

    __tablename__ = "article_showings"
    __table_args__ = (
        UniqueConstraint("cue_id", "slug"),
        CheckConstraint("(verdict IS NULL) = (settled_at IS NULL)", "verdict_has_time"),
        CheckConstraint("verdict IS NULL OR asks", "no_verdict_unasked"),
        CheckConstraint("chance BETWEEN 0 AND 1", "chance_in_range"),
        Index("ix_article_showings_created_at_slug", "created_at", "slug"),
    )

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id"), index=True)
    cue_id: Mapped[UUID]  # the message that it answers
    slug: Mapped[str]
    language: Mapped[str]
    anchor: Mapped[str]
    intent: Mapped[str | None]  # the one that led to it; None where it was searched for
    chance: Mapped[float | None]
    asks: Mapped[bool]
    verdict: Mapped[Verdict | None]
    settled_at: Mapped[datetime | None]


class Unanswered(Record):
    """A question that no article answered. `question` holds no personal data: it is written
    down redacted."""

    __tablename__ = "unanswered_questions"
    __table_args__ = (
        CheckConstraint("chance BETWEEN 0 AND 1", "chance_in_range"),
        Index("ix_unanswered_questions_created_at", "created_at"),
    )

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id"), index=True)
    cue_id: Mapped[UUID] = mapped_column(unique=True)
    language: Mapped[str]
    question: Mapped[str]
    chance: Mapped[float]
    nearest: Mapped[str | None]  # the article that came closest
