"""Reading facts, and how far they go."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.events.queries import events_after
from desk.events.rules import Position
from desk.metrics.models import ConversationFacts, ReadingMark
from desk.metrics.rules import Judged, Window, is_recontact, judge

READER = "conversation_facts"


def judged(session: Session, window: Window, at: datetime) -> list[Judged]:
    """Every conversation that began in the window, as it stands at `at`: counted or left out.

    Cards and lists are both made of these, so they cannot disagree.
    """
    began = (
        ConversationFacts.started_at >= window.since,
        ConversationFacts.started_at < window.until,
    )
    ordered = select(ConversationFacts).where(*began)
    ordered = ordered.order_by(ConversationFacts.started_at, ConversationFacts.id)
    customers = select(ConversationFacts.customer_id).where(*began)
    later = select(ConversationFacts).where(
        ConversationFacts.customer_id.in_(customers), ConversationFacts.started_at > window.since
    )
    by_customer: dict[UUID | None, list[ConversationFacts]] = defaultdict(list)
    for facts in session.scalars(later):
        by_customer[facts.customer_id].append(facts)
    return [
        judge(
            facts,
            recontacted=any(is_recontact(facts, o) for o in by_customer[facts.customer_id]),
            at=at,
        )
        for facts in session.scalars(ordered)
    ]


def mark(session: Session, *, lock: bool = False) -> ReadingMark | None:
    """How far the log has been read; `lock` makes other readers wait for the commit."""
    ours = select(ReadingMark).where(ReadingMark.reader == READER)
    if lock:
        ours = ours.with_for_update().execution_options(populate_existing=True)
    return session.scalars(ours).first()


def is_behind(session: Session) -> bool:
    """Whether the log holds something that the facts do not know yet."""
    known = mark(session)
    return bool(events_after(session, place_of(known) if known else Position(), limit=1))


def place_of(known: ReadingMark) -> Position:
    """The mark as a place in the log."""
    return Position(known.tx, known.number)
