"""Rows that tests begin with, in the fewest words."""

from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from desk.conversations.commands import hear, start
from desk.conversations.models import Conversation
from desk.dialogue.commands import receive
from desk.escalations.commands import accept, escalate
from desk.escalations.models import Kind, Reason
from desk.events.queries import events_of
from desk.people.commands import add_person, greet_customer
from desk.people.models import Customer, Person, Role

PASSWORD = "correct horse battery staple"


def a_customer(session: Session) -> Customer:
    return greet_customer(session)


def an_agent(session: Session, name: str = "Alex", role: Role = Role.AGENT) -> Person:
    email = f"{name.lower()}-{uuid4().hex[:6]}@desk.example"
    return add_person(session, email=email, name=name, role=role, password=PASSWORD)


def a_conversation(session: Session, *, language: str = "en") -> Conversation:
    """Begun, and nothing said in it."""
    return start(session, a_customer(session), uuid4(), language=language)


def a_conversation_in_the_queue(session: Session) -> Conversation:
    waiting = a_conversation(session)
    hear(session, waiting.id, uuid4(), "I want to talk to a person")
    escalate(session, waiting.id, kind=Kind.REQUESTED, reason=Reason.ASKED_FOR_A_PERSON)
    return waiting


def a_conversation_with(session: Session, agent: Person) -> Conversation:
    taken = a_conversation_in_the_queue(session)
    accept(session, taken.id, agent)
    return taken


def says(session: Session, conversation: Conversation, text: str) -> UUID:
    """The customer says `text`; gives the turn's id."""
    return receive(session, conversation.customer_id, conversation.id, uuid4(), text).id


def happened(session: Session, conversation: Conversation) -> list[str]:
    """The kinds of all events of a conversation, in order."""
    return [event.kind for event in events_of(session, conversation.id)]
