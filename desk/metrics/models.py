"""What is kept for figures: facts per conversation, and how far the log has been read."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from desk.records import Record


class ConversationFacts(Record):
    """One conversation as the log tells it; `id` is the conversation's.

    Nothing here depends on the time of reading: whether a hand-off has timed out, or an outcome
    is final, is decided when a figure is asked for. All of it can be made anew from the log.
    """

    __tablename__ = "conversation_facts"
    __table_args__ = (
        Index("ix_conversation_facts_started_at", "started_at"),
        Index("ix_conversation_facts_customer_id_started_at", "customer_id", "started_at"),
    )

    started_at: Mapped[datetime]
    customer_id: Mapped[UUID | None]
    channel: Mapped[str]
    language: Mapped[str]  # of the customer's latest message
    synthetic: Mapped[bool]
    intent: Mapped[str | None]  # what the customer came for: the first that is a topic
    customer_turns: Mapped[int]
    bot_turns: Mapped[int]
    agent_turns: Mapped[int]
    last_message_at: Mapped[datetime]  # by anybody; the start, while nobody has said anything
    last_sentiment: Mapped[float | None]
    person_took: Mapped[bool]
    goal_reached: Mapped[bool]
    confirmed: Mapped[bool]  # by the customer's yes, or by a robot's job with its reference
    has_failed: Mapped[bool]  # an error or a failed job that nothing good came after
    open_jobs: Mapped[int]
    handoffs: Mapped[list[dict[str, Any]]]  # id, kind, reason, accepted, answered, open


class ReadingMark(Record):
    """How far one reader has read the log: all up to `(tx, number)`."""

    __tablename__ = "reading_marks"

    reader: Mapped[str] = mapped_column(unique=True)
    tx: Mapped[int] = mapped_column(BigInteger, default=0)
    number: Mapped[int] = mapped_column(BigInteger, default=0)
