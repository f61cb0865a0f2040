"""What colleagues write to each other beside a conversation."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from desk.people.models import Person
from desk.records import Record

UNSEEN = "seen_at IS NULL"


class Note(Record):
    """One note of one colleague. A table of its own: what is read out of `turns` can never show
    one to a customer, a mail or the bot."""

    __tablename__ = "notes"
    __table_args__ = (
        UniqueConstraint("conversation_id", "client_id"),
        CheckConstraint("text <> ''", "says_something"),
    )

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    client_id: Mapped[UUID]
    text: Mapped[str]

    person: Mapped[Person] = relationship(lazy="raise")
    mentions: Mapped[list["Mention"]] = relationship(lazy="raise")


class Mention(Record):
    """A colleague named in a note. `seen_at` is when they first looked at it."""

    __tablename__ = "mentions"
    __table_args__ = (
        UniqueConstraint("note_id", "person_id"),
        Index(
            "ix_mentions_unseen",
            "person_id",
            sqlite_where=sql(UNSEEN),
            postgresql_where=sql(UNSEEN),
        ),
    )

    note_id: Mapped[UUID] = mapped_column(ForeignKey("notes.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    seen_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise")
