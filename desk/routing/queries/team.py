"""Who is there with how much, what they know, and what customers need."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import clock
from desk.conversations.models import Conversation
from desk.escalations.models import Escalation, Kind
from desk.people.models import Person, Role
from desk.people.queries import everybody
from desk.routing.models import Agent, Presence, Skill, TopicNeed
from desk.routing.queries.board import UNKNOWN_TOPICS
from desk.routing.queries.offers import capacity_of, loads
from desk.routing.rules import Need, level_for, nearest_rank

MOST_ASKED = 5_000  # hand-offs that one report looks at, the newest first


@dataclass(frozen=True)
class Teammate:
    """One member of staff, as colleagues see them at work."""

    person: Person
    presence: Presence
    since: datetime | None
    capacity: int
    own_capacity: int | None
    load: int
    skills: list[Skill]


@dataclass(frozen=True)
class SkillDemand:
    """How often something was needed, how long it took to be taken (half, and nine in ten), and
    who can take it. Waits of those who still wait count as they stand."""

    topic: str | None
    language: str
    level: int
    asked: int
    waiting: int
    half_seconds: float
    most_seconds: float
    agents: int
    online: int


def team(session: Session) -> list[Teammate]:
    """The whole staff by name; whoever never came to a console is offline."""
    known = {one.id: one for one in session.scalars(select(Agent))}
    skills, held = _skills(session), loads(session)
    people = sorted(everybody(session).values(), key=lambda one: (one.name.casefold(), one.email))
    return [_teammate(one, known.get(one.id), held[one.id], skills[one.id]) for one in people]


def topic_needs(session: Session) -> dict[str, int]:
    """The level that each topic needs, where it is not 1."""
    set_by_hand = select(TopicNeed).order_by(TopicNeed.topic)
    return {need.topic: need.level for need in session.scalars(set_by_hand)}


def skill_demand(session: Session, days: int) -> list[SkillDemand]:
    """What was needed of people in the last days: first what nobody can take, then by demand."""
    at, needs = clock.now(), topic_needs(session)
    asked = (
        select(Conversation.topic, Conversation.language, Escalation)
        .join(Conversation, Conversation.id == Escalation.conversation_id)
        .where(Escalation.created_at >= at - timedelta(days=days))
        .where(Escalation.kind != Kind.TAKEOVER)
        .order_by(Escalation.created_at.desc())
        .limit(MOST_ASKED)
    )
    waits = defaultdict[tuple[str | None, str], list[float]](list)
    still = Counter[tuple[str | None, str]]()
    for topic, language, handoff in session.execute(asked):
        about = None if topic in UNKNOWN_TOPICS else topic, language
        until = handoff.accepted_at or handoff.closed_at or at
        waits[about].append(max(0.0, (until - handoff.created_at).total_seconds()))
        still[about] += handoff.accepted_at is None and handoff.closed_at is None
    mates = [one for one in team(session) if _serves(one)]
    told = [
        _demand(Need(*about, needs.get(about[0] or "", 1)), took, still[about], mates)
        for about, took in waits.items()
    ]
    return sorted(told, key=lambda one: (one.agents > 0, -one.asked, one.topic or "", one.language))


def _demand(need: Need, took: list[float], waiting: int, mates: list[Teammate]) -> SkillDemand:
    took.sort()
    able = [one for one in mates if level_for(_by_need(one.skills), need) >= need.level]
    return SkillDemand(
        topic=need.topic,
        language=need.language,
        level=need.level,
        asked=len(took),
        waiting=waiting,
        half_seconds=nearest_rank(took, 0.5),
        most_seconds=nearest_rank(took, 0.9),
        agents=len(able),
        online=sum(one.presence is Presence.ONLINE for one in able),
    )


def _serves(one: Teammate) -> bool:
    return one.person.role is Role.AGENT or one.since is not None


def _by_need(skills: list[Skill]) -> dict[tuple[str, str], int]:
    return {(one.topic, one.language): one.level for one in skills}


def _skills(session: Session) -> dict[UUID, list[Skill]]:
    found = defaultdict[UUID, list[Skill]](list)
    for one in session.scalars(select(Skill).order_by(Skill.topic, Skill.language)):
        found[one.person_id].append(one)
    return found


def _teammate(one: Person, known: Agent | None, load: int, skills: list[Skill]) -> Teammate:
    return Teammate(
        person=one,
        presence=known.presence if known else Presence.OFFLINE,
        since=known.since if known else None,
        capacity=capacity_of(known),
        own_capacity=known.capacity if known else None,
        load=load,
        skills=skills,
    )
