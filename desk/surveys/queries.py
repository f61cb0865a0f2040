"""Reading surveys."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import clock
from desk.surveys.models import Survey
from desk.surveys.rules import may_be_answered


def survey(session: Session, survey_id: UUID) -> Survey | None:
    """One survey."""
    return session.get(Survey, survey_id)


def surveys_of(session: Session, conversation_id: UUID) -> list[Survey]:
    """All surveys about a conversation, the oldest first."""
    ours = select(Survey).where(Survey.conversation_id == conversation_id)
    return list(session.scalars(ours.order_by(Survey.asked_at, Survey.id)))


def last_asked(session: Session, customer_id: UUID) -> Survey | None:
    """The newest question to this customer, in any conversation."""
    theirs = select(Survey).where(Survey.customer_id == customer_id)
    return session.scalars(theirs.order_by(Survey.asked_at.desc()).limit(1)).first()


def answerable(session: Session, conversation_id: UUID) -> Survey | None:
    """What the customer may answer, or answer otherwise, about a conversation."""
    ours = surveys_of(session, conversation_id)
    return ours[-1] if ours and may_be_answered(ours[-1].asked_at, clock.now()) else None
