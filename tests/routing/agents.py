"""Agents and offers that tests of routing begin with, and time that has passed."""

from datetime import timedelta

from sqlalchemy import func, select

from desk import clock
from desk.escalations.queries import open_escalation
from desk.people.models import Role
from desk.routing import queries
from desk.routing.commands import (
    set_capacity,
    set_presence,
    set_skills,
)
from desk.routing.models import Offer, Presence, Standing
from tests.builders import (
    an_agent,
)


def an_agent_online(session, name="Alex", capacity=None, skills=(), role=Role.AGENT):
    agent = an_agent(session, name, role)
    set_presence(session, agent, Presence.ONLINE)
    if capacity is not None:
        set_capacity(session, agent.id, agent, capacity)
    if skills:
        set_skills(session, agent.id, agent, list(skills))
    return agent


def rewind(session, agent, **span):
    """Have the last sign of an agent, and since when they are what they are, lie in the past."""
    known = queries.agent(session, agent.id)
    known.seen_at = known.since = clock.now() - timedelta(**span)


def run_out(session, offered):
    session.get_one(Offer, offered.id).expires_at = clock.now() - timedelta(seconds=1)


def offered_to(session, agent):
    return [one.conversation_id for one in queries.offers_to(session, agent.id)]


def count_open(session):
    return session.scalar(select(func.count()).where(Offer.standing == Standing.OPEN))


def backdate(session, conversations, **span):
    """Have everything of these conversations lie further back."""
    from desk.conversations.models import Turn  # noqa: PLC0415

    for spoken in conversations:
        handoff = open_escalation(session, spoken.id)
        handoff.created_at -= timedelta(**span)
        handoff.accepted_at = handoff.accepted_at and handoff.accepted_at - timedelta(**span)
        for turn in session.scalars(select(Turn).where(Turn.conversation_id == spoken.id)):
            turn.created_at -= timedelta(**span)
