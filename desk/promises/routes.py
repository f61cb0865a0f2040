"""What is promised and how it stands: read by all staff, ruled by supervisors, who also see how
well it was kept."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query
from sqlalchemy.orm import Session

from desk import clock
from desk.conversations import queries as conversations
from desk.durable import reading, transaction
from desk.metrics.routes import Moment, not_a_customer
from desk.metrics.rules import Window
from desk.metrics.schemas import window_of
from desk.people.routes import Staff, Supervisor, supervisor
from desk.promises import queries
from desk.promises.commands import (
    add_calendar,
    add_policy,
    change_calendar,
    change_policy,
    remove_calendar,
    remove_policy,
)
from desk.promises.models import Promise, What
from desk.promises.rules.shares import Verdict, verdict
from desk.promises.schemas import (
    ATTAINMENT,
    CalendarIn,
    CalendarOut,
    CalendarsOut,
    DueOut,
    JudgedListOut,
    KeptOut,
    PoliciesOut,
    PolicyIn,
    PolicyOut,
    PromisesOut,
    judged_out,
    listed_out,
    policy_kept_out,
    promise_out,
)
from desk.settings import settings

SHOWN_AT_MOST = 100

router = APIRouter(tags=["promises"])
kept = APIRouter(
    prefix="/metrics/promises",
    tags=["figures"],
    dependencies=[Depends(not_a_customer), Depends(supervisor)],
)


@router.get("/desk/promises")
def get_due(person: Staff) -> DueOut:
    """What falls due next in any conversation, what is broken first."""
    return reading(_due)


@router.get("/desk/conversations/{conversation_id}/promises")
def get_promises(conversation_id: UUID, person: Staff) -> PromisesOut:
    """What this customer was promised, how it stands, and when it is due."""
    return reading(_promises, conversation_id)


@router.get("/desk/calendars")
def get_calendars(person: Staff) -> CalendarsOut:
    """When teams work."""
    found = reading(queries.calendars)
    return CalendarsOut(items=[CalendarOut.model_validate(one) for one in found])


@router.post("/desk/calendars", status_code=201)
def post_calendar(asked: CalendarIn, person: Supervisor) -> CalendarOut:
    """Keep a calendar."""
    return CalendarOut.model_validate(transaction(add_calendar, person, _told(asked)))


@router.put("/desk/calendars/{calendar_id}")
def put_calendar(calendar_id: UUID, asked: CalendarIn, person: Supervisor) -> CalendarOut:
    """Work at other times from now on; open promises count on by them."""
    changed = transaction(change_calendar, calendar_id, person, _told(asked))
    return CalendarOut.model_validate(changed)


@router.delete("/desk/calendars/{calendar_id}", status_code=204)
def delete_calendar(calendar_id: UUID, person: Supervisor) -> None:
    """Offer it no more. Refused while policies count by it."""
    transaction(remove_calendar, calendar_id, person)


@router.get("/desk/policies")
def get_policies(person: Staff) -> PoliciesOut:
    """What is promised to whom, in the order in which policies are tried."""
    found = reading(queries.policies)
    return PoliciesOut(items=[PolicyOut.model_validate(one, from_attributes=True) for one in found])


@router.post("/desk/policies", status_code=201)
def post_policy(asked: PolicyIn, person: Supervisor) -> PolicyOut:
    """Promise something, for hand-offs from now on."""
    made = transaction(add_policy, person, asked.model_dump())
    return PolicyOut.model_validate(made, from_attributes=True)


@router.put("/desk/policies/{policy_id}")
def put_policy(policy_id: UUID, asked: PolicyIn, person: Supervisor) -> PolicyOut:
    """Promise otherwise from now on; what was promised stays as it was."""
    changed = transaction(change_policy, policy_id, person, asked.model_dump())
    return PolicyOut.model_validate(changed, from_attributes=True)


@router.delete("/desk/policies/{policy_id}", status_code=204)
def delete_policy(policy_id: UUID, person: Supervisor) -> None:
    """Promise it no more; what was promised by it is still owed."""
    transaction(remove_policy, policy_id, person)


@kept.get("")
def get_kept(since: Moment = None, until: Moment = None) -> KeptOut:
    """The share of promises that were kept, per policy, of conversations that began in the
    window."""
    window, at = _window(since, until)
    found = reading(queries.made_in, window)
    by_policy = [policy_kept_out(policy, promises) for policy, promises in found.items()]
    return KeptOut(**_heading(window, at), policies=by_policy)


@kept.get("/conversations")
def get_kept_conversations(
    since: Moment = None,
    until: Moment = None,
    policy_id: UUID | None = None,
    what: What | None = None,
    verdict: Verdict | None = None,
    skip: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> JudgedListOut:
    """Exactly the promises behind a share: those that were kept or broken, and those left out."""
    window, at = _window(since, until)
    made = reading(queries.made_in, window)
    found = [
        one
        for policy, promises in made.items()
        for one in promises
        if policy_id in (None, policy.id) and _is_asked(one, what, verdict)
    ]
    return JudgedListOut(
        **_heading(window, at),
        count=len(found),
        items=[judged_out(one) for one in found[skip : skip + limit]],
        next_skip=skip + limit if len(found) > skip + limit else None,
    )


def _is_asked(one: Promise, what: What | None, wanted: Verdict | None) -> bool:
    counted = verdict(one.standing, one.broken_at)
    return what in (None, one.what) and wanted in (None, counted)


def _window(since: str | None, until: str | None) -> tuple[Window, datetime]:
    now = clock.now()
    return window_of(since, until, ZoneInfo(settings().time_zone), now), now


def _heading(window: Window, at: datetime) -> dict[str, Any]:
    return vars(ATTAINMENT) | {
        "since": window.since,
        "until": window.until,
        "time_zone": str(window.zone),
        "as_of": at,
    }


def _told(asked: CalendarIn) -> dict[str, Any]:
    return asked.model_dump(by_alias=True)


def _due(session: Session) -> DueOut:
    found = queries.open_everywhere(session, SHOWN_AT_MOST)
    items = [listed_out(one, spoken) for one, spoken in found]
    return DueOut(items=items, broken=queries.broken_now(session))


def _promises(session: Session, conversation_id: UUID) -> PromisesOut:
    conversations.conversation(session, conversation_id)
    found = queries.promises_of(session, conversation_id)
    return PromisesOut(items=[promise_out(one) for one in found])
