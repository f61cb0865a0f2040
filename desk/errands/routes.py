"""Where programs ask for jobs, and where the staff keep the schedules.

`/jobs` is for the staff who are signed in, and for programs that hold DESK_API_TOKEN; `/hooks/jobs`
is for whoever signs with DESK_WEBHOOK_SECRETS; the schedules are seen by all staff and kept by
supervisors.
"""

from secrets import compare_digest
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Cookie, Depends, Header, Request
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from automation.catalogue import CATALOGUE
from automation.contracts import JobRequest
from desk import clock
from desk.approvals.queries import worth_of
from desk.durable import reading, transaction
from desk.errands import queries
from desk.errands.commands import (
    add_schedule,
    ask_once,
    change_schedule,
    remove_schedule,
    set_going,
)
from desk.errands.rules import check_signature
from desk.errands.schemas import (
    AskedOut,
    HookIn,
    JobIn,
    ScheduleIn,
    ScheduleOut,
    SchedulesOut,
    asked_out,
)
from desk.errors import Invalid
from desk.jobs import queries as jobs
from desk.jobs.models import Asker
from desk.people.routes import Staff, Supervisor, signed_in
from desk.people.rules import NotSignedIn
from desk.settings import settings

router = APIRouter(tags=["jobs from outside"])

DELIVERY = {
    "id": "evt_01JD2Z",
    "type": "job.requested",
    "data": {"kind": "resend_invoice", "inputs": {"order_number": "KD-4712"}},
}
HOOK = {
    "content": {"application/json": {"schema": HookIn.model_json_schema(), "example": DELIVERY}}
}

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        description="The same key is the same job, however often it is sent.",
    ),
]


class NoDelivery(Invalid):
    """The body of a webhook is none."""


def program_or_staff(
    request: Request,
    authorization: Annotated[str | None, Header()] = None,
    desk_session: Annotated[str | None, Cookie()] = None,
    x_csrf_token: Annotated[str | None, Header()] = None,
) -> Asker:
    """On whose word a job is asked for: a program's that holds the token, or a person's.

    Raises:
        NotSignedIn, NoCsrfToken: neither.
    """
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() == "bearer":
        known = settings().api_token.get_secret_value()
        if known and compare_digest(token.encode(), known.encode()):
            return Asker.API
        raise NotSignedIn("This token is not one of this desk's.")
    signed_in(request, desk_session, x_csrf_token)
    return Asker.PERSON


Who = Annotated[Asker, Depends(program_or_staff)]


@router.post("/jobs", status_code=202)
def post_job(asked: JobIn, who: Who, key: Key) -> AskedOut:
    """Ask a robot for something, without a conversation."""
    return _ask(who, key, asked)


@router.get("/jobs/{job_id}")
def get_asked_job(job_id: UUID, who: Who) -> AskedOut:
    """How a job stands that was asked for."""
    return asked_out(reading(jobs.job, job_id))


@router.post("/hooks/jobs", status_code=202, openapi_extra={"requestBody": HOOK})
async def post_hook(
    request: Request, x_desk_signature: Annotated[str, Header(max_length=200)] = ""
) -> AskedOut:
    """Ask by webhook, signed as `t=…,v1=hex(HMAC-SHA256(secret, "{t}.{body}"))`."""
    body = await request.body()
    secrets = settings().webhook_secrets.get_secret_value().split()
    check_signature(x_desk_signature, body, secrets, clock.now())
    try:
        told = HookIn.model_validate_json(body)
    except ValidationError as wrong:
        fields = {".".join(map(str, found["loc"])) for found in wrong.errors()}
        raise NoDelivery(f"Not as agreed: {', '.join(sorted(fields)) or 'the body'}.") from None
    return await run_in_threadpool(_ask, Asker.WEBHOOK, told.id, told.data)


@router.get("/desk/schedules")
def get_schedules(person: Staff) -> SchedulesOut:
    """What is started by the clock, the next first."""
    found = reading(queries.schedules)
    items = [ScheduleOut.model_validate(one) for one in found]
    return SchedulesOut(items=items, robots=list(CATALOGUE))


@router.post("/desk/schedules", status_code=201)
def post_schedule(asked: ScheduleIn, person: Supervisor) -> ScheduleOut:
    """Have a robot started by the clock."""
    return ScheduleOut.model_validate(transaction(add_schedule, person, **asked.model_dump()))


@router.put("/desk/schedules/{schedule_id}")
def put_schedule(schedule_id: UUID, asked: ScheduleIn, person: Supervisor) -> ScheduleOut:
    """Have it start something else, or at other times."""
    changed = transaction(change_schedule, schedule_id, person, **asked.model_dump())
    return ScheduleOut.model_validate(changed)


@router.delete("/desk/schedules/{schedule_id}", status_code=204)
def delete_schedule(schedule_id: UUID, person: Supervisor) -> None:
    """Start it never again."""
    transaction(remove_schedule, schedule_id, person)


@router.post("/desk/schedules/{schedule_id}/pause")
def post_pause(schedule_id: UUID, person: Supervisor) -> ScheduleOut:
    """Start it no more for now."""
    return ScheduleOut.model_validate(transaction(set_going, schedule_id, person, goes=False))


@router.post("/desk/schedules/{schedule_id}/go-on")
def post_go_on(schedule_id: UUID, person: Supervisor) -> ScheduleOut:
    """Start it again, from its next time."""
    return ScheduleOut.model_validate(transaction(set_going, schedule_id, person, goes=True))


def _ask(who: Asker, key: str, asked: JobIn) -> AskedOut:
    request = JobRequest(asked.kind, asked.inputs)
    return asked_out(transaction(ask_once, who, key, request, worth=worth_of(request)))
