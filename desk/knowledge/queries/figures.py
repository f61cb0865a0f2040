"""Reading what became of answers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, SQLColumnExpression, and_, cast, exists, func, select
from sqlalchemy.orm import Session

from desk.conversations.models import Author, Turn
from desk.events.models import Event
from desk.knowledge.models import Showing, Unanswered, Verdict

PATIENCE = timedelta(hours=1)  # after it, a customer who has said neither yes nor no has left
HANDOFF = "conversation.handoff_requested"
MOST_QUESTIONS = 1_000  # the newest, of those that are grouped


@dataclass(frozen=True)
class Tally:
    """What became of one article. Asked, the customer says `solved` or `failed`, leaves without
    a word (`left`), or may still answer (`open`). `person_after`: a person was asked for later
    in the same conversation."""

    slug: str
    language: str
    shown: int
    asked: int
    solved: int
    failed: int
    left: int
    open: int
    person_after: int


def tallies(session: Session, since: datetime, until: datetime) -> list[Tally]:
    """Per article that was shown in `[since, until)`, at `until`."""
    silent = and_(Showing.asks, Showing.verdict.is_(None))
    asked = select(
        Showing.slug,
        Showing.language,
        func.count().label("shown"),
        _count(Showing.asks).label("asked"),
        _count(Showing.verdict == Verdict.SOLVED).label("solved"),
        _count(Showing.verdict == Verdict.FAILED).label("failed"),
        _count(and_(silent, Showing.created_at < until - PATIENCE)).label("left"),
        _count(and_(silent, Showing.created_at >= until - PATIENCE)).label("open"),
        _count(_person_was_asked_for()).label("person_after"),
    ).where(Showing.created_at >= since, Showing.created_at < until)
    found = session.execute(asked.group_by(Showing.slug, Showing.language))
    return [Tally(**row) for row in found.mappings()]


def unanswered(session: Session, since: datetime, until: datetime) -> list[Unanswered]:
    """What no article answered in `[since, until)`, the newest first, a thousand at most."""
    asked = select(Unanswered).where(Unanswered.created_at >= since, Unanswered.created_at < until)
    newest = asked.order_by(Unanswered.created_at.desc(), Unanswered.id).limit(MOST_QUESTIONS)
    return list(session.scalars(newest))


def showing_of(session: Session, cue_id: UUID, slug: str) -> Showing | None:
    """What was said of one article in answer to a message."""
    said = select(Showing).where(Showing.cue_id == cue_id, Showing.slug == slug)
    return session.scalars(said).first()


def unanswered_of(session: Session, cue_id: UUID) -> Unanswered | None:
    """The same message among those without an answer."""
    return session.scalars(select(Unanswered).where(Unanswered.cue_id == cue_id)).first()


def showing_just_said(session: Session, conversation_id: UUID, before_cue: str) -> Showing | None:
    """The passage below which the customer was asked, if that was the bot's last word before the
    message `before_cue`."""
    last = (
        select(Turn.cue_id)
        .where(Turn.conversation_id == conversation_id, Turn.author == Author.BOT)
        .order_by(Turn.sequence.desc())
    )
    cues = (cue for cue in session.scalars(last.limit(8)) if str(cue) != before_cue)
    cue_id = next(cues, None)
    asked = select(Showing).where(Showing.cue_id == cue_id, Showing.asks)
    return session.scalars(asked.order_by(Showing.created_at.desc())).first()


def _count(claim: SQLColumnExpression[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(cast(claim, Integer)), 0)


def _person_was_asked_for() -> ColumnElement[bool]:
    return exists().where(
        Event.conversation_id == Showing.conversation_id,
        Event.kind == HANDOFF,
        Event.created_at >= Showing.created_at,
    )
