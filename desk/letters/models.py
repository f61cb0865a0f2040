"""What customers who have left are written."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from desk.records import Record


class Standing(StrEnum):
    DUE = "due"
    NEEDLESS = "needless"  # they were there, or a person had the conversation
    SENT = "sent"
    FAILED = "failed"  # nobody to write to, or the server took it in no try


class Presence(Record):
    """When a customer was last seen with a conversation open; `id` is the conversation's."""

    __tablename__ = "presences"

    seen_at: Mapped[datetime]


class Letter(Record):
    """Words that were said in a conversation and go by mail if nobody was there to read them.

    `key` is of the cue that they answer, or `turn:` and the turn's id. `order_number` tells whom to
    write to where the web site vouches for nobody.
    """

    __tablename__ = "letters"
    __table_args__ = (
        CheckConstraint("(standing = 'due') = (closed_at IS NULL)", "closed_has_time"),
        Index("ix_letters_conversation_id", "conversation_id"),
    )

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id"))
    key: Mapped[str] = mapped_column(unique=True)
    order_number: Mapped[str | None]
    standing: Mapped[Standing] = mapped_column(default=Standing.DUE)
    closed_at: Mapped[datetime | None]
