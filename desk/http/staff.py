"""What the console asks. Every route here wants a member of staff who is signed in."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Cookie, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from desk.conversations import queries as conversations
from desk.conversations.commands import say
from desk.conversations.models import Author
from desk.conversations.rules import readable
from desk.dialogue.commands import return_to_bot
from desk.durable import reading, transaction
from desk.escalations.commands import NotYours, finish, of_agent, set_priority
from desk.escalations.models import Priority
from desk.http.customers import Since
from desk.http.views import (
    QueueOut,
    StaffConversationOut,
    StaffTurnOut,
    queue_view,
    staff_conversation_view,
    staff_turn_view,
)
from desk.people.commands import look_at
from desk.people.models import Person
from desk.people.queries import sign_in_by_token
from desk.people.routes import BURST, Staff, limit
from desk.people.rules import NotSignedIn
from desk.routing.commands import take, take_if_offered

router = APIRouter(prefix="/desk", tags=["console"])


class StaffTurnIn(BaseModel):
    client_id: UUID = Field(examples=["3c9f0b1e-52f4-4d6e-8c6a-2b7a9d0e1f23"])
    text: str = Field(examples=["Hello, this is Alex. I have read what happened."])


class HandBackIn(BaseModel):
    note: str | None = Field(
        None, max_length=2_000, examples=["Refund explained; the customer has no open question."]
    )


class PriorityIn(BaseModel):
    priority: Priority = Field(examples=["high"])


@router.get("/queue")
def get_queue(agent: Staff) -> QueueOut:
    """Who waits, who is with me, everybody else."""
    return reading(queue_view, agent.id)


@router.get("/stream", response_class=EventSourceResponse)
async def get_staff_stream(
    agent: Staff, since: Since, request: Request, desk_session: Annotated[str, Cookie()]
) -> AsyncIterator[ServerSentEvent]:
    """Events of every conversation after `Last-Event-ID`, then as they happen."""
    welcome = partial(_is_signed_in, desk_session)
    async for frame in request.app.state.stream.follow(None, since, welcome):
        yield frame


@router.get("/conversations/{conversation_id}")
def get_staff_conversation(conversation_id: UUID, agent: Staff) -> StaffConversationOut:
    """Everything an agent needs to go on where the bot stopped. Who reads a conversation that is
    not with them is in the log."""
    transaction(_look, agent.id, conversation_id)
    return reading(staff_conversation_view, conversation_id)


@router.post("/conversations/{conversation_id}/take")
def post_take(conversation_id: UUID, agent: Staff) -> StaffConversationOut:
    """Take the conversation, from the queue or from the bot."""
    transaction(take, conversation_id, agent)
    return reading(staff_conversation_view, conversation_id)


@router.put("/conversations/{conversation_id}/priority")
def put_priority(conversation_id: UUID, asked: PriorityIn, agent: Staff) -> StaffConversationOut:
    """Have a waiting customer served sooner than others, or not."""
    transaction(set_priority, conversation_id, agent, asked.priority)
    return reading(staff_conversation_view, conversation_id)


@router.post("/conversations/{conversation_id}/turns", status_code=202)
def post_staff_turn(conversation_id: UUID, asked: StaffTurnIn, agent: Staff) -> StaffTurnOut:
    """Answer the customer, as the agent who has the conversation or is offered it."""
    said = transaction(_say, conversation_id, agent, asked.client_id, asked.text)
    return StaffTurnOut.model_validate(said)


@router.post("/conversations/{conversation_id}/hand-back")
def post_hand_back(
    conversation_id: UUID, asked: HandBackIn, agent: Staff, request: Request
) -> StaffConversationOut:
    """Let the bot go on."""
    transaction(return_to_bot, conversation_id, agent, asked.note)
    request.app.state.answering.nudge(conversation_id)
    return reading(staff_conversation_view, conversation_id)


@router.post("/conversations/{conversation_id}/resolve")
def post_resolve(conversation_id: UUID, agent: Staff) -> StaffConversationOut:
    """Close the matter."""
    transaction(finish, conversation_id, agent)
    return reading(staff_conversation_view, conversation_id)


@router.post("/conversations/{conversation_id}/typing", status_code=204)
def post_staff_typing(conversation_id: UUID, agent: Staff, request: Request) -> Response:
    """Show the customer that the agent is typing."""
    limit(BURST, "typing", str(agent.id))
    reading(_with_agent, conversation_id, agent)
    request.app.state.stream.signal_typing(conversation_id, "agent")
    return Response(status_code=204)


def _is_signed_in(token: str) -> bool:
    try:
        reading(sign_in_by_token, token)
    except NotSignedIn:
        return False
    return True


def _look(session: Session, person_id: UUID, conversation_id: UUID) -> None:
    if conversations.conversation(session, conversation_id).agent_id != person_id:
        look_at(session, person_id, conversation_id)


def _with_agent(session: Session, conversation_id: UUID, agent: Person) -> None:
    if conversations.conversation(session, conversation_id).agent_id != agent.id:
        raise NotYours("Take the conversation first; it is not with you.")


def _say(
    session: Session, conversation_id: UUID, agent: Person, client_id: UUID, text: str
) -> dict[str, Any]:
    take_if_offered(session, conversation_id, agent)
    of_agent(session, conversation_id, agent)
    said = say(
        session,
        conversation_id,
        readable(text),
        author=Author.AGENT,
        agent_id=agent.id,
        client_id=client_id,
    )
    return staff_turn_view(said)
