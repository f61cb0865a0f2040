"""What customers say of how their matter was seen to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from desk.people.models import Person
from desk.records import Record


class Survey(Record):
    """One question to one customer after one resolution: how was it, from 1 to 5? `resolver` and
    `agent_id` are whose work the answer is about: whoever resolved, not whoever came later."""

    __tablename__ = "surveys"
    __table_args__ = (
        CheckConstraint("score BETWEEN 1 AND 5", "score_in_range"),
        CheckConstraint("(score IS NULL) = (answered_at IS NULL)", "answer_has_time"),
        CheckConstraint("comment IS NULL OR score IS NOT NULL", "comment_has_score"),
        Index("ix_surveys_customer_id_asked_at", "customer_id", "asked_at"),
    )

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id"), index=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    resolver: Mapped[str]
    agent_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime]
    score: Mapped[int | None]
    comment: Mapped[str | None]
    answered_at: Mapped[datetime | None]

    agent: Mapped[Person | None] = relationship(lazy="joined")

    @property
    def agent_name(self) -> str | None:
        return self.agent.name if self.agent else None
