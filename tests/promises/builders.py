"""Calendars, policies and what was told of them, in the fewest words."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.conversations.commands import hear, say
from desk.conversations.models import Author, Conversation
from desk.events.models import Event
from desk.people.models import Person, Role
from desk.promises import queries
from desk.promises.commands import add_calendar, add_policy, look, take_in
from desk.promises.models import Calendar, Policy, Promise, What
from desk.promises.rules.written import WEEKDAYS

OFFICE: dict[str, Any] = {
    "name": "Office",
    "time_zone": "Europe/Berlin",
    "week": {
        day: [{"from": "09:00", "until": "12:00"}, {"from": "13:00", "until": "17:00"}]
        for day in WEEKDAYS[:5]
    },
    "holidays": [],
}
CHAIN = [
    {"percent": 75, "tell": "agent"},
    {"percent": 100, "tell": "lead"},
    {"percent": 150, "tell": "supervisor"},
]
HALF_AN_HOUR: dict[str, Any] = {
    "name": "Half an hour",
    "place": 1,
    "applies_to": {},
    "first_reply_seconds": 1_800,
    "next_reply_seconds": 1_800,
    "resolution_seconds": 14_400,
    "calendar_id": None,
    "goal_percent": 95,
    "steps": CHAIN,
}


def somebody(session: Session, name: str = "Alex", role: Role = Role.AGENT) -> Person:
    """One of the staff who never signs in: a password takes longer to hash than such a test."""
    known = Person(email=f"{uuid4().hex}@desk.example", name=name, role=role, password_hash="-")
    session.add(known)
    session.flush()
    return known


def a_calendar(session: Session, by: Person, **more: Any) -> Calendar:
    return add_calendar(session, by, OFFICE | more)


def a_policy(session: Session, by: Person, **more: Any) -> Policy:
    return add_policy(session, by, HALF_AN_HOUR | more)


def asks(session: Session, conversation: Conversation, text: str = "Hello?") -> None:
    """The customer speaks; the clocks have taken it in."""
    hear(session, conversation.id, uuid4(), text)
    take_in(session, conversation.id)


def answers(session: Session, conversation: Conversation, agent: Person) -> None:
    """An agent speaks; the clocks have taken it in."""
    say(session, conversation.id, "Here I am.", author=Author.AGENT, agent_id=agent.id)
    take_in(session, conversation.id)


def look_around(session: Session) -> None:
    """What a worker does of what has fallen due."""
    for promise_id in queries.due(session):
        look(session, promise_id)


def promised(session: Session, conversation: Conversation, what: What) -> Promise:
    """The newest promise of its kind."""
    ours = [one for one in queries.promises_of(session, conversation.id) if one.what is what]
    return ours[-1]


def told(session: Session, conversation_id: UUID, what: What | None = None) -> list[str]:
    """What was told of the promises in a conversation, in order."""
    ours = select(Event).where(Event.conversation_id == conversation_id).order_by(Event.position)
    return [
        event.kind.removeprefix("promise.")
        for event in session.scalars(ours)
        if event.kind.startswith("promise.") and what in (None, event.facts["what"])
    ]
