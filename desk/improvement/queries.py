"""Reading what was not understood, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.conversations.models import Author, Conversation, Cue, CueStatus, Turn
from desk.improvement.models import Lesson

NOT_UNDERSTOOD = ("nlu_fallback", "out_of_scope")
MOST_MESSAGES = 2_000  # the newest; grouping costs the square of their number


@dataclass(frozen=True)
class Missed:
    """A customer's message that the bot did not understand."""

    turn_id: UUID
    conversation_id: UUID
    text: str
    language: str
    sentiment: float | None
    created_at: datetime


def not_understood(session: Session, since: datetime) -> list[Missed]:
    """The newest messages since then that were not understood and that nobody has sorted yet."""
    taught = select(Lesson.id).where(Lesson.turn_id == Turn.id)
    asked = select(Cue.id).where(Cue.turn_id == Turn.id, Cue.status != CueStatus.DROPPED)
    wanted = (
        select(Turn)
        .join(Conversation, Conversation.id == Turn.conversation_id)
        .where(
            Turn.author == Author.CUSTOMER,
            Turn.intent.in_(NOT_UNDERSTOOD),
            asked.exists(),  # what was written to a person need not be taught to the bot
            Turn.chosen.is_(None),
            Turn.created_at >= since,
            Conversation.synthetic.is_(False),
            ~taught.exists(),
        )
        .order_by(Turn.created_at.desc(), Turn.id)
        .limit(MOST_MESSAGES)
    )
    return [_missed(turn) for turn in session.scalars(wanted)]


def messages(session: Session, turn_ids: list[UUID]) -> list[Missed]:
    """These messages of customers, in the order they were written; others are left out."""
    wanted = select(Turn).where(Turn.id.in_(turn_ids), Turn.author == Author.CUSTOMER)
    return [_missed(turn) for turn in session.scalars(wanted.order_by(Turn.created_at, Turn.id))]


def said_since(session: Session, since: datetime) -> list[tuple[str, str]]:
    """What customers wrote since then, (language, text), each once, the newest first."""
    wanted = (
        select(Turn.language, Turn.text)
        .join(Conversation, Conversation.id == Turn.conversation_id)
        .where(
            Turn.author == Author.CUSTOMER,
            Turn.chosen.is_(None),
            Turn.created_at >= since,
            Conversation.synthetic.is_(False),
        )
        .order_by(Turn.created_at.desc(), Turn.id)
    )
    return list(dict.fromkeys((language, text) for language, text in session.execute(wanted)))


def lessons_of(session: Session, turn_ids: list[UUID]) -> list[Lesson]:
    """What these messages were said to mean."""
    return list(session.scalars(select(Lesson).where(Lesson.turn_id.in_(turn_ids))))


def unwritten(session: Session) -> list[Lesson]:
    """What does not stand in the training data yet, oldest first."""
    waiting = select(Lesson).where(Lesson.written_at.is_(None))
    return list(session.scalars(waiting.order_by(Lesson.created_at, Lesson.id)))


def _missed(turn: Turn) -> Missed:
    return Missed(
        turn.id, turn.conversation_id, turn.text, turn.language, turn.sentiment, turn.created_at
    )
