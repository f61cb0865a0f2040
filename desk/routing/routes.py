"""Who is there and for what. All staff come, go, accept and see each other; supervisors set how
many conversations somebody takes, what they know, and what a topic needs."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from sqlalchemy.orm import Session

from desk.durable import reading, transaction
from desk.people.models import Person
from desk.people.routes import BURST, Staff, Supervisor, limit
from desk.routing import commands, queries
from desk.routing.schemas import (
    CapacityIn,
    OfferOut,
    PresenceIn,
    PresenceOut,
    SkillDemandsOut,
    SkillsIn,
    TeamOut,
    TopicNeedIn,
    agent_out,
    demands_out,
    offer_out,
    presence_out,
)

router = APIRouter(prefix="/desk", tags=["routing"])


@router.post("/me/sign")
def post_sign(agent: Staff) -> PresenceOut:
    """Show that this console is open; one that gives no sign for a while is taken for closed."""
    limit(BURST, "sign", str(agent.id))
    return presence_out(transaction(commands.show_up, agent))


@router.put("/me/presence")
def put_presence(asked: PresenceIn, agent: Staff) -> PresenceOut:
    """Be online, away or offline from now on."""
    return presence_out(transaction(commands.set_presence, agent, asked.presence))


@router.post("/me/leave")
def post_leave(agent: Staff) -> PresenceOut:
    """Be offline until a console of mine is opened again."""
    return presence_out(transaction(commands.leave, agent))


@router.post("/offers/{offer_id}/accept")
def post_accept(offer_id: UUID, agent: Staff) -> OfferOut:
    """Take the conversation that I am offered."""
    return offer_out(transaction(commands.accept_offer, offer_id, agent))


@router.post("/offers/{offer_id}/decline")
def post_decline(offer_id: UUID, agent: Staff) -> OfferOut:
    """Leave the conversation that I am offered to others."""
    return offer_out(transaction(commands.decline_offer, offer_id, agent))


@router.get("/agents")
def get_agents(agent: Staff) -> TeamOut:
    """Who is there with how many conversations, and who knows what."""
    return reading(_team)


@router.put("/agents/{person_id}/capacity")
def put_capacity(person_id: UUID, asked: CapacityIn, by: Supervisor) -> TeamOut:
    """Set how many conversations at once somebody is offered."""
    transaction(commands.set_capacity, person_id, by, asked.capacity)
    return reading(_team)


@router.put("/agents/{person_id}/skills")
def put_skills(person_id: UUID, asked: SkillsIn, by: Supervisor) -> TeamOut:
    """Set all that somebody can take."""
    transaction(_set_skills, person_id, by, asked)
    return reading(_team)


@router.put("/topics/{topic}/need")
def put_topic_need(
    topic: Annotated[str, Path(pattern="^[a-z0-9_]{1,60}$")], asked: TopicNeedIn, by: Supervisor
) -> TeamOut:
    """Set how well an agent must know a topic to be offered it."""
    transaction(commands.set_topic_need, topic, by, asked.level)
    return reading(_team)


@router.get("/skill-demand")
def get_skill_demand(
    by: Supervisor, days: Annotated[int, Query(ge=1, le=366)] = 30
) -> SkillDemandsOut:
    """What people were needed for, and who can take it: first what nobody can."""
    return demands_out(days, reading(queries.skill_demand, days))


def _team(session: Session) -> TeamOut:
    items = [agent_out(one) for one in queries.team(session)]
    return TeamOut(items=items, topic_needs=queries.topic_needs(session))


def _set_skills(session: Session, person_id: UUID, by: Person, asked: SkillsIn) -> None:
    told = [(one.topic, one.language, one.level) for one in asked.skills]
    commands.set_skills(session, person_id, by, told)
