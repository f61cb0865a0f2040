"""What the console asks about jobs. Every route here wants a member of staff who is signed in."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse
from sqlalchemy.orm import Session

from automation.contracts import JobRequest
from desk.approvals.queries import worth_of
from desk.durable import reading, transaction
from desk.integrations import robot_files
from desk.jobs import queries as jobs
from desk.jobs.commands import cancel
from desk.oversight import commands, queries
from desk.oversight.rules import State, place_of
from desk.oversight.schemas import (
    CloseIn,
    JobsOut,
    PutRightIn,
    WholeJobOut,
    line_out,
    whole_out,
)
from desk.people.routes import Staff

router = APIRouter(prefix="/desk/jobs", tags=["jobs of robots"])

NOBODY = UUID(int=0)
# A page that a robot saw may hold anything: it runs nothing, loads nothing and belongs nowhere.
HARMLESS = {"Content-Security-Policy": "sandbox; default-src 'none'", "Cache-Control": "private"}


@router.get("")
def get_jobs(
    person: Staff,
    state: Annotated[State, Query(description="Which of them.")] = State.FAILED,
    kind: Annotated[str | None, Query(max_length=40, examples=["refund"])] = None,
    cursor: Annotated[
        str | None, Query(max_length=100, description="`next_cursor` of the page before.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> JobsOut:
    """Jobs that wait for a person (`failed`), are going on (`open`) or are over (`ended`)."""
    return reading(_page, state, kind, cursor, limit)


@router.get("/{job_id}")
def get_job(job_id: UUID, person: Staff) -> WholeJobOut:
    """All of one job: what was asked, every run, every step, and what the robots left."""
    return _whole(job_id)


@router.get(
    "/{job_id}/runs/{run}/files/{name}",
    response_class=FileResponse,
    responses={200: {"content": {"application/octet-stream": {}}}},
)
def get_file(job_id: UUID, run: int, name: str, person: Staff) -> FileResponse:
    """A picture, log or paper that a run of the robot left."""
    reading(jobs.job, job_id)
    path, kind = robot_files.file_of(job_id, run, name)
    disposition = "attachment" if path.suffix.lower() in robot_files.KEPT else "inline"
    return FileResponse(
        path,
        media_type=kind,
        filename=path.name,
        content_disposition_type=disposition,
        headers=HARMLESS,
    )


@router.post("/{job_id}/resume")
def post_resume(job_id: UUID, asked: PutRightIn, person: Staff) -> WholeJobOut:
    """Send a failed job to the robots once more, with corrected inputs if given. A refund of
    another order, or one that nobody had approved, is weighed anew."""
    before = reading(jobs.job, job_id)
    request = JobRequest(before.kind, before.inputs if asked.inputs is None else asked.inputs)
    worth = worth_of(request)
    transaction(commands.put_right, job_id, person, asked.round, asked.inputs, worth=worth)
    return _whole(job_id)


@router.post("/{job_id}/close")
def post_close(job_id: UUID, asked: CloseIn, person: Staff) -> WholeJobOut:
    """Leave a failed job as it is, and tell the customer how it goes on."""
    transaction(commands.close, job_id, person, asked.round, asked.message)
    return _whole(job_id)


@router.post("/{job_id}/cancel")
def post_cancel(job_id: UUID, person: Staff) -> WholeJobOut:
    """Never begin a job that no robot is at yet."""
    transaction(cancel, job_id, person_id=person.id)
    return _whole(job_id)


def _whole(job_id: UUID) -> WholeJobOut:
    known = reading(queries.whole, job_id)
    return whole_out(known, robot_files.left_by(job_id), robot_files.steps_of(job_id))


def _page(
    session: Session, state: State, kind: str | None, cursor: str | None, limit: int
) -> JobsOut:
    found = queries.listed(session, state, kind, cursor, limit)
    shown, more = found[:limit], found[limit:]
    spoken = queries.customers_of(session, shown)
    last = shown[-1] if shown else None
    return JobsOut(
        items=[line_out(job, spoken.get(job.conversation_id or NOBODY)) for job in shown],
        next_cursor=place_of(last.created_at, last.id) if more and last else None,
        counts=queries.counted(session),
    )
