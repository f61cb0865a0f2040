"""Keeping calendars and policies."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from desk import clock
from desk.errors import Conflict
from desk.events.commands import record
from desk.people.models import Person
from desk.promises import queries
from desk.promises.commands.keeping import look, retime, spent
from desk.promises.models import Calendar, Policy
from desk.promises.rules.policies import FIELDS, check_targets, checked_policy
from desk.promises.rules.written import checked_calendar, hours_of


class NameTaken(Conflict):
    """Another calendar, or another policy, has this name."""


class CalendarInUse(Conflict):
    """Policies count by this calendar."""


def add_calendar(session: Session, person: Person, told: Mapping[str, Any]) -> Calendar:
    """Keep a calendar.

    Raises:
        CalendarWrong, TooLong, Unreadable: says what would be right.
        NameTaken: the name is another's.
    """
    made = Calendar(**checked_calendar(told))
    _see_that_it_is_free(session, Calendar, made.name)
    session.add(made)
    session.flush()
    _note(session, "calendar.added", made, person)
    return made


def change_calendar(
    session: Session, calendar_id: UUID, person: Person, told: Mapping[str, Any]
) -> Calendar:
    """Work at other times from now on. Open promises count on by them; what they have used up to
    now, and whether they are broken, stays as it was counted.

    Raises:
        NoSuchCalendar: there is none.
        CalendarWrong, TooLong, Unreadable, NameTaken: as `add_calendar`; it stays as it was.
        NeverDue: what a policy promises by it could not fall due any more.
    """
    known = queries.calendar(session, calendar_id, lock=True)
    written = checked_calendar(told)
    _see_that_it_is_free(session, Calendar, written["name"], known.id)
    hours = hours_of(written["time_zone"], written["week"], written["holidays"])
    for policy in queries.policies_by(session, known.id):
        check_targets({what: getattr(policy, field) for what, field in FIELDS.items()}, hours)
    counting = [one.id for one in queries.open_by(session, known.id)]
    for promise_id in counting:
        look(session, promise_id)
    now = clock.now()
    used = [(one, spent(one, now)) for one in queries.open_by(session, known.id)]
    for field, value in written.items():
        setattr(known, field, value)
    for promise, gone in used:
        retime(promise, gone, now)
    session.flush()
    _note(session, "calendar.changed", known, person, promises=len(used))
    return known


def remove_calendar(session: Session, calendar_id: UUID, person: Person) -> None:
    """Offer it no more. Twice is harmless; promises that were made by it still count by it.

    Raises:
        CalendarInUse: names the policies that would have none.
    """
    with suppress(queries.NoSuchCalendar):
        known = queries.calendar(session, calendar_id, lock=True)
        by = queries.policies_by(session, known.id)
        if by:
            names = ", ".join(policy.name for policy in by)
            raise CalendarInUse(f"Policies count by it: {names}. Give them another one first.")
        known.retired_at = clock.now()
        _note(session, "calendar.removed", known, person)


def add_policy(session: Session, person: Person, told: Mapping[str, Any]) -> Policy:
    """Promise something from now on: hand-offs from before it keep what they had.

    Raises:
        PolicyWrong, TooLong, Unreadable: says what would be right.
        NoSuchCalendar: it names none of ours.
        NameTaken: the name is another's.
    """
    written, calendar = _checked(session, told)
    _see_that_it_is_free(session, Policy, written["name"])
    made = Policy(**written, calendar=calendar)
    session.add(made)
    session.flush()
    _note(session, "policy.added", made, person)
    return made


def change_policy(
    session: Session, policy_id: UUID, person: Person, told: Mapping[str, Any]
) -> Policy:
    """Promise otherwise from now on. What was promised stays promised as it was.

    Raises:
        NoSuchPolicy: there is none.
        PolicyWrong, TooLong, Unreadable, NoSuchCalendar, NameTaken: as `add_policy`; it stays.
    """
    known = queries.policy(session, policy_id, lock=True)
    written, calendar = _checked(session, told)
    _see_that_it_is_free(session, Policy, written["name"], known.id)
    for field, value in written.items():
        setattr(known, field, value)
    known.calendar = calendar
    session.flush()
    _note(session, "policy.changed", known, person)
    return known


def remove_policy(session: Session, policy_id: UUID, person: Person) -> None:
    """Promise it no more. Twice is harmless; what was promised by it is still owed."""
    with suppress(queries.NoSuchPolicy):
        known = queries.policy(session, policy_id, lock=True)
        known.retired_at = clock.now()
        _note(session, "policy.removed", known, person)


def _checked(session: Session, told: Mapping[str, Any]) -> tuple[dict[str, Any], Calendar | None]:
    chosen = told["calendar_id"]
    calendar = queries.calendar(session, chosen, lock=True) if chosen else None
    return checked_policy(told, queries.hours(calendar)), calendar


def _see_that_it_is_free(
    session: Session, kind: type[Calendar | Policy], name: str, but: UUID | None = None
) -> None:
    if queries.is_name_taken(session, kind, name, but):
        raise NameTaken(f"Another one is called {name!r}. Take another name.")


def _note(
    session: Session, kind: str, about: Calendar | Policy, person: Person, **facts: Any
) -> None:
    names = {f"{kind.split('.', maxsplit=1)[0]}_id": about.id}
    record(session, kind, about.id, person_id=person.id, **names, **facts)
