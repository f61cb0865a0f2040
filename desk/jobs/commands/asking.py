"""Asking robots."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from automation.contracts import JobRequest
from desk.conversations import queries as conversations
from desk.durable import ROBOT_QUEUE, later
from desk.errors import Conflict, Forbidden
from desk.integrations import robots
from desk.jobs import queries
from desk.jobs.commands.noting import note
from desk.jobs.models import ORDINARY, Asker, Job, JobStatus
from desk.jobs.rules import MOST_PER_HOUR, key_of, robot_for, serves_again


class AskedTooOften(Forbidden):
    """The same was asked for that address as often as it may be within an hour."""


class NoRoom(Conflict):
    """The disk is nearly full: what is accepted now might not be kept."""


@dataclass(frozen=True)
class Asked:
    """What an action tells the customer: the job, whether this very turn asked for it, and in
    how many seconds to expect its end."""

    job: Job
    is_new: bool
    expected_seconds: int


def ask(
    session: Session,
    conversation_id: UUID | None,
    request: JobRequest,
    turn_key: str = "",
    *,
    asked_by: Asker = Asker.CONVERSATION,
    held: bool = False,
    priority: int = ORDINARY,
    not_before_at: datetime | None = None,
    deadline_at: datetime | None = None,
) -> Asked:
    """Ask a robot for something; it is sent there once this commits, unless it is `held` for
    somebody's approval.

    The turn with this key, tried again, gives the same job as before. In a conversation, another
    turn with the same wish gives the job that is open or done, if it is the latest of its kind
    about that order; otherwise (something else was wished meanwhile, or it was refused) a job of
    its own. Without a conversation, `turn_key` alone tells one wish from another.

    Raises:
        NoSuchRobot, InputsDoNotFit: as `robot_for`.
        NotFound: there is no such conversation.
        AskedTooOften: see `MOST_PER_HOUR`.
        NoRoom: the disk is nearly full.
    """
    robot_for(request.kind, request.inputs)
    earlier: list[Job] = []
    if conversation_id is not None:
        conversations.conversation(session, conversation_id, lock=True)
        earlier = queries.jobs_about(session, conversation_id, request.kind, request.inputs)
    key = key_of(conversation_id, request.kind, request.inputs, turn_key or str(len(earlier)))
    before = session.scalars(select(Job).where(Job.key == key)).first()
    if before is not None:
        return Asked(before, is_new=True, expected_seconds=before.expected_seconds)
    last = earlier[-1] if earlier else None
    if last and last.inputs == request.inputs and serves_again(last.kind, last.status):
        return Asked(last, is_new=False, expected_seconds=last.expected_seconds)
    job = Job(
        conversation_id=conversation_id,
        asked_by=asked_by,
        kind=request.kind,
        inputs=request.inputs,
        key=key,
        status=JobStatus.WAITING if held else JobStatus.QUEUED,
        priority=priority,
        not_before_at=not_before_at,
        deadline_at=deadline_at,
    )
    return _asked_anew(session, job)


def _asked_anew(session: Session, job: Job) -> Asked:
    _refuse_what_is_asked_too_often(session, JobRequest(job.kind, job.inputs))
    _refuse_without_room()
    job.expected_seconds, job.expected_p90_seconds = queries.expected_seconds(session, job.kind)
    session.add(job)
    session.flush()
    note(session, job, "job.queued", expected_seconds=job.expected_seconds)
    if job.status is JobStatus.QUEUED:
        send(session, job)
    return Asked(job, is_new=True, expected_seconds=job.expected_seconds)


def send(session: Session, job: Job) -> None:
    """Have `carry_out` take up this round of a job once this commits."""
    later(
        session,
        "carry_out",
        job.id,
        queue=ROBOT_QUEUE + job.kind,
        round=job.round,
        priority=job.priority,
        not_before=job.not_before_at,
    )


def _refuse_without_room() -> None:
    short = robots.bytes_short()
    if short > 0:
        raise NoRoom(f"The disk is nearly full; free {short // 1_000_000 + 1} MB and ask again.")


def _refuse_what_is_asked_too_often(session: Session, request: JobRequest) -> None:
    most = MOST_PER_HOUR.get(request.kind)
    if most is None:
        return
    email = str(request.inputs["email"])
    stand_in_line(session, f"{request.kind}:{email.strip().lower()}")
    if queries.asked_within_an_hour(session, request.kind, email) >= most:
        raise AskedTooOften(f"{request.kind} was asked {most} times for it within an hour.")


def stand_in_line(session: Session, subject: str) -> None:
    """Wait until no other conversation asks about `subject`. SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(subject.encode()).digest()[:8], signed=True)
        session.execute(select(func.pg_advisory_xact_lock(number)))
