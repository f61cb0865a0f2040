"""Moving the clocks as the log tells, and telling of what falls due: each exactly once.

Every writer of a conversation holds its row, so whoever holds it reads a stream without gaps.
What moved a clock counts by the moment of its event, never by that of the look.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from desk import clock
from desk.conversations import queries as conversations
from desk.conversations.models import Conversation
from desk.events.commands import record
from desk.events.models import Audience, Event
from desk.events.rules import Position
from desk.metrics.models import ReadingMark
from desk.metrics.queries import mark, place_of
from desk.promises import queries
from desk.promises.models import Policy, Promise, Standing, Watch, What
from desk.promises.rules.clocks import (
    WHOLE,
    Change,
    Clock,
    Happened,
    changes,
    is_with_people,
    moments,
    what_happened,
)
from desk.promises.rules.policies import FIELDS

MICROSECOND = timedelta(microseconds=1)


def take_in(session: Session, conversation_id: UUID) -> None:
    """Move the clocks of a conversation by all that has happened in it. Costs one look if that
    was done, by whomever."""
    spoken = conversations.conversation(session, conversation_id, lock=True)
    known = queries.watch(session, conversation_id)
    news = queries.news(session, conversation_id, known.seen if known else 0)
    if known is None:
        if not any(event.kind == queries.HANDED_OFF for event in news):
            return
        known = Watch(conversation_id=conversation_id, with_people=False, seen=0)
        session.add(known)
    for event in news:
        happened = what_happened(event.kind, event.facts.get("author"))
        if happened is not None:
            _follow(session, spoken, known, happened, event)
        known.seen = event.number
    session.flush()


def look(session: Session, promise_id: UUID) -> None:
    """Tell of every moment of a promise that has come: warnings, the breach, the chain. First
    the clock takes in what has happened, so nothing is said of what was answered in time, and
    nobody is fetched where somebody has answered."""
    take_in(session, queries.promise(session, promise_id).conversation_id)
    known, now = queries.promise(session, promise_id), clock.now()
    steps = _steps(known)
    while known.look_at is not None and known.look_at < now:
        _tell(session, known, moments(steps)[known.looked], steps)
        known.looked += 1
        _set(known, _clock(known))
    session.flush()


def move_on(session: Session, place: Position) -> None:
    """All up to this place of the log is taken in. A slower reader moves nothing back."""
    known = mark(session, queries.READER, lock=True)
    if known is None:
        session.add(ReadingMark(reader=queries.READER, tx=place.tx, number=place.number))
    elif place > place_of(known):
        known.tx, known.number = place.tx, place.number


def retime(known: Promise, spent: timedelta, now: datetime) -> None:
    """Count on by a calendar that was changed: what is gone stays gone, as it was counted."""
    known.used_microseconds = spent // MICROSECOND
    if known.since is not None:
        known.since = max(known.since, now)
    _set(known, _clock(known))


def spent(known: Promise, now: datetime) -> timedelta:
    """What a promise has used by now, by its calendar as it stands."""
    return _clock(known).used_at(now, queries.hours(known.calendar))


def _follow(
    session: Session, spoken: Conversation, known: Watch, happened: Happened, event: Event
) -> None:
    at = event.created_at
    if happened is Happened.HANDED_OFF and not known.with_people:
        handoff = event.facts.get("escalation_id")
        case = queries.case_of(session, spoken, UUID(handoff) if handoff else None)
        found = queries.fitting(session, case, at)
        known.policy_id = found.id if found else None
    going = queries.open_promises(session, spoken.id)
    standings = {what: one.standing for what, one in going.items()}
    wanted = changes(happened, standings, with_people=known.with_people)
    for what, change in wanted.items():
        if change is Change.START:
            _start(session, known, what, at)
        else:
            _move(session, going[what], change, at)
    known.with_people = is_with_people(happened, known.with_people)


def _start(session: Session, watched: Watch, what: What, at: datetime) -> None:
    ended = queries.resolution_before(session, watched.conversation_id, at)
    if what is What.RESOLUTION and ended is not None:
        ended.ended_at = None
        _set(ended, _clock(ended).going(at))
        _note(session, ended, "promise.reopened")
        return
    by = session.get(Policy, watched.policy_id) if watched.policy_id else None
    target: int | None = getattr(by, FIELDS[what]) if by else None
    if by is None or target is None:
        return
    session.refresh(by, ["calendar"])
    made = Promise(
        conversation_id=watched.conversation_id,
        policy=by,
        calendar=by.calendar,
        what=what,
        target_seconds=target,
        steps=by.steps,
        started_at=at,
        used_microseconds=0,
        looked=0,
    )
    _set(made, Clock(timedelta(seconds=target)).going(at))
    session.add(made)
    session.flush()
    _note(session, made, "promise.made", target_seconds=target)


def _move(session: Session, known: Promise, change: Change, at: datetime) -> None:
    before = _clock(known)
    if change is Change.RESUME:
        if before.since is None:
            _set(known, before.going(at))
            _note(session, known, "promise.resumed")
        return
    if known.due_at is not None and known.due_at < at:
        _break(session, known)
    if change is Change.PAUSE:
        if before.since is not None:
            _set(known, before.stopped(at, queries.hours(known.calendar)))
            _note(session, known, "promise.paused")
        return
    ending = Standing.MET if change is Change.MEET else Standing.DROPPED
    _set(known, before.stopped(at, queries.hours(known.calendar)), ending)
    known.ended_at = at
    _note(session, known, f"promise.{ending}", in_time=known.broken_at is None)


def _tell(session: Session, known: Promise, percent: int, steps: dict[int, str]) -> None:
    """One moment: a warning before the breach, the breach, or a step of the chain after it."""
    if percent == WHOLE:
        _break(session, known)
    tell = steps.get(percent)
    if tell is None:
        return
    agent_id = conversations.conversation(session, known.conversation_id).agent_id
    kind = "promise.warned" if percent < WHOLE else "promise.escalated"
    if percent < WHOLE and known.warned_at is None:
        known.warned_at = known.look_at
    role, found = queries.reached(session, tell, agent_id)
    known.told = role or known.told
    people = [str(one) for one in found]
    _note(session, known, kind, percent=percent, tell=tell, told=role, people=people)


def _break(session: Session, known: Promise) -> None:
    """The time is up, once. Whoever notices late warns nobody any more."""
    if known.broken_at is not None:
        return
    known.broken_at = known.due_at
    known.looked = max(known.looked, moments(_steps(known)).index(WHOLE))
    _note(session, known, "promise.broken")


def _steps(known: Promise) -> dict[int, str]:
    return {step["percent"]: step["tell"] for step in known.steps}


def _clock(known: Promise) -> Clock:
    used = known.used_microseconds * MICROSECOND
    return Clock(timedelta(seconds=known.target_seconds), used, known.since)


def _set(known: Promise, to: Clock, ending: Standing | None = None) -> None:
    """Put a promise's clock, and with it what it waits for."""
    hours = queries.hours(known.calendar)
    percents = moments(_steps(known))[known.looked :]
    known.used_microseconds, known.since = to.used // MICROSECOND, to.since
    known.standing = ending or (Standing.GOING if to.since else Standing.PAUSED)
    known.due_at = to.moment_of(WHOLE, hours)
    known.look_at = to.moment_of(percents[0], hours) if percents else None


def _note(session: Session, about: Promise, kind: str, **facts: Any) -> None:
    record(
        session,
        kind,
        about.conversation_id,
        Audience.STAFF,
        conversation_id=about.conversation_id,
        promise_id=about.id,
        policy_id=about.policy_id,
        what=about.what,
        due_at=about.due_at and about.due_at.isoformat(),
        **facts,
    )
