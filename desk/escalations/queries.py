"""Reading hand-offs and the queue."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.conversations.models import Answerer, Author, Conversation, Turn
from desk.escalations.models import Escalation


def open_escalation(session: Session, conversation_id: UUID) -> Escalation | None:
    """The hand-off that is going on in a conversation, if one is."""
    ours = select(Escalation).where(
        Escalation.conversation_id == conversation_id, Escalation.closed_at.is_(None)
    )
    return session.scalars(ours).first()


def escalations_of(session: Session, conversation_id: UUID) -> list[Escalation]:
    """All hand-offs of a conversation, the oldest first."""
    ours = select(Escalation).where(Escalation.conversation_id == conversation_id)
    return list(session.scalars(ours.order_by(Escalation.created_at)))


def open_escalations(session: Session) -> dict[UUID, Escalation]:
    """Every hand-off going on, by conversation."""
    ongoing = session.scalars(select(Escalation).where(Escalation.closed_at.is_(None)))
    return {handoff.conversation_id: handoff for handoff in ongoing}


def queue_position(session: Session, conversation_id: UUID) -> int | None:
    """How many customers are served before this one is, plus one; None if it does not wait."""
    ours = open_escalation(session, conversation_id)
    if ours is None or ours.accepted_at is not None:
        return None
    ahead = select(func.count()).select_from(Escalation)
    ahead = ahead.join(Conversation, Conversation.id == Escalation.conversation_id)
    ahead = ahead.where(Escalation.closed_at.is_(None), Escalation.accepted_at.is_(None))
    ahead = ahead.where(Conversation.answered_by == Answerer.QUEUE)
    return 1 + (session.scalar(ahead.where(Escalation.counts_from < ours.counts_from)) or 0)


def sentiment_trend(session: Session, conversation_id: UUID, last: int = 5) -> list[float]:
    """Scores of the customer's last messages, oldest first, in [-1, 1]."""
    scored = select(Turn.sentiment).where(
        Turn.conversation_id == conversation_id,
        Turn.author == Author.CUSTOMER,
        Turn.sentiment.is_not(None),
    )
    newest = session.scalars(scored.order_by(Turn.sequence.desc()).limit(last))
    return [score for score in newest if score is not None][::-1]
