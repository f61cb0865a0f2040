"""Coming and going, offering and accepting. Who writes to a conversation and to an agent locks
them in this order, so that no two routers hand out one conversation or one place twice."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from desk import clock
from desk.conversations import queries as conversations
from desk.conversations.models import Answerer
from desk.errors import Conflict, Invalid
from desk.escalations import commands as escalations
from desk.escalations.models import Escalation
from desk.escalations.queries import open_escalation
from desk.events.commands import record
from desk.people.models import Person, Role
from desk.people.queries import person
from desk.routing import queries
from desk.routing.models import Agent, Offer, Presence, Skill, Standing, TopicNeed
from desk.routing.rules import should_go_back
from desk.settings import settings

SIGN_EVERY = timedelta(seconds=5)  # more often nobody needs to know that somebody is there


class OfferGone(Conflict):
    """The offer is over: too late, or somebody else has the conversation."""


class SkillTwice(Invalid):
    """One topic and language has two levels."""


# Coming and going


def show_up(session: Session, agent: Person) -> Agent:
    """Note that a console of this agent is open. Whoever was gone is what they wished to be."""
    known = _known(session, agent)
    at = clock.now()
    if known.seen_at is None or known.seen_at <= at - SIGN_EVERY:
        known.seen_at = at
    if known.presence is Presence.OFFLINE and known.wish is not Presence.OFFLINE:
        _become(session, known, known.wish, code="showed_up")
    return known


def set_presence(session: Session, agent: Person, presence: Presence) -> Agent:
    """Be online, away or offline until one says otherwise. Twice is harmless."""
    known = _known(session, agent)
    known.seen_at, known.wish, known.missed = clock.now(), presence, 0
    if known.presence is not presence:
        _become(session, known, presence, code="chosen")
    return known


def leave(session: Session, agent: Person) -> Agent:
    """Go offline now, and be what one wished to be when a console is opened again."""
    known = _known(session, agent)
    if known.presence is not Presence.OFFLINE:
        _become(session, known, Presence.OFFLINE, code="left")
    return known


def drop_unseen(session: Session, person_id: UUID) -> None:
    """Take somebody for offline of whom no console has given a sign for too long."""
    known = queries.agent(session, person_id, lock=True)
    cutoff = clock.now() - timedelta(seconds=settings().offline_after_seconds)
    if known is None or known.presence is Presence.OFFLINE:
        return
    if known.seen_at is None or known.seen_at <= cutoff:
        _become(session, known, Presence.OFFLINE, code="unseen")


# What supervisors set


def set_capacity(session: Session, person_id: UUID, by: Person, capacity: int | None) -> Agent:
    """How many conversations at once this agent is offered; None leaves it to the setting.

    Raises:
        NotFound: nobody has this id.
    """
    known = _known(session, person(session, person_id))
    if known.capacity != capacity:
        known.capacity = capacity
        _note(session, known, "agent.capacity_set", capacity=capacity, by_id=by.id)
    return known


def set_skills(
    session: Session, person_id: UUID, by: Person, skills: Sequence[tuple[str, str, int]]
) -> None:
    """What this agent can take, each as topic, language and level; nothing: everything.

    Raises:
        NotFound: nobody has this id.
        SkillTwice: one topic and language stands there twice.
    """
    known = _known(session, person(session, person_id))
    if len({(topic, language) for topic, language, _ in skills}) < len(skills):
        raise SkillTwice("Each topic and language has one level.")
    session.execute(delete(Skill).where(Skill.person_id == person_id))
    for topic, language, level in skills:
        session.add(Skill(person_id=person_id, topic=topic, language=language, level=level))
    told = [f"{topic}/{language}/{level}" for topic, language, level in skills]
    _note(session, known, "agent.skills_set", skills=told, by_id=by.id)


def set_topic_need(session: Session, topic: str, by: Person, level: int) -> None:
    """How well an agent must know a topic to be offered it. Twice is harmless."""
    need = session.scalars(select(TopicNeed).where(TopicNeed.topic == topic)).first()
    if need is None:
        need = TopicNeed(topic=topic, level=1)
        session.add(need)
    need.level = level
    record(session, "agent.topic_need_set", by.id, topic=topic, level=level, by_id=by.id)


# Offering


def offer(
    session: Session, conversation_id: UUID, person_id: UUID, *, passed: bool = False
) -> Offer | None:
    """Hold a waiting conversation for an agent; None if it is not waiting any more, is held for
    somebody, or the agent is not there or has no room."""
    spoken = conversations.conversation(session, conversation_id, lock=True)
    handoff = open_escalation(session, conversation_id)
    if spoken.answered_by is not Answerer.QUEUE or handoff is None:
        return None
    if queries.open_offer(session, handoff.id) is not None:
        return None
    agent = queries.agent(session, person_id, lock=True)
    if agent is None or agent.presence is not Presence.ONLINE:
        return None
    if queries.load_of(session, person_id) >= queries.capacity_of(agent):
        return None
    agent.offered_at = clock.now()
    made = Offer(
        conversation_id=conversation_id,
        escalation_id=handoff.id,
        person_id=person_id,
        created_at=agent.offered_at,
        expires_at=agent.offered_at + timedelta(seconds=settings().offer_seconds),
        passed=passed,
    )
    session.add(made)
    session.flush()
    _tell(session, made, "offer.made")
    return made


def accept_offer(session: Session, offer_id: UUID, agent: Person) -> Offer:
    """Take what one was offered. Twice is harmless.

    Raises:
        NoSuchOffer: it is not theirs.
        OfferGone: it is over.
        WithAnotherAgent, IsResolved: as `accept`.
    """
    offered = _own(session, offer_id, agent)
    if offered.standing is Standing.OPEN:
        take(session, offered.conversation_id, agent)
        session.refresh(offered)
    if offered.standing is not Standing.ACCEPTED:
        raise OfferGone("This offer is over; the conversation has gone to somebody else.")
    return offered


def decline_offer(session: Session, offer_id: UUID, agent: Person) -> Offer:
    """Leave to others what one was offered; it is not offered again. Twice is harmless.

    Raises:
        NoSuchOffer: it is not theirs.
    """
    offered = _own(session, offer_id, agent)
    _close(session, offered, Standing.DECLINED)
    return offered


def take(session: Session, conversation_id: UUID, agent: Person) -> Escalation:
    """Give the conversation to this agent, whoever it was offered to; also from the bot, and
    beyond the agent's capacity: that bounds what is offered, not what somebody chooses to do.

    Raises:
        NotFound, IsResolved, WithAnotherAgent: as `accept`.
    """
    handoff = escalations.accept(session, conversation_id, agent)
    offered = queries.open_offer(session, handoff.id)
    known = queries.agent(session, agent.id, lock=True)  # whoever counts their load waits for us
    if offered is not None:
        is_theirs = offered.person_id == agent.id
        _close(session, offered, Standing.ACCEPTED if is_theirs else Standing.WITHDRAWN)
    if known is not None:
        known.missed = 0
    return handoff


def take_if_offered(session: Session, conversation_id: UUID, agent: Person) -> None:
    """Accept by answering: what is offered to this agent becomes theirs, anything else stays."""
    conversations.conversation(session, conversation_id, lock=True)
    handoff = open_escalation(session, conversation_id)
    offered = handoff and queries.open_offer(session, handoff.id)
    if offered and offered.person_id == agent.id:
        take(session, conversation_id, agent)


def close_offer(session: Session, offer_id: UUID) -> None:
    """End an offer that is over, for the reason that holds now; if none does, it stays. Whoever
    has missed several in a row counts as away."""
    offered = queries.offer(session, offer_id)
    conversations.conversation(session, offered.conversation_id, lock=True)
    session.refresh(offered)
    handoff = session.get_one(Escalation, offered.escalation_id, populate_existing=True)
    known = queries.agent(session, offered.person_id, lock=True)
    is_waiting = handoff.accepted_at is None and handoff.closed_at is None
    is_there = known is not None and known.presence is not Presence.OFFLINE
    if not (is_waiting and is_there):
        _close(session, offered, Standing.WITHDRAWN)
    elif offered.standing is Standing.OPEN and offered.expires_at <= clock.now():
        _close(session, offered, Standing.MISSED)
        _count_miss(session, known)


def put_back(session: Session, conversation_id: UUID) -> None:
    """Have somebody else take a conversation whose agent is gone or silent, if that still holds."""
    conversations.conversation(session, conversation_id, lock=True)
    known = settings()
    for one in queries.unanswered(session):
        ignored = timedelta(minutes=known.ignored_minutes) if known.ignored_minutes else None
        if one.conversation_id == conversation_id and should_go_back(
            one.waits_since,
            one.offline_since,
            clock.now(),
            grace=timedelta(seconds=known.put_back_seconds),
            ignored_after=ignored,
        ):
            assert one.asked_at is not None
            with suppress(escalations.NobodyWaits):
                escalations.put_back(session, conversation_id, one.asked_at)


def _known(session: Session, agent: Person) -> Agent:
    known = queries.agent(session, agent.id, lock=True)
    if known is not None:
        return known
    wish = Presence.ONLINE if agent.role is Role.AGENT else Presence.AWAY
    known = Agent(id=agent.id, presence=Presence.OFFLINE, wish=wish, since=clock.now(), missed=0)
    session.add(known)
    session.flush()
    return known


def _become(session: Session, known: Agent, presence: Presence, code: str) -> None:
    known.presence, known.since = presence, clock.now()
    _note(session, known, f"agent.{presence}", code=code)


def _count_miss(session: Session, known: Agent | None) -> None:
    if known is None:
        return
    known.missed += 1
    if known.missed >= settings().missed_offers and known.presence is Presence.ONLINE:
        known.missed, known.wish = 0, Presence.AWAY
        _become(session, known, Presence.AWAY, code="missed_offers")


def _own(session: Session, offer_id: UUID, agent: Person) -> Offer:
    offered = queries.offer(session, offer_id)
    if offered.person_id != agent.id:
        raise queries.NoSuchOffer("There is no such offer.")
    conversations.conversation(session, offered.conversation_id, lock=True)
    session.refresh(offered)
    return offered


def _close(session: Session, offered: Offer, standing: Standing) -> None:
    if offered.standing is Standing.OPEN:
        offered.standing, offered.closed_at = standing, clock.now()
        session.flush()
        _tell(session, offered, f"offer.{standing}")


def _tell(session: Session, about: Offer, kind: str) -> None:
    record(
        session,
        kind,
        about.conversation_id,
        conversation_id=about.conversation_id,
        offer_id=about.id,
        escalation_id=about.escalation_id,
        person_id=about.person_id,
        passed=about.passed or None,
    )


def _note(session: Session, about: Agent, kind: str, **facts: Any) -> None:
    record(session, kind, about.id, person_id=about.id, **facts)
