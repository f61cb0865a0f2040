"""Needs that outlive their conversation."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from desk.records import Record


class TicketKind(StrEnum):
    COMPLAINT = "complaint"
    QUESTION = "question"
    TASK = "task"
    CHANGE_ORDER = "change_order"
    DELETE_ACCOUNT = "delete_account"
    PAYMENT_ISSUE = "payment_issue"


class Priority(StrEnum):
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class TicketStatus(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class Ticket(Record):
    """One unresolved need, with a number that a person can quote."""

    __tablename__ = "tickets"

    number: Mapped[str] = mapped_column(unique=True)
    conversation_id: Mapped[UUID | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    kind: Mapped[TicketKind]
    subject: Mapped[str]
    priority: Mapped[Priority] = mapped_column(default=Priority.NORMAL)
    status: Mapped[TicketStatus] = mapped_column(default=TicketStatus.OPEN)
    key: Mapped[str] = mapped_column(unique=True)
