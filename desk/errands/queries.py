"""Reading errands and schedules."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import clock
from desk.errands.models import Errand, Schedule
from desk.errors import NotFound
from desk.jobs.models import Asker


class NoSuchSchedule(NotFound):
    """No schedule has this id."""


def errand(session: Session, source: Asker, key: str) -> Errand | None:
    """What was asked for before under this key, if anything was."""
    ours = select(Errand).where(Errand.source == source, Errand.key == key)
    return session.scalars(ours).first()


def schedule(session: Session, schedule_id: UUID, *, lock: bool = False) -> Schedule:
    """One schedule.

    Raises:
        NoSuchSchedule: there is none.
    """
    found = session.get(Schedule, schedule_id, with_for_update=lock or None)
    if found is None:
        raise NoSuchSchedule("There is no such schedule.")
    return found


def schedules(session: Session) -> list[Schedule]:
    """All of them, the next due first and those that are paused last."""
    found = session.scalars(select(Schedule).order_by(Schedule.name))
    return sorted(found, key=lambda one: (one.next_at is None, one.next_at or one.created_at))


def due(session: Session) -> list[tuple[UUID, datetime, str, dict[str, object]]]:
    """The schedules whose time has come, with the moment that was meant, and what for."""
    now = select(Schedule).where(Schedule.next_at <= clock.now()).order_by(Schedule.next_at)
    return [
        (one.id, one.next_at, one.kind, one.inputs)
        for one in session.scalars(now)
        if one.next_at is not None
    ]
