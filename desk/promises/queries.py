"""Reading calendars, policies and promises."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from desk import clock
from desk.conversations.models import Conversation
from desk.errors import NotFound
from desk.escalations.models import Escalation, Priority
from desk.events.models import Event
from desk.events.rules import Position
from desk.metrics.queries import mark, place_of
from desk.metrics.rules import Window
from desk.people.models import Person
from desk.promises.models import Calendar, Policy, Promise, Standing, Watch, What
from desk.promises.rules.clocks import GOES_ON_WITHIN, KINDS
from desk.promises.rules.hours import Hours
from desk.promises.rules.policies import REACHES, Case, fits
from desk.promises.rules.written import hours_of
from desk.tickets.models import Priority as Urgency
from desk.tickets.models import Ticket, TicketStatus

READER = "promises"
LOOKED_AT_ONCE = 200
HANDED_OFF = "conversation.handoff_requested"


class NoSuchCalendar(NotFound):
    """No calendar has this id."""


class NoSuchPolicy(NotFound):
    """No policy has this id."""


# What is promised to whom


def calendars(session: Session) -> list[Calendar]:
    """Those in use, by name."""
    ours = select(Calendar).where(Calendar.retired_at.is_(None)).order_by(Calendar.name)
    return list(session.scalars(ours))


def calendar(session: Session, calendar_id: UUID, *, lock: bool = False) -> Calendar:
    """One calendar in use.

    Raises:
        NoSuchCalendar: there is none.
    """
    found = session.get(Calendar, calendar_id, with_for_update=lock or None)
    if found is None or found.retired_at is not None:
        raise NoSuchCalendar("There is no such calendar.")
    return found


def policies(session: Session) -> list[Policy]:
    """Those in use, in the order in which they are tried."""
    ours = select(Policy).where(Policy.retired_at.is_(None)).options(joinedload(Policy.calendar))
    return list(session.scalars(ours.order_by(Policy.place, Policy.created_at)))


def policy(session: Session, policy_id: UUID, *, lock: bool = False) -> Policy:
    """One policy in use.

    Raises:
        NoSuchPolicy: there is none.
    """
    found = session.get(Policy, policy_id, with_for_update=lock or None)
    if found is None or found.retired_at is not None:
        raise NoSuchPolicy("There is no such policy.")
    return found


def hours(known: Calendar | None) -> Hours | None:
    """What the clocks read of a calendar; None, by which all time counts, of none."""
    return hours_of(known.time_zone, known.week, known.holidays) if known else None


def is_name_taken(
    session: Session, kind: type[Calendar | Policy], name: str, but: UUID | None = None
) -> bool:
    """Whether another than `but` in use has this name."""
    same = select(kind.id).where(kind.name == name, kind.retired_at.is_(None))
    return any(found != but for found in session.scalars(same))


def policies_by(session: Session, calendar_id: UUID) -> list[Policy]:
    """The policies in use that count by a calendar."""
    theirs = select(Policy).where(Policy.calendar_id == calendar_id)
    return list(session.scalars(theirs.where(Policy.retired_at.is_(None)).order_by(Policy.name)))


def fitting(session: Session, case: Case, at: datetime) -> Policy | None:
    """The policy that counts for a hand-off at that moment: none that was made later."""
    found = (one for one in policies(session) if one.created_at <= at)
    return next((one for one in found if fits(one.applies_to, case)), None)


def case_of(session: Session, spoken: Conversation, escalation_id: UUID | None) -> Case:
    """What policies look at in one hand-off: the topic is what it was about then."""
    handoff = session.get(Escalation, escalation_id) if escalation_id else None
    goal = handoff.packet.get("goal") if handoff else None
    email = spoken.customer.email if spoken.customer.verified_at else None
    served = handoff.priority if handoff else Priority.ORDINARY
    if served is Priority.ORDINARY and _has_urgent_ticket(session, spoken.id):
        served = Priority.HIGH
    return Case(goal or spoken.topic, email, served)


def _has_urgent_ticket(session: Session, conversation_id: UUID) -> bool:
    theirs = select(Ticket.id).where(Ticket.conversation_id == conversation_id)
    urgent = theirs.where(Ticket.status == TicketStatus.OPEN, Ticket.priority == Urgency.HIGH)
    return session.scalars(urgent.limit(1)).first() is not None


# Following what happens


def place(session: Session) -> Position:
    """How far the log has been read for what moves clocks."""
    known = mark(session, READER)
    return place_of(known) if known else Position()


def concerned(session: Session, events: Sequence[Event]) -> list[UUID]:
    """In which conversations these events move clocks, or start the first one."""
    moved = {e.conversation_id for e in events if e.kind in KINDS and e.conversation_id}
    handed_off = {e.conversation_id for e in events if e.kind == HANDED_OFF and e.conversation_id}
    watched = select(Watch.conversation_id).where(Watch.conversation_id.in_(moved))
    return sorted(handed_off | set(session.scalars(watched)))


def watch(session: Session, conversation_id: UUID) -> Watch | None:
    """How far the clocks of a conversation have followed it."""
    ours = select(Watch).where(Watch.conversation_id == conversation_id)
    return session.scalars(ours.execution_options(populate_existing=True)).first()


def news(session: Session, conversation_id: UUID, seen: int) -> list[Event]:
    """What moved clocks in a conversation after event number `seen` of its stream."""
    ours = select(Event).where(Event.stream == conversation_id, Event.number > seen)
    return list(session.scalars(ours.where(Event.kind.in_(KINDS)).order_by(Event.number)))


def open_promises(session: Session, conversation_id: UUID) -> dict[What, Promise]:
    """The promises of a conversation that are neither met nor dropped."""
    ours = _promises().where(Promise.conversation_id == conversation_id)
    found = session.scalars(ours.where(Promise.ended_at.is_(None)))
    return {one.what: one for one in found}


def resolution_before(session: Session, conversation_id: UUID, at: datetime) -> Promise | None:
    """The promised resolution that a hand-off at that moment opens again, if one does."""
    theirs = _promises().where(
        Promise.conversation_id == conversation_id,
        Promise.what == What.RESOLUTION,
        Promise.standing == Standing.MET,
        Promise.ended_at > at - GOES_ON_WITHIN,
    )
    return session.scalars(theirs.order_by(Promise.ended_at.desc()).limit(1)).first()


def promise(session: Session, promise_id: UUID) -> Promise:
    """One promise as it stands in the database by now."""
    ours = _promises().where(Promise.id == promise_id)
    return session.scalars(ours.execution_options(populate_existing=True)).one()


def open_by(session: Session, calendar_id: UUID) -> list[Promise]:
    """The open promises that count by a calendar."""
    ours = _promises().where(Promise.calendar_id == calendar_id, Promise.ended_at.is_(None))
    return list(session.scalars(ours.order_by(Promise.conversation_id)))


def due(session: Session) -> list[UUID]:
    """The promises of which a moment has come, the earliest first."""
    now = select(Promise.id).where(Promise.look_at < clock.now()).order_by(Promise.look_at)
    return list(session.scalars(now.limit(LOOKED_AT_ONCE)))


def reached(session: Session, tell: str, agent_id: UUID | None) -> tuple[str | None, list[UUID]]:
    """Whom a step tells, role and people: the conversation's agent, or all of the first role that
    anybody has."""
    if tell == "agent" and agent_id is not None:
        return tell, [agent_id]
    for role in REACHES[tell]:
        found = list(session.scalars(select(Person.id).where(Person.role == role)))
        if found:
            return role, sorted(found)
    return None, []


# What is shown


def next_due(session: Session, conversation_ids: Collection[UUID]) -> dict[UUID, Promise]:
    """Of each conversation the open promise that falls due next, or else one that is paused."""
    theirs = select(Promise).where(Promise.conversation_id.in_(conversation_ids))
    found = session.scalars(theirs.where(Promise.ended_at.is_(None)).options(*_SHOWN))
    by_due = sorted(found, key=lambda one: (one.due_at is None, one.due_at or one.started_at))
    return {one.conversation_id: one for one in reversed(by_due)}


def promises_of(session: Session, conversation_id: UUID) -> list[Promise]:
    """Everything that was promised in a conversation, in order."""
    theirs = select(Promise).where(Promise.conversation_id == conversation_id).options(*_SHOWN)
    return list(session.scalars(theirs.order_by(Promise.started_at, Promise.what)))


def open_everywhere(session: Session, limit: int) -> list[tuple[Promise, Conversation]]:
    """What falls due next in all conversations, what is broken first."""
    going = select(Promise, Conversation).join(
        Conversation, Conversation.id == Promise.conversation_id
    )
    going = going.where(Promise.standing == Standing.GOING).order_by(Promise.due_at).limit(limit)
    shown = going.options(*_SHOWN, joinedload(Conversation.customer))
    return [(one, spoken) for one, spoken in session.execute(shown)]


def broken_now(session: Session) -> int:
    """How many promises are broken and still owed."""
    owed = select(func.count(Promise.id)).where(Promise.standing == Standing.GOING)
    return session.scalar(owed.where(Promise.broken_at.is_not(None))) or 0


def made_in(session: Session, window: Window) -> dict[Policy, list[Promise]]:
    """By policy, the promises in conversations of customers that began in the window."""
    began = select(Promise).join(Conversation, Conversation.id == Promise.conversation_id)
    began = began.where(
        Conversation.created_at >= window.since,
        Conversation.created_at < window.until,
        Conversation.synthetic.is_(False),
    )
    by_policy: dict[Policy, list[Promise]] = defaultdict(list)
    ordered = began.options(joinedload(Promise.policy)).order_by(Promise.started_at, Promise.id)
    for one in session.scalars(ordered):
        by_policy[one.policy].append(one)
    return dict(sorted(by_policy.items(), key=lambda kept: (kept[0].place, kept[0].created_at)))


_SHOWN: tuple[Any, ...] = (joinedload(Promise.policy),)


def _promises() -> Select[Promise]:
    return select(Promise).options(joinedload(Promise.calendar), joinedload(Promise.policy))
