"""Handing a conversation to a person, and back."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from desk import clock
from desk.conversations import queries as conversations
from desk.conversations.commands import drop_unanswered, reopen_if_resolved, resolve
from desk.conversations.models import Answerer, Conversation, Resolver, Status
from desk.errors import Conflict
from desk.escalations import queries
from desk.escalations.models import Escalation, Kind, Priority, Reason
from desk.escalations.rules import Packet, complete_packet, counts_from, priority_for
from desk.events.commands import record
from desk.events.models import Audience
from desk.people.models import Person
from desk.settings import settings

MOMENT = timedelta(microseconds=1)


class AlreadyEscalated(Conflict):
    """A person is on the way already, or has the conversation."""


class WithAnotherAgent(Conflict):
    """Another agent has the conversation."""


class NotYours(Conflict):
    """Only the agent who has the conversation can do this."""


class IsResolved(Conflict):
    """The conversation is over."""


class NobodyWaits(Conflict):
    """No customer waits for a person in this conversation."""


def escalate(
    session: Session,
    conversation_id: UUID,
    *,
    kind: Kind,
    reason: Reason,
    packet: Packet | None = None,
    open_jobs: list[str] | None = None,
) -> Escalation:
    """Queue the conversation for a person; the bot hears no more of it until it is handed back.
    What was resolved is open again.

    Raises:
        NotFound: there is no such conversation.
        AlreadyEscalated: it is in the queue, or with an agent.
    """
    spoken = conversations.conversation(session, conversation_id, lock=True)
    if spoken.answered_by is not Answerer.BOT:
        raise AlreadyEscalated(f"The conversation is with the {spoken.answered_by} already.")
    reopen_if_resolved(session, spoken)
    handoff = _open(session, spoken, kind, reason, packet or Packet(), open_jobs or [])
    spoken.answered_by = Answerer.QUEUE
    _note(session, spoken, "conversation.handoff_requested", handoff, kind=kind, reason=reason)
    return handoff


def accept(session: Session, conversation_id: UUID, agent: Person) -> Escalation:
    """Give the conversation to `agent`; from the bot it is a take-over. Twice is harmless.

    Raises:
        NotFound: there is no such conversation.
        IsResolved: it is over.
        WithAnotherAgent: somebody else was first.
    """
    spoken = conversations.conversation(session, conversation_id, lock=True)
    if spoken.status is Status.RESOLVED:
        raise IsResolved("This conversation is resolved.")
    handoff = queries.open_escalation(session, conversation_id)
    if handoff is not None and handoff.accepted_at is not None:
        if spoken.agent_id != agent.id:
            raise WithAnotherAgent("Another agent has taken this conversation.")
        return handoff
    if handoff is None:
        handoff = _open(
            session, spoken, Kind.TAKEOVER, Reason.AGENT_STEPPED_IN, Packet(spoken.topic), []
        )
        _note(
            session,
            spoken,
            "conversation.handoff_requested",
            handoff,
            kind=Kind.TAKEOVER,
            reason=Reason.AGENT_STEPPED_IN,
        )
    handoff.accepted_at, handoff.agent_id = clock.now(), agent.id
    spoken.answered_by, spoken.agent_id = Answerer.AGENT, agent.id
    drop_unanswered(session, conversation_id)
    _note(session, spoken, "conversation.handoff_accepted", handoff, agent_id=agent.id)
    session.refresh(spoken, ["agent"])
    return handoff


def hand_back(
    session: Session, conversation_id: UUID, agent: Person, note: str | None = None
) -> Conversation:
    """Let the bot answer again.

    Raises:
        NotYours: the conversation is not with this agent.
    """
    spoken, handoff = _of_agent(session, conversation_id, agent)
    handoff.closed_at, handoff.note = clock.now(), note
    spoken.answered_by, spoken.agent = Answerer.BOT, None
    _note(session, spoken, "conversation.handed_back", handoff, agent_id=agent.id)
    return spoken


def finish(session: Session, conversation_id: UUID, agent: Person) -> Conversation:
    """Resolve a conversation as the agent who has it.

    Raises:
        NotYours: the conversation is not with this agent.
    """
    spoken, handoff = _of_agent(session, conversation_id, agent)
    handoff.closed_at = clock.now()
    return resolve(session, spoken.id, by=Resolver.AGENT, agent_id=agent.id)


def put_back(session: Session, conversation_id: UUID, waits_since: datetime) -> Escalation:
    """Have somebody else take a conversation from its agent, who has left or lets the customer
    wait. The customer stands in the queue as one who has waited since `waits_since`.

    Raises:
        NobodyWaits: no agent has it any more.
    """
    spoken = conversations.conversation(session, conversation_id, lock=True)
    handoff = queries.open_escalation(session, conversation_id)
    if handoff is None or handoff.agent_id is None:
        raise NobodyWaits("No agent has this conversation.")
    handoff.closed_at = clock.now()
    _note(session, spoken, "conversation.put_back", handoff, agent_id=handoff.agent_id)
    since = max(waits_since, handoff.created_at + MOMENT)  # hand-offs stand in the order of theirs
    again = Escalation(
        conversation_id=spoken.id,
        kind=Kind.SYSTEM,
        reason=Reason.AGENT_LEFT,
        packet=handoff.packet,
        created_at=since,
        priority=handoff.priority,
        counts_from=counts_from(since, handoff.priority),
    )
    session.add(again)
    session.flush()
    spoken.answered_by, spoken.agent = Answerer.QUEUE, None
    told = {"kind": again.kind, "reason": again.reason}
    _note(session, spoken, "conversation.handoff_requested", again, **told)
    return again


def set_priority(
    session: Session, conversation_id: UUID, person: Person, priority: Priority
) -> Escalation:
    """Have a waiting customer served sooner, or not. Twice is harmless.

    Raises:
        NobodyWaits: nobody waits for a person there.
    """
    spoken = conversations.conversation(session, conversation_id, lock=True)
    handoff = queries.open_escalation(session, conversation_id)
    if handoff is None or handoff.accepted_at is not None:
        raise NobodyWaits("Nobody waits for a person in this conversation.")
    if handoff.priority is not priority:
        handoff.priority = priority
        handoff.counts_from = counts_from(handoff.created_at, priority)
        told = {"priority": priority, "person_id": person.id}
        _note(session, spoken, "conversation.priority_set", handoff, **told)
    return handoff


def of_agent(session: Session, conversation_id: UUID, agent: Person) -> Conversation:
    """The conversation, if `agent` has it.

    Raises:
        NotYours: the conversation is not with this agent.
    """
    return _of_agent(session, conversation_id, agent)[0]


def _of_agent(
    session: Session, conversation_id: UUID, agent: Person
) -> tuple[Conversation, Escalation]:
    spoken = conversations.conversation(session, conversation_id, lock=True)
    handoff = queries.open_escalation(session, conversation_id)
    if spoken.agent_id != agent.id or handoff is None:
        raise NotYours("Take the conversation first; it is not with you.")
    return spoken, handoff


def _open(
    session: Session,
    spoken: Conversation,
    kind: Kind,
    reason: Reason,
    packet: Packet,
    open_jobs: list[str],
) -> Escalation:
    told = complete_packet(
        Packet(packet.goal or spoken.topic, packet.slots, packet.tried),
        identity_level=conversations.level_of(spoken.customer),
        sentiment_trend=queries.sentiment_trend(session, spoken.id),
        upset=spoken.upset,
        open_jobs=open_jobs,
    )
    at, priority = clock.now(), priority_for(spoken.customer.segment, settings().vips)
    handoff = Escalation(
        conversation_id=spoken.id,
        kind=kind,
        reason=reason,
        packet=told,
        created_at=at,
        priority=priority,
        counts_from=counts_from(at, priority),
    )
    session.add(handoff)
    session.flush()
    return handoff


def _note(
    session: Session, spoken: Conversation, what: str, handoff: Escalation, **facts: object
) -> None:
    record(
        session,
        what,
        spoken.id,
        Audience.CUSTOMER,
        conversation_id=spoken.id,
        escalation_id=handoff.id,
        **facts,
    )
