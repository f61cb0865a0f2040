"""Shapes at the door for agents, what they know and what they are offered."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from desk import clock
from desk.people.models import Role
from desk.routing.models import Agent, Offer, Presence, Standing
from desk.routing.queries import SkillDemand, Teammate, capacity_of

Topic = Annotated[str, StringConstraints(pattern=r"^(\*|[a-z0-9_]{1,60})$")]
Level = Annotated[int, Field(ge=1, le=3)]

SKILL: dict[str, Any] = {"topic": "refund", "language": "en", "level": 2}
PRESENCE: dict[str, Any] = {
    "person_id": "0d2f6f0a-9a44-4a55-8b06-52f7b1f1a001",
    "presence": "online",
    "since": "2026-11-22T09:00:00Z",
    "capacity": 3,
}
AGENT: dict[str, Any] = {
    "id": "0d2f6f0a-9a44-4a55-8b06-52f7b1f1a001",
    "name": "Alex Agent",
    "role": "agent",
    "presence": "online",
    "since": "2026-11-22T09:00:00Z",
    "load": 2,
    "capacity": 3,
    "own_capacity": None,
    "skills": [SKILL],
}
OFFER: dict[str, Any] = {
    "id": "5b1d7c52-4f0a-4d5e-8a0f-2d6a7e8b9c10",
    "conversation_id": "5f0c1f6e-3b1c-4f7c-9a53-0a6f0c2b7d10",
    "person_id": "0d2f6f0a-9a44-4a55-8b06-52f7b1f1a001",
    "standing": "open",
    "seconds_left": 21.5,
    "seconds": 30.0,
}
DEMAND: dict[str, Any] = {
    "topic": "refund",
    "language": "zh",
    "level": 2,
    "asked": 41,
    "waiting": 1,
    "half_seconds": 35.0,
    "most_seconds": 240.0,
    "agents": 2,
    "online": 1,
}


def _shown(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [example]}, from_attributes=True)


class PresenceIn(BaseModel):
    """What somebody wants to be until they say otherwise."""

    presence: Presence = Field(examples=["away"])


class PresenceOut(BaseModel):
    """How somebody stands, and how many conversations at once they are offered."""

    model_config = _shown(PRESENCE)

    person_id: UUID
    presence: Presence
    since: datetime
    capacity: int


class SkillShape(BaseModel):
    """A topic (`*`: any) in a language (`*`: any), and how well: 1 knows the way, 2 is at home,
    3 teaches others."""

    model_config = _shown(SKILL)

    topic: Topic
    language: Literal["en", "zh", "*"]
    level: Level


class SkillsIn(BaseModel):
    """All that an agent can take; an empty list: everything."""

    skills: list[SkillShape] = Field(max_length=200, examples=[[SKILL]])


class CapacityIn(BaseModel):
    """How many conversations at once; null: as many as the desk's setting says."""

    capacity: int | None = Field(ge=0, le=50, examples=[4])


class TopicNeedIn(BaseModel):
    """How well an agent must know the topic."""

    level: Level = Field(examples=[2])


class AgentOut(BaseModel):
    """One of the staff at work; `own_capacity` is null where the desk's setting holds."""

    model_config = _shown(AGENT)

    id: UUID
    name: str
    role: Role
    presence: Presence
    since: datetime | None
    load: int
    capacity: int
    own_capacity: int | None
    skills: list[SkillShape]


class TeamOut(BaseModel):
    """The staff by name, and the level that a topic needs where it is not 1."""

    model_config = _shown({"items": [AGENT], "topic_needs": {"refund": 2}})

    items: list[AgentOut]
    topic_needs: dict[str, int]


class OfferOut(BaseModel):
    """A waiting conversation held for somebody, of whose `seconds` to accept it so many are
    left."""

    model_config = _shown(OFFER)

    id: UUID
    conversation_id: UUID
    person_id: UUID
    standing: Standing
    seconds_left: float
    seconds: float


class SkillDemandOut(BaseModel):
    """How often people were needed for something, within how many seconds half and nine in ten
    were served, and how many agents can take it."""

    model_config = _shown(DEMAND)

    topic: str | None
    language: str
    level: int
    asked: int
    waiting: int
    half_seconds: float
    most_seconds: float
    agents: int
    online: int


class SkillDemandsOut(BaseModel):
    model_config = _shown({"days": 30, "items": [DEMAND]})

    days: int
    items: list[SkillDemandOut]


def presence_out(known: Agent) -> PresenceOut:
    """How one agent stands."""
    return PresenceOut(
        person_id=known.id,
        presence=known.presence,
        since=known.since,
        capacity=capacity_of(known),
    )


def agent_out(mate: Teammate) -> AgentOut:
    """One of the staff at work."""
    return AgentOut(
        id=mate.person.id,
        name=mate.person.name,
        role=mate.person.role,
        presence=mate.presence,
        since=mate.since,
        load=mate.load,
        capacity=mate.capacity,
        own_capacity=mate.own_capacity,
        skills=[SkillShape.model_validate(one) for one in mate.skills],
    )


def offer_out(offered: Offer) -> OfferOut:
    """One offer, with what is left of its time."""
    left = (offered.expires_at - clock.now()).total_seconds()
    return OfferOut(
        id=offered.id,
        conversation_id=offered.conversation_id,
        person_id=offered.person_id,
        standing=offered.standing,
        seconds_left=round(max(0.0, left), 1),
        seconds=round((offered.expires_at - offered.created_at).total_seconds(), 1),
    )


def demands_out(days: int, found: list[SkillDemand]) -> SkillDemandsOut:
    """The report."""
    items = [SkillDemandOut.model_validate(one) for one in found]
    return SkillDemandsOut(days=days, items=items)
