"""Reading facts, and how far they go."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from desk.events.models import Event
from desk.events.queries import events_after
from desk.events.rules import Position
from desk.metrics.models import ConversationFacts, ReadingMark
from desk.metrics.rules import Contact, Judged, Window, is_recontact, judge

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
    by_customer = _contacts(session, *began)
    return [
        judge(
            facts,
            recontacted=any(is_recontact(facts, c) for c in by_customer[facts.customer_id]),
            at=at,
        )
        for facts in session.scalars(ordered)
    ]


def facts_by_id(
    session: Session, conversation_ids: Collection[UUID]
) -> dict[UUID, ConversationFacts]:
    """What is known of these conversations so far."""
    wanted = select(ConversationFacts).where(ConversationFacts.id.in_(conversation_ids))
    return {facts.id: facts for facts in session.scalars(wanted)}


def histories(session: Session, conversation_ids: Collection[UUID]) -> list[list[Event]]:
    """Every event of these conversations, in order, conversation by conversation."""
    wanted = select(Event).where(Event.conversation_id.in_(conversation_ids))
    by_conversation: dict[UUID | None, list[Event]] = defaultdict(list)
    for event in session.scalars(wanted.order_by(Event.position)):
        by_conversation[event.conversation_id].append(event)
    return list(by_conversation.values())


def mark(session: Session, reader: str = READER, *, lock: bool = False) -> ReadingMark | None:
    """How far a reader has read the log; `lock` makes others of its kind wait for the commit."""
    ours = select(ReadingMark).where(ReadingMark.reader == reader)
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


def _contacts(session: Session, *began: ColumnElement[bool]) -> dict[UUID | None, list[Contact]]:
    """All wishes, at any time, of the customers who began a conversation in the window."""
    facts = ConversationFacts
    wishes = select(facts.customer_id, facts.intent, facts.started_at).where(
        facts.customer_id.in_(select(facts.customer_id).where(*began)),
        facts.synthetic.is_(False),
    )
    by_customer: dict[UUID | None, list[Contact]] = defaultdict(list)
    for customer_id, intent, started_at in session.execute(wishes):
        if customer_id is not None and intent is not None:
            by_customer[customer_id].append(Contact(customer_id, intent, started_at))
    return by_customer
