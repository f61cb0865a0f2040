"""What happened, in order: the one log behind live screens, audit and figures."""

from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Identity, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import FetchedValue
from sqlalchemy.types import UserDefinedType

from desk.records import Record


class Audience(StrEnum):
    """Who may see an event live. Supervisors see all of them."""

    CUSTOMER = "customer"
    STAFF = "staff"


class TransactionId(UserDefinedType[str]):
    """PostgreSQL's `xid8`; a constant on SQLite, where one writer at a time keeps the order."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """The column's type on PostgreSQL."""
        return "xid8"


class Event(Record):
    """One fact. It carries ids, codes and figures, never a person's words; never edited.

    `position` alone is no order on PostgreSQL: numbers are handed out before the commit, so
    readers go by `(tx, position)` and stop before the oldest transaction still open.
    """

    __tablename__ = "events"
    __table_args__ = (
        UniqueConstraint("stream", "number"),
        Index("ix_events_conversation_id_position", "conversation_id", "position"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    position: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), Identity(always=True), primary_key=True
    )
    tx: Mapped[str] = mapped_column(
        TransactionId().with_variant(Integer(), "sqlite"), server_default=FetchedValue()
    )
    kind: Mapped[str]
    stream: Mapped[UUID]
    number: Mapped[int]
    conversation_id: Mapped[UUID | None]
    audience: Mapped[Audience]
    facts: Mapped[dict[str, Any]]
    previous_hash: Mapped[str]
    hash: Mapped[str]
