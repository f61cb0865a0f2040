"""Asking robots, and writing down how it ended."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from automation.contracts import JobOutcome, JobRequest, Outcome
from desk import clock
from desk.conversations import queries as conversations
from desk.conversations.commands import owe_news, reach_goal
from desk.conversations.models import Resolver
from desk.durable import later
from desk.errors import Forbidden
from desk.escalations.commands import AlreadyEscalated, escalate
from desk.escalations.models import Kind, Reason
from desk.escalations.rules import Packet
from desk.events.commands import record
from desk.events.models import Audience
from desk.jobs import queries
from desk.jobs.models import OPEN, Job, JobStatus
from desk.jobs.rules import MOST_PER_HOUR, key_of, news_of, serves_again

EVENTS = {
    Outcome.DONE: "job.succeeded",
    Outcome.REFUSED: "job.refused",
    Outcome.GAVE_UP: "job.failed",
}


class AskedTooOften(Forbidden):
    """The same was asked for that address as often as it may be within an hour."""


@dataclass(frozen=True)
class Asked:
    """What an action tells the customer: the job, whether this very turn asked for it, and in
    how many seconds to expect its end."""

    job: Job
    is_new: bool
    expected_seconds: int


def ask(session: Session, conversation_id: UUID, request: JobRequest, turn_key: str = "") -> Asked:
    """Ask a robot for something; `carry_out` starts once this commits.

    The turn with this key, tried again, gives the same job as before. Another turn with the same
    wish gives the job that is open or done, if it is the latest of its kind about that order;
    otherwise (something else was wished meanwhile, or it was refused) a job of its own.

    Raises:
        NotFound: there is no such conversation.
        AskedTooOften: see `MOST_PER_HOUR`.
    """
    conversations.conversation(session, conversation_id, lock=True)
    earlier = queries.jobs_about(session, conversation_id, request.kind, request.inputs)
    wish = turn_key or str(len(earlier))
    key = key_of(conversation_id, request.kind, request.inputs, wish)
    before = session.scalars(select(Job).where(Job.key == key)).first()
    if before is not None:
        return Asked(before, is_new=True, expected_seconds=before.expected_seconds)
    last = earlier[-1] if earlier else None
    if last and last.inputs == request.inputs and serves_again(last.kind, last.status):
        return Asked(last, is_new=False, expected_seconds=last.expected_seconds)
    _refuse_what_is_asked_too_often(session, request)
    return _ask_anew(session, conversation_id, request, key)


def _ask_anew(session: Session, conversation_id: UUID, request: JobRequest, key: str) -> Asked:
    expected, late = queries.expected_seconds(session, request.kind)
    job = Job(
        conversation_id=conversation_id,
        kind=request.kind,
        inputs=request.inputs,
        key=key,
        expected_seconds=expected,
        expected_p90_seconds=late,
    )
    session.add(job)
    session.flush()
    _note(session, job, "job.queued", expected_seconds=expected)
    later(session, "carry_out", job.id)
    return Asked(job, is_new=True, expected_seconds=expected)


def begin(session: Session, job_id: UUID) -> dict[str, Any]:
    """Note that a robot is at work; gives its kind and inputs, as plain JSON."""
    job = queries.job(session, job_id, lock=True)
    if job.status is JobStatus.QUEUED:
        job.status, job.started_at = JobStatus.WORKING, clock.now()
        _note(session, job, "job.started")
    return {"kind": job.kind, "inputs": job.inputs}


def settle(session: Session, job_id: UUID, payload: dict[str, Any]) -> None:
    """Write down how the job ended and see that the customer hears of it, once."""
    result = JobOutcome.from_payload(payload)
    job = queries.job(session, job_id, lock=True)
    if job.status not in OPEN:
        return
    job.status, job.code, job.facts = JobStatus(result.outcome), result.code, result.facts
    job.settled_at = clock.now()
    _note(
        session,
        job,
        EVENTS[result.outcome],
        code=result.code,
        reference=result.facts.get("reference"),
    )
    if job.conversation_id is not None:
        _tell(session, job, job.conversation_id, result)


def _tell(session: Session, job: Job, conversation_id: UUID, result: JobOutcome) -> None:
    if result.outcome is Outcome.DONE:
        reach_goal(session, conversation_id, job.kind, by=Resolver.ROBOT)
    intent, facts = news_of(job.kind, job.inputs, result.outcome, result.code, result.facts)
    owe_news(session, conversation_id, intent, facts, key=f"job:{job.id}:outcome")
    if result.outcome is Outcome.GAVE_UP:
        _fetch_a_person(session, job, conversation_id)


def _refuse_what_is_asked_too_often(session: Session, request: JobRequest) -> None:
    most = MOST_PER_HOUR.get(request.kind)
    if most is None:
        return
    email = str(request.inputs["email"])
    _stand_in_line(session, f"{request.kind}:{email.strip().lower()}")
    if queries.asked_within_an_hour(session, request.kind, email) >= most:
        raise AskedTooOften(f"{request.kind} was asked {most} times for it within an hour.")


def _stand_in_line(session: Session, subject: str) -> None:
    """Wait until no other conversation asks about `subject`. SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(subject.encode()).digest()[:8], signed=True)
        session.execute(select(func.pg_advisory_xact_lock(number)))


def _fetch_a_person(session: Session, job: Job, conversation_id: UUID) -> None:
    told = Packet(goal=job.kind, slots=job.inputs, tried=[f"robot {job.kind}: {job.code}"])
    with suppress(AlreadyEscalated):  # a person is coming anyway
        escalate(
            session,
            conversation_id,
            kind=Kind.SYSTEM,
            reason=Reason.ROBOT_GAVE_UP,
            packet=told,
            open_jobs=queries.open_jobs(session, conversation_id),
        )


def _note(session: Session, job: Job, kind: str, **facts: Any) -> None:
    record(
        session,
        kind,
        job.stream,
        Audience.CUSTOMER,
        conversation_id=job.conversation_id,
        job_id=job.id,
        robot=job.kind,
        **facts,
    )
