"""Texts that are kept ready for agents."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desk.records import Record


class CannedReply(Record):
    """One text, found by its `shortcut` after a slash; a shortcut may exist once per language."""

    __tablename__ = "canned_replies"
    __table_args__ = (
        UniqueConstraint("shortcut", "language"),
        CheckConstraint("language IN ('en', 'zh')", "language_is_ours"),
        CheckConstraint("shortcut <> '' AND body <> ''", "says_something"),
    )

    shortcut: Mapped[str]
    language: Mapped[str]
    body: Mapped[str]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))  # who wrote it last
