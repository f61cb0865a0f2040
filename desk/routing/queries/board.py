"""All that a decision needs, as it stands at one moment."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import Session

from desk import clock
from desk.conversations.models import Answerer, Conversation
from desk.escalations.models import Escalation, Reason
from desk.people.models import Customer
from desk.routing.models import Agent, Offer, Presence, Skill, Standing, TopicNeed
from desk.routing.queries.offers import capacity_of, loads
from desk.routing.rules import COUNTED_OFFERS, Need, Seat, Waiting, credit_after
from desk.settings import settings

REMEMBERED = timedelta(days=30)  # whom a customer spoke with
AT_ONCE = 500
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
UNKNOWN_TOPICS = ("person",)  # wanting a person is about nothing yet


Line = Row[Escalation, str | None, str, Customer]


@dataclass(frozen=True)
class Board:
    """Who waits without an offer, who is online, and how many VIPs may go before others."""

    line: list[Waiting] = field(default_factory=list)
    seats: list[Seat] = field(default_factory=list)
    credit: float = 0.0


def board(session: Session) -> Board:
    """What there is to decide; empty where nobody waits or nobody has room."""
    waiting = session.execute(_line()).all()
    seats = _seats(session) if waiting else []
    if not any(seat.has_room for seat in seats):
        return Board()
    most_worse = settings().vip_guard_percent / 100
    return Board(_waiting(session, waiting), seats, credit_after(_passes(session), most_worse))


def _line() -> Select[Escalation, str | None, str, Customer]:
    offered = select(Offer.id).where(Offer.escalation_id == Escalation.id)
    offered = offered.where(Offer.standing == Standing.OPEN)
    return (
        select(Escalation, Conversation.topic, Conversation.language, Customer)
        .join(Conversation, Conversation.id == Escalation.conversation_id)
        .join(Customer, Customer.id == Conversation.customer_id)
        .where(Escalation.closed_at.is_(None), Escalation.accepted_at.is_(None))
        .where(Conversation.answered_by == Answerer.QUEUE, ~offered.exists())
        .order_by(Escalation.counts_from)
        .limit(AT_ONCE)
    )


def _seats(session: Session) -> list[Seat]:
    skills = defaultdict[UUID, dict[tuple[str, str], int]](dict)
    for one in session.scalars(select(Skill)):
        skills[one.person_id][one.topic, one.language] = one.level
    held = loads(session)
    here = session.scalars(select(Agent).where(Agent.presence == Presence.ONLINE))
    return [
        Seat(one.id, capacity_of(one), held[one.id], one.offered_at or NEVER, skills[one.id])
        for one in here
    ]


def _waiting(session: Session, rows: Sequence[Line]) -> list[Waiting]:
    levels = {need.topic: need.level for need in session.scalars(select(TopicNeed))}
    missed, declined = _tried(session, [row[0] for row in rows])
    lasts = _last_agents(session, [row[3] for row in rows])
    line = []
    for handoff, topic, language, whose in rows:
        about = None if topic in UNKNOWN_TOPICS else topic
        last = lasts.get(whose.external_id or str(whose.id))
        if handoff.reason is Reason.AGENT_LEFT and last is not None:
            missed[handoff.id][last] = missed[handoff.id].get(last, 0) + 1
            last = None
        line.append(
            Waiting(
                id=handoff.conversation_id,
                need=Need(about, language, levels.get(about or "", 1)),
                priority=handoff.priority,
                asked_at=handoff.created_at,
                counts_from=handoff.counts_from,
                last_agent=last,
                missed=missed[handoff.id],
                declined=declined[handoff.id],
            )
        )
    return line


def _tried(
    session: Session, handoffs: list[Escalation]
) -> tuple[dict[UUID, dict[UUID, int]], dict[UUID, set[UUID]]]:
    missed = defaultdict[UUID, dict[UUID, int]](dict)
    declined = defaultdict[UUID, set[UUID]](set)
    before = select(Offer).where(Offer.escalation_id.in_([one.id for one in handoffs]))
    before = before.where(Offer.standing.in_((Standing.MISSED, Standing.DECLINED)))
    for one in session.scalars(before):
        if one.standing is Standing.DECLINED:
            declined[one.escalation_id].add(one.person_id)
        else:
            so_far = missed[one.escalation_id]
            so_far[one.person_id] = so_far.get(one.person_id, 0) + 1
    return missed, declined


def _last_agents(session: Session, customers: list[Customer]) -> dict[str, UUID]:
    """Who spoke with each customer last: by the web site's name for them, else by their id."""
    names = [one.external_id for one in customers if one.external_id]
    met = (
        select(Customer.id, Customer.external_id, Escalation.agent_id)
        .join(Conversation, Conversation.customer_id == Customer.id)
        .join(Escalation, Escalation.conversation_id == Conversation.id)
        .where(Escalation.accepted_at >= clock.now() - REMEMBERED)
        .where(or_(Customer.id.in_([c.id for c in customers]), Customer.external_id.in_(names)))
        .order_by(Escalation.accepted_at)
    )
    return {name or str(known): who for known, name, who in session.execute(met) if who}


def _passes(session: Session) -> list[bool]:
    counted = select(Offer.passed).where(Offer.standing.in_((Standing.OPEN, Standing.ACCEPTED)))
    newest = counted.order_by(Offer.created_at.desc()).limit(COUNTED_OFFERS)
    return list(session.scalars(newest))[::-1]
