"""Codes by mail: a customer whom nobody vouches for shows that a mailbox is theirs."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from desk.records import Record


class Check(Record):
    """One code that was mailed. Neither code nor address can be read from what is kept: both are
    keyed digests. A later code for the same mailbox in the same conversation ends an earlier."""

    __tablename__ = "checks"
    __table_args__ = (
        CheckConstraint("tries BETWEEN 0 AND 3", "tries_in_range"),
        Index("ix_checks_address_created_at", "address", "created_at"),
        Index("ix_checks_conversation_id_created_at", "conversation_id", "created_at"),
    )

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id"))
    address: Mapped[str]
    code: Mapped[str]
    turn_key: Mapped[str]  # the turn that asked for it; tried again, it asks for it anew
    tries: Mapped[int] = mapped_column(default=0)  # wrong ones
    expires_at: Mapped[datetime]
    proved_at: Mapped[datetime | None]
