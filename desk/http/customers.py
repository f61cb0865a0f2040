"""What a customer's browser may ask. Every route here knows only the asker's own conversations."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from limits import RateLimitItemPerMinute, RateLimitItemPerSecond
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from desk.conversations import queries as conversations
from desk.conversations.commands import Choice, start
from desk.conversations.models import Conversation, Status
from desk.conversations.rules import readable
from desk.dialogue.commands import Due, receive_and_take
from desk.durable import reading, transaction
from desk.events.rules import Position
from desk.http import examples
from desk.http.job_views import shown
from desk.http.views import (
    ConversationOut,
    LastTurnOut,
    TurnOut,
    conversation_view,
    turn_view,
)
from desk.people import queries as people
from desk.people.routes import BURST, Asker, TooMany, limit
from desk.people.schemas import Language
from desk.settings import settings
from desk.surveys.commands import answer
from desk.surveys.rules import LONGEST_COMMENT
from desk.surveys.schemas import SurveyIn, SurveyOut

router = APIRouter(tags=["conversations"])

CONVERSATIONS_PER_CUSTOMER = RateLimitItemPerMinute(10)
LOOKS_PER_CUSTOMER = RateLimitItemPerMinute(300)  # a tab looks once, then follows the stream
OPENINGS_PER_CUSTOMER = RateLimitItemPerMinute(60)
STREAMS_PER_CUSTOMER = 6  # as many tabs follow at a time
_streams: Counter[UUID] = Counter()  # of this process; touched by its event loop only


class ConversationIn(BaseModel):
    client_id: UUID = Field(
        description="Made by the browser; the same one begins it once.",
        examples=["3c9f0b1e-52f4-4d6e-8c6a-2b7a9d0e1f23"],
    )
    language: Language | None = Field(None, max_length=35)


class ChoiceIn(BaseModel):
    turn_id: UUID
    index: int = Field(ge=0, le=50)


class TurnIn(BaseModel):
    """A message of 1 to 2,000 characters. A retry carries the same `client_id`."""

    client_id: UUID = Field(examples=["3c9f0b1e-52f4-4d6e-8c6a-2b7a9d0e1f23"])
    text: str = Field(examples=["Where is my order KD-4711?"])
    quick_reply: ChoiceIn | None = None


class LineOut(BaseModel):
    id: UUID
    status: Status
    created_at: datetime
    last_turn: LastTurnOut | None


class LinesOut(BaseModel):
    model_config = shown(examples.LINES)

    items: list[LineOut]


def own_conversation(conversation_id: UUID, asker: Asker) -> UUID:
    """The conversation asked for, if it is the asker's.

    Raises:
        NoSuchConversation: there is none, or it is somebody else's.
    """
    reading(conversations.conversation_of, asker, conversation_id)
    return conversation_id


def seldom(asker: Asker) -> None:
    """Count one look at what was said.

    Raises:
        TooMany: no page looks so often.
    """
    limit(LOOKS_PER_CUSTOMER, "look", str(asker))


async def one_more_stream(asker: Asker) -> AsyncIterator[None]:
    """A place among the customer's streams, free again once this one is closed.

    Raises:
        TooMany: all places are taken, or streams are opened too fast.
    """
    limit(OPENINGS_PER_CUSTOMER, "stream", str(asker))
    if _streams[asker] >= STREAMS_PER_CUSTOMER:
        raise TooMany(
            f"At most {STREAMS_PER_CUSTOMER} pages can follow at a time. Close another one.", 15
        )
    _streams[asker] += 1
    try:
        yield
    finally:
        _streams[asker] -= 1
        if not _streams[asker]:
            del _streams[asker]


def last_seen(last_event_id: Annotated[str | None, Header()] = None) -> Position:
    """Where the browser stopped reading; the beginning if it does not say.

    Raises:
        NoSuchPosition: it is not of our making.
    """
    return Position.parse(last_event_id) if last_event_id else Position()


Own = Annotated[UUID, Depends(own_conversation)]
Since = Annotated[Position, Depends(last_seen)]


@router.post("/conversations", status_code=201)
def post_conversation(asked: ConversationIn, asker: Asker) -> ConversationOut:
    """Begin a conversation."""
    limit(CONVERSATIONS_PER_CUSTOMER, "conversation", str(asker))
    language = "zh" if (asked.language or "en").lower().startswith("zh") else "en"
    begun = transaction(_start, asker, asked.client_id, language)
    return reading(conversation_view, begun)


@router.get("/conversations", dependencies=[Depends(seldom)])
def get_conversations(asker: Asker) -> LinesOut:
    """The asker's conversations, the newest first."""
    return LinesOut.model_validate({"items": reading(_lines, asker)}, from_attributes=True)


@router.get("/conversations/{conversation_id}", dependencies=[Depends(seldom)])
def get_conversation(own: Own) -> ConversationOut:
    """All of one conversation; the stream goes on from its `position`."""
    return reading(conversation_view, own)


@router.post("/conversations/{conversation_id}/turns", status_code=202)
def post_turn(conversation_id: UUID, asked: TurnIn, asker: Asker, request: Request) -> TurnOut:
    """Say something. It is kept before this answers; the reply comes over the stream."""
    limit(RateLimitItemPerSecond(settings().turns_per_second), "burst", str(asker))
    limit(RateLimitItemPerMinute(settings().turns_per_minute), "turn", str(asker))
    choice = (
        Choice(asked.quick_reply.turn_id, asked.quick_reply.index) if asked.quick_reply else None
    )
    answering = request.app.state.answering
    said, due = transaction(
        _receive, answering.holder, asker, conversation_id, asked.client_id, asked.text, choice
    )
    answering.nudge(conversation_id, due)
    return TurnOut.model_validate(said)


@router.put("/conversations/{conversation_id}/survey")
def put_survey(own: Own, asked: SurveyIn, asker: Asker) -> SurveyOut:
    """Say how it was, after the conversation was resolved. Another answer takes its place."""
    limit(BURST, "survey", str(asker))
    return transaction(_answer_survey, own, asked)


@router.post("/conversations/{conversation_id}/typing", status_code=204)
def post_typing(own: Own, asker: Asker, request: Request) -> Response:
    """Show the agent that the customer is typing."""
    limit(BURST, "typing", str(asker))
    request.app.state.stream.signal_typing(own, "customer")
    return Response(status_code=204)


@router.get(
    "/conversations/{conversation_id}/stream",
    response_class=EventSourceResponse,
    dependencies=[Depends(one_more_stream)],
)
async def get_stream(own: Own, since: Since, request: Request) -> AsyncIterator[ServerSentEvent]:
    """Events of one conversation after `Last-Event-ID`, then as they happen."""
    async for frame in request.app.state.stream.follow(own, since):
        yield frame


def _start(session: Session, asker: UUID, client_id: UUID, language: str) -> UUID:
    return start(session, people.customer(session, asker), client_id, language=language).id


def _receive(session: Session, *args: Any) -> tuple[dict[str, Any], Due | None]:
    heard, due = receive_and_take(session, *args)
    return turn_view(heard), due


def _answer_survey(session: Session, conversation_id: UUID, asked: SurveyIn) -> SurveyOut:
    said = (asked.comment or "").strip()
    comment = readable(said, what="comment", longest=LONGEST_COMMENT) if said else None
    return SurveyOut.model_validate(answer(session, conversation_id, asked.score, comment))


def _lines(session: Session, asker: UUID) -> list[dict[str, Any]]:
    ours: list[Conversation] = conversations.conversations_of(session, asker)
    lasts = conversations.last_turns(session, [c.id for c in ours])
    return [
        {
            "id": c.id,
            "status": c.status,
            "created_at": c.created_at,
            "last_turn": lasts.get(c.id),
        }
        for c in ours
    ]
