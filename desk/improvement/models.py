"""What people taught the bot about messages it had not understood."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from desk.records import Record


class Lesson(Record):
    """One message that the bot had not understood, and what a person says it means.

    `text` is redacted; it goes to the training data as it stands here, once: `written_at`.
    """

    __tablename__ = "lessons"
    __table_args__ = (Index("ix_lessons_written_at", "written_at"),)

    turn_id: Mapped[UUID] = mapped_column(ForeignKey("turns.id"), unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    language: Mapped[str]
    intent: Mapped[str]
    text: Mapped[str]
    written_at: Mapped[datetime | None]
