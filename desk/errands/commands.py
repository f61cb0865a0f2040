"""Asking robots without a conversation: on a program's word, or by the clock."""

from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from automation.contracts import JobRequest
from desk import clock
from desk.approvals.commands import ask_for
from desk.approvals.rules import Worth
from desk.errands import queries
from desk.errands.models import Errand, Schedule
from desk.errands.rules import digest_of, next_time
from desk.errors import Conflict
from desk.events.commands import record
from desk.jobs import queries as jobs
from desk.jobs.commands import stand_in_line
from desk.jobs.models import Asker, Job
from desk.jobs.rules import robot_for
from desk.people.models import Person
from desk.reports.queries import filled
from desk.settings import settings


class AskedOtherwise(Conflict):
    """The same key came before with another request."""


class NameTaken(Conflict):
    """Another schedule has this name."""


def ask_once(
    session: Session, source: Asker, key: str, request: JobRequest, *, worth: Worth | None = None
) -> Job:
    """Ask a robot, or a supervisor first; the same `key` of the same source is the same job.

    Raises:
        AskedOtherwise: the key was used for something else.
        NoSuchRobot, InputsDoNotFit, AskedTooOften, NoRoom: as `ask`.
    """
    stand_in_line(session, f"errand:{source}:{key}")
    before, digest = queries.errand(session, source, key), digest_of(request.kind, request.inputs)
    if before is not None:
        if before.digest != digest:
            raise AskedOtherwise("This key was used for another request. Take a new one.")
        return jobs.job(session, before.job_id)
    asked = ask_for(session, None, request, f"{source}:{key}", worth=worth, asked_by=source)
    session.add(Errand(source=source, key=key, digest=digest, job_id=asked.job.id))
    session.flush()
    return asked.job


def add_schedule(
    session: Session, person: Person, *, name: str, kind: str, inputs: dict[str, Any], cron: str
) -> Schedule:
    """Have a robot started by the clock.

    Raises:
        NoSuchRobot, InputsDoNotFit, NoSuchTime: it could never run.
        NameTaken: the name is another schedule's.
    """
    robot_for(kind, filled(session, kind, inputs))
    due = next_time(cron, clock.now(), settings().time_zone)
    _see_that_it_is_free(session, name)
    made = Schedule(
        name=name, kind=kind, inputs=inputs, cron=cron, person_id=person.id, next_at=due
    )
    session.add(made)
    session.flush()
    _note(session, made, "schedule.added", person_id=person.id)
    return made


def change_schedule(
    session: Session,
    schedule_id: UUID,
    person: Person,
    *,
    name: str,
    kind: str,
    inputs: dict[str, Any],
    cron: str,
) -> Schedule:
    """Have it start something else, or at other times. A paused one stays paused.

    Raises:
        NoSuchSchedule: there is none.
        NoSuchRobot, InputsDoNotFit, NoSuchTime, NameTaken: as `add_schedule`; it stays as it was.
    """
    known = queries.schedule(session, schedule_id, lock=True)
    robot_for(kind, filled(session, kind, inputs))
    due = next_time(cron, clock.now(), settings().time_zone)
    if name != known.name:
        _see_that_it_is_free(session, name)
    known.name, known.kind, known.inputs, known.cron = name, kind, inputs, cron
    known.next_at = known.next_at and due
    session.flush()
    _note(session, known, "schedule.changed", person_id=person.id)
    return known


def remove_schedule(session: Session, schedule_id: UUID, person: Person) -> None:
    """Start it never again. Twice is harmless; jobs that it started stay."""
    with suppress(queries.NoSuchSchedule):
        known = queries.schedule(session, schedule_id, lock=True)
        _note(session, known, "schedule.removed", person_id=person.id)
        session.delete(known)


def set_going(session: Session, schedule_id: UUID, person: Person, *, goes: bool) -> Schedule:
    """Pause a schedule, or let it go on from its next time. Twice is harmless.

    Raises:
        NoSuchSchedule: there is none.
    """
    known = queries.schedule(session, schedule_id, lock=True)
    if goes == (known.next_at is not None):
        return known
    known.next_at = next_time(known.cron, clock.now(), settings().time_zone) if goes else None
    _note(session, known, "schedule.resumed" if goes else "schedule.paused", person_id=person.id)
    return known


def start_due(
    session: Session, schedule_id: UUID, due: datetime, *, worth: Worth | None = None
) -> None:
    """Start what was due at that moment, once, however many workers see it. Times that passed
    while nobody worked are made up for by this one run."""
    known = queries.schedule(session, schedule_id, lock=True)
    session.refresh(known)
    if known.next_at != due:
        return
    request = JobRequest(known.kind, filled(session, known.kind, known.inputs))
    job = ask_once(session, Asker.SCHEDULE, f"{known.id}:{due.isoformat()}", request, worth=worth)
    known.last_at, known.last_job_id = due, job.id
    known.next_at = next_time(known.cron, clock.now(), settings().time_zone)
    _note(session, known, "schedule.started", job_id=job.id)


def stop_broken(session: Session, schedule_id: UUID, due: datetime, code: str) -> None:
    """Pause a schedule whose robot cannot be asked any more: it would fail every time. One that
    was removed meanwhile is none."""
    with suppress(queries.NoSuchSchedule):
        known = queries.schedule(session, schedule_id, lock=True)
        if known.next_at == due:
            known.next_at = None
            _note(session, known, "schedule.broken", code=code)


def _see_that_it_is_free(session: Session, name: str) -> None:
    stand_in_line(session, f"schedule:{name}")
    if session.scalars(select(Schedule.id).where(Schedule.name == name)).first() is not None:
        raise NameTaken("Another schedule has this name.")


def _note(session: Session, about: Schedule, kind: str, **facts: Any) -> None:
    record(session, kind, about.id, schedule_id=about.id, robot=about.kind, **facts)
