"""Agents and what is offered to them."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, false, func, or_, select
from sqlalchemy.orm import Session

from desk import clock
from desk.conversations.models import Author, Conversation, Status, Turn
from desk.errors import NotFound
from desk.escalations.models import Escalation, Kind
from desk.routing.models import Agent, Offer, Presence, Standing
from desk.routing.rules import Served, seconds_per_place
from desk.settings import settings

RECENT = timedelta(hours=1)  # waits that tell how long others will take
RECENT_AT_MOST = 50


class NoSuchOffer(NotFound):
    """No offer has this id, or it is somebody else's."""


@dataclass(frozen=True)
class Unanswered:
    """A conversation that an agent has: since when its customer waits for a word of the agent, if
    they do, and of anybody; and since when the agent is offline, if they are."""

    conversation_id: UUID
    asked_at: datetime | None
    waits_since: datetime | None
    offline_since: datetime | None


def agent(session: Session, person_id: UUID, *, lock: bool = False) -> Agent | None:
    """Somebody of the staff as routing knows them, if it does."""
    return session.get(Agent, person_id, with_for_update=lock or None, populate_existing=lock)


def capacity_of(known: Agent | None) -> int:
    """How many conversations at once this agent takes."""
    if known is None or known.capacity is None:
        return settings().agent_capacity
    return known.capacity


def loads(session: Session) -> Counter[UUID]:
    """How many conversations each agent has, with those that are offered to them."""
    found = Counter(one for one in session.scalars(_held()) if one is not None)
    found.update(session.scalars(_waiting_offers().with_only_columns(Offer.person_id)))
    return found


def load_of(session: Session, person_id: UUID) -> int:
    """The same of one agent."""
    held = _held().where(Conversation.agent_id == person_id)
    offered = _waiting_offers().where(Offer.person_id == person_id)
    counts = (select(func.count()).select_from(one.subquery()) for one in (held, offered))
    return sum(session.scalar(count) or 0 for count in counts)


def offer(session: Session, offer_id: UUID) -> Offer:
    """One offer.

    Raises:
        NoSuchOffer: there is none.
    """
    found = session.get(Offer, offer_id)
    if found is None:
        raise NoSuchOffer("There is no such offer.")
    return found


def open_offer(session: Session, escalation_id: UUID) -> Offer | None:
    """To whom a waiting conversation is offered just now."""
    ours = select(Offer).where(Offer.escalation_id == escalation_id)
    return session.scalars(ours.where(Offer.standing == Standing.OPEN)).first()


def offers_to(session: Session, person_id: UUID) -> list[Offer]:
    """What is offered to somebody just now, the oldest first."""
    theirs = _waiting_offers().where(Offer.person_id == person_id)
    return list(session.scalars(theirs.order_by(Offer.created_at)))


def offers_to_close(session: Session, *, late_ones: bool) -> list[UUID]:
    """Open offers whose agent is not there any more or whose customer no longer waits, and
    `late_ones`: those not accepted in time."""
    open_ones = select(Offer.id).join(Escalation, Escalation.id == Offer.escalation_id)
    open_ones = open_ones.join(Agent, Agent.id == Offer.person_id)
    is_over = or_(
        Offer.expires_at <= clock.now() if late_ones else false(),
        Agent.presence == Presence.OFFLINE,
        Escalation.accepted_at.is_not(None),
        Escalation.closed_at.is_not(None),
    )
    return list(session.scalars(open_ones.where(Offer.standing == Standing.OPEN, is_over)))


def unseen(session: Session) -> list[UUID]:
    """Agents who count as there and have given no sign for too long."""
    cutoff = clock.now() - timedelta(seconds=settings().offline_after_seconds)
    gone = select(Agent.id).where(Agent.presence != Presence.OFFLINE, Agent.seen_at <= cutoff)
    return list(session.scalars(gone))


def unanswered(session: Session) -> list[Unanswered]:
    """Conversations of agents who are offline, and those that their agents have had for longer
    than a customer should be ignored."""
    old = clock.now() - timedelta(minutes=settings().ignored_minutes)
    asked = _with_first_unanswered().where(
        or_(Agent.presence == Presence.OFFLINE, Escalation.accepted_at <= old)
    )
    found = []
    for handoff, spoke, first, left, presence in session.execute(asked):
        is_owed = spoke is None and handoff.kind is not Kind.TAKEOVER  # a word was promised
        found.append(
            Unanswered(
                conversation_id=handoff.conversation_id,
                asked_at=handoff.created_at if is_owed else first,
                waits_since=handoff.accepted_at if is_owed else first,
                offline_since=left if presence is Presence.OFFLINE else None,
            )
        )
    return found


def pace(session: Session) -> float | None:
    """How many seconds a place in the queue takes, by the waits that ended within the hour; None
    if too few did, or if nobody is there to serve the next."""
    here = select(Agent.id).where(Agent.presence == Presence.ONLINE)
    if session.scalars(here.limit(1)).first() is None:
        return None
    ended = select(Escalation.created_at, Escalation.accepted_at)
    ended = ended.where(Escalation.accepted_at >= clock.now() - RECENT)
    ended = ended.where(Escalation.kind != Kind.TAKEOVER)
    newest = ended.order_by(Escalation.accepted_at.desc()).limit(RECENT_AT_MOST)
    waits = [Served(asked, taken) for asked, taken in session.execute(newest) if taken]
    return seconds_per_place(waits)


def _held() -> Select[UUID | None]:
    held = select(Conversation.agent_id).where(Conversation.status == Status.OPEN)
    return held.where(Conversation.agent_id.is_not(None))


def _waiting_offers() -> Select[Offer]:
    lasting = select(Offer).join(Escalation, Escalation.id == Offer.escalation_id)
    lasting = lasting.where(Offer.standing == Standing.OPEN)
    return lasting.where(Escalation.accepted_at.is_(None), Escalation.closed_at.is_(None))


def _with_first_unanswered() -> Select[Any]:
    """Each conversation with an agent: what it is, the place of the agent's last word, and when
    the customer first wrote after it, or after the conversation was taken."""
    since = (
        Turn.conversation_id == Escalation.conversation_id,
        Turn.created_at >= Escalation.accepted_at,
    )
    spoke = select(func.max(Turn.sequence)).where(Turn.author == Author.AGENT, *since)
    last = spoke.correlate(Escalation).scalar_subquery()
    wrote = select(func.min(Turn.created_at)).where(Turn.author == Author.CUSTOMER, *since)
    wrote = wrote.where(Turn.sequence > func.coalesce(last, 0)).correlate(Escalation)
    return (
        select(
            Escalation,
            last,
            wrote.scalar_subquery(),
            Agent.since,
            Agent.presence,
        )
        .outerjoin(Agent, and_(Agent.id == Escalation.agent_id, Agent.seen_at.is_not(None)))
        .where(Escalation.closed_at.is_(None), Escalation.accepted_at.is_not(None))
    )
