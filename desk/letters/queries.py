"""What is to be written, and to whom."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.conversations import queries as conversations
from desk.conversations.models import Cue, CueStatus, Turn
from desk.letters.models import Letter, Presence


@dataclass(frozen=True)
class Words:
    """What was said, when the last of it was, and whether anything more may come."""

    said: list[str]
    at: datetime | None
    is_over: bool


def words_of(session: Session, letter: Letter) -> Words:
    """What was said in the chat of what the letter is about. Questions with quick replies are for
    the chat alone."""
    kind, _, turn_id = letter.key.partition(":")
    if kind == "turn":
        turn = session.get_one(Turn, UUID(turn_id))
        return Words([turn.text], turn.created_at, is_over=True)
    cue = session.scalars(select(Cue).where(Cue.key == letter.key)).first()
    if cue is None:
        return Words([], None, is_over=True)
    told = select(Turn).where(Turn.cue_id == cue.id).order_by(Turn.sequence)
    turns = [turn for turn in session.scalars(told) if not turn.quick_replies]
    at = turns[-1].created_at if turns else None
    return Words([turn.text for turn in turns], at, is_over=cue.status is not CueStatus.DUE)


def seen_at(session: Session, conversation_id: UUID) -> datetime | None:
    """When the customer was last seen with this conversation open."""
    known = session.get(Presence, conversation_id)
    return known.seen_at if known else None


def vouched_address(session: Session, conversation_id: UUID) -> str | None:
    """The customer's address, if the web site vouches for it."""
    return conversations.customer_email(session, conversation_id)
