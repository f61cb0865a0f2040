"""What customers and staff are shown: one shape for state and stream alike."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.orm import Session

from desk.conversations import queries as conversations
from desk.conversations.models import Answerer, Author, Conversation, Status, Turn
from desk.escalations import queries as escalations
from desk.escalations.models import Escalation, Kind, Priority, Reason
from desk.events.models import Event
from desk.events.queries import end_of_log, position_of
from desk.http import examples
from desk.http.job_views import JobOut, Shape, customer_job_view, job_view, shown
from desk.http.told import facts_for_customers
from desk.jobs import queries as jobs
from desk.jobs.models import JobStatus
from desk.notes import queries as notes
from desk.notes.schemas import NoteOut, note_out
from desk.promises import queries as promises
from desk.promises.models import Promise
from desk.promises.schemas import PromiseOut, promise_out
from desk.routing import queries as routing
from desk.routing.rules import expected_seconds
from desk.routing.schemas import OfferOut, PresenceOut, offer_out, presence_out
from desk.surveys import queries as surveys
from desk.surveys.models import Survey
from desk.surveys.schemas import StaffSurveyOut, SurveyOut

OTHERS_AT_MOST = 50


class QuickReplyOut(Shape):
    index: int
    title: str


class TurnOut(Shape):
    """One thing said, as a customer sees it."""

    model_config = shown(examples.TURN)

    id: UUID
    sequence: int
    author: Author
    author_name: str | None
    text: str
    created_at: datetime
    quick_replies: list[QuickReplyOut]
    client_id: UUID | None


class StaffTurnOut(TurnOut):
    """One thing said, with what the bot took it to mean; sentiment in [-1, 1], and how likely
    its writer is upset, from 0 to 1."""

    model_config = shown(examples.STAFF_TURN)

    intent: str | None
    confidence: float | None
    language: str
    sentiment: float | None
    upset: float | None


class HeaderOut(Shape):
    """How a conversation stands. `queue_position` counts from 1 while the customer waits;
    `expected_wait_seconds` is null where nobody can tell."""

    id: UUID
    status: Status
    answered_by: Answerer
    agent_name: str | None
    language: str
    queue_position: int | None
    expected_wait_seconds: int | None


class ConversationOut(HeaderOut):
    """All of a conversation; events after `position` bring it up to date. `survey` asks how it
    was, once the conversation is resolved."""

    model_config = shown(examples.STATE)

    turns: list[TurnOut]
    jobs: list[JobOut]
    survey: SurveyOut | None
    position: str


class LastTurnOut(Shape):
    author: Author
    text: str
    created_at: datetime


class HandoffOut(Shape):
    kind: Kind
    reason: Reason
    priority: Priority
    counts_from: datetime
    created_at: datetime
    accepted_at: datetime | None


class FullHandoffOut(HandoffOut):
    id: UUID
    packet: dict[str, Any]
    note: str | None
    closed_at: datetime | None


class SummaryOut(HeaderOut):
    """A conversation as a line in the console: how the customer felt last, in [-1, 1], how
    likely they are upset, from 0 to 1, and what is promised to them next."""

    model_config = shown(examples.SUMMARY)

    customer_name: str | None
    topic: str | None
    sentiment: float | None
    upset: float | None
    created_at: datetime
    last_turn: LastTurnOut | None
    handoff: HandoffOut | None
    promise: PromiseOut | None
    agent_id: UUID | None


class CustomerOut(Shape):
    name: str | None
    email: str | None
    identity_level: str


class StaffConversationOut(SummaryOut):
    """Everything an agent needs to go on where the bot stopped."""

    model_config = shown(examples.STAFF_STATE)

    customer: CustomerOut
    turns: list[StaffTurnOut]
    notes: list[NoteOut]
    jobs: list[JobOut]
    surveys: list[StaffSurveyOut]
    handoffs: list[FullHandoffOut]
    promises: list[PromiseOut]
    position: str


class QueueOut(Shape):
    """The console's lists: who waits (next first), who is with me, everybody else; the
    conversations in which a note names me that I have not looked at; what I am offered, and
    whether I am there (null: no console of mine has shown itself yet)."""

    model_config = shown(examples.QUEUE)

    position: str
    waiting: list[SummaryOut]
    mine: list[SummaryOut]
    others: list[SummaryOut]
    mentioned: list[UUID]
    offers: list[OfferOut]
    me: PresenceOut | None


def turn_view(turn: Turn) -> dict[str, Any]:
    """One turn, as a customer sees it."""
    offered = enumerate(turn.quick_replies)
    return {
        "id": turn.id,
        "sequence": turn.sequence,
        "author": turn.author,
        "author_name": turn.agent.name if turn.agent else None,
        "text": turn.text,
        "created_at": turn.created_at,
        "quick_replies": [{"index": i, "title": reply["title"]} for i, reply in offered],
        "client_id": turn.client_id,
    }


def staff_turn_view(turn: Turn) -> dict[str, Any]:
    """One turn, with what the bot took it to mean."""
    return turn_view(turn) | {
        "intent": turn.intent,
        "confidence": turn.confidence,
        "language": turn.language,
        "sentiment": turn.sentiment,
        "upset": turn.upset,
    }


def header_view(session: Session, spoken: Conversation) -> dict[str, Any]:
    """How one conversation stands."""
    if spoken.answered_by is not Answerer.QUEUE:
        return _header(spoken, None, None)
    return _header(spoken, escalations.queue_position(session, spoken.id), routing.pace(session))


def summary_view(
    session: Session, spoken: Conversation, last: Turn | None, handoff: Escalation | None
) -> dict[str, Any]:
    """One line of the console."""
    promise = promises.next_due(session, [spoken.id]).get(spoken.id)
    return header_view(session, spoken) | _line(spoken, last, handoff, promise)


def conversation_view(session: Session, conversation_id: UUID) -> ConversationOut:
    """All that a customer sees of a conversation."""
    position = end_of_log(session)  # first, so that nothing falls between state and stream
    spoken = conversations.conversation(session, conversation_id)
    return ConversationOut.model_validate(
        header_view(session, spoken)
        | {
            "turns": [turn_view(t) for t in conversations.turns(session, spoken.id)],
            "jobs": [customer_job_view(session, j) for j in jobs.jobs_of(session, spoken.id)],
            "survey": surveys.answerable(session, spoken.id),
            "position": str(position),
        }
    )


def staff_conversation_view(session: Session, conversation_id: UUID) -> StaffConversationOut:
    """All that an agent sees of a conversation."""
    position = end_of_log(session)
    spoken = conversations.conversation(session, conversation_id)
    turns = conversations.turns(session, spoken.id)
    handoffs = escalations.escalations_of(session, spoken.id)
    current = next((h for h in handoffs if h.closed_at is None), None)
    return StaffConversationOut.model_validate(
        summary_view(session, spoken, turns[-1] if turns else None, current)
        | {
            "customer": {
                "name": spoken.customer.name,
                "email": spoken.customer.email,
                "identity_level": conversations.level_of(spoken.customer),
            },
            "turns": [staff_turn_view(t) for t in turns],
            "notes": [note_out(one) for one in notes.notes_in(session, spoken.id)],
            "jobs": [job_view(session, j) for j in jobs.jobs_of(session, spoken.id)],
            "surveys": surveys.surveys_of(session, spoken.id),
            "handoffs": handoffs,
            "promises": [promise_out(p) for p in promises.promises_of(session, spoken.id)],
            "position": str(position),
        }
    )


def queue_view(session: Session, agent_id: UUID) -> QueueOut:
    """The console's lists for one agent; of the others, the newest fifty."""
    position = end_of_log(session)
    handoffs = escalations.open_escalations(session)
    waiting = conversations.waiting_conversations(session)
    waiting.sort(key=lambda c: handoffs[c.id].counts_from if c.id in handoffs else c.created_at)
    mine = conversations.conversations_with(session, agent_id)
    others = conversations.other_conversations(session, agent_id, OTHERS_AT_MOST)
    places = {c.id: place for place, c in enumerate(waiting, 1)}
    pace = routing.pace(session) if waiting else None
    ids = [c.id for c in (*waiting, *mine, *others)]
    lasts = conversations.last_turns(session, ids)
    due = promises.next_due(session, ids)

    def lines(of: list[Conversation]) -> list[SummaryOut]:
        told = (
            _header(c, places.get(c.id), pace)
            | _line(c, lasts.get(c.id), handoffs.get(c.id), due.get(c.id))
            for c in of
        )
        return [SummaryOut.model_validate(line) for line in told]

    return QueueOut(
        position=str(position),
        waiting=lines(waiting),
        mine=lines(mine),
        others=lines(others),
        mentioned=notes.conversations_that_mention(session, agent_id),
        offers=[offer_out(one) for one in routing.offers_to(session, agent_id)],
        me=presence_out(known) if (known := routing.agent(session, agent_id)) else None,
    )


def event_view(session: Session, event: Event, *, for_staff: bool) -> dict[str, Any]:
    """One event with the rows it speaks of as they stand now; applying it is an upsert."""
    shown: dict[str, Any] = {
        "position": str(position_of(event)),
        "kind": event.kind,
        "conversation_id": event.conversation_id and str(event.conversation_id),
        "created_at": event.created_at.isoformat(),
        "facts": event.facts if for_staff else facts_for_customers(event),
    }
    if event.conversation_id is not None:
        shown["conversation"] = _conversation_part(session, event.conversation_id, for_staff)
    if "turn_id" in event.facts:
        turn = conversations.turn(session, UUID(event.facts["turn_id"]))
        if turn is not None and for_staff:
            shown["turn"] = _json(StaffTurnOut, staff_turn_view(turn))
        elif turn is not None:
            shown["turn"] = _json(TurnOut, turn_view(turn))
    if for_staff and "note_id" in event.facts:
        note = notes.note(session, UUID(event.facts["note_id"]))
        shown["note"] = note and note_out(note).model_dump(mode="json")
    if "survey_id" in event.facts:
        survey = surveys.survey(session, UUID(event.facts["survey_id"]))
        shown["survey"] = survey and _json(StaffSurveyOut if for_staff else SurveyOut, survey)
    if for_staff and "offer_id" in event.facts:
        offered = routing.offer(session, UUID(event.facts["offer_id"]))
        shown["offer"] = offer_out(offered).model_dump(mode="json")
    if "job_id" in event.facts:
        job = jobs.job(session, UUID(event.facts["job_id"]))
        shown["job"] = _json(JobOut, (job_view if for_staff else customer_job_view)(session, job))
    return shown if for_staff else _without_outcome(shown)


def _without_outcome(shown: dict[str, Any]) -> dict[str, Any]:
    """One event as its customer may see it: how a job ended stands in the job."""
    if shown.get("job", {}).get("status") == JobStatus.DONE:
        return shown | {"kind": shown["kind"].replace("job.refused", "job.succeeded")}
    return shown


def _header(spoken: Conversation, queue_position: int | None, pace: float | None) -> dict[str, Any]:
    return {
        "id": spoken.id,
        "status": spoken.status,
        "answered_by": spoken.answered_by,
        "agent_name": spoken.agent.name if spoken.agent else None,
        "language": spoken.language,
        "queue_position": queue_position,
        "expected_wait_seconds": expected_seconds(queue_position, pace),
    }


def _line(
    spoken: Conversation, last: Turn | None, handoff: Escalation | None, promise: Promise | None
) -> dict[str, Any]:
    return {
        "customer_name": spoken.customer.name,
        "topic": spoken.topic,
        "sentiment": spoken.sentiment,
        "upset": spoken.upset,
        "created_at": spoken.created_at,
        "last_turn": last,
        "handoff": handoff,
        "promise": promise and promise_out(promise),
        "agent_id": spoken.agent_id,
    }


def _conversation_part(session: Session, conversation_id: UUID, for_staff: bool) -> dict[str, Any]:
    spoken = conversations.conversation(session, conversation_id)
    if not for_staff:
        return _json(HeaderOut, header_view(session, spoken))
    last = conversations.last_turns(session, [spoken.id]).get(spoken.id)
    handoff = escalations.open_escalation(session, spoken.id)
    return _json(SummaryOut, summary_view(session, spoken, last, handoff))


def _json(shape: type[BaseModel], view: dict[str, Any] | Survey) -> dict[str, Any]:
    return shape.model_validate(view).model_dump(mode="json")
