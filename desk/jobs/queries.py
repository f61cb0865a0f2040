"""Reading jobs."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk import clock
from desk.conversations import queries as conversations
from desk.errors import NotFound
from desk.events.models import Event
from desk.jobs.models import OPEN, Attempt, Job, JobStatus
from desk.jobs.rules import subject_of, typical_seconds

HISTORY = timedelta(days=14)
HOUR = timedelta(hours=1)


def job(session: Session, job_id: UUID, *, lock: bool = False) -> Job:
    """One job; `lock` keeps other writers out of its conversation, if it has one, and of it.

    Raises:
        NotFound: there is none.
    """
    found = session.get(Job, job_id)
    if found is None:
        raise NotFound(f"There is no job {job_id}.")
    if lock:
        if found.conversation_id is not None:
            conversations.conversation(session, found.conversation_id, lock=True)
        session.refresh(found, with_for_update=True)
    return found


def attempts_of(session: Session, job_id: UUID) -> list[Attempt]:
    """Every run of a robot for this job, the first one first."""
    ours = select(Attempt).where(Attempt.job_id == job_id)
    return list(session.scalars(ours.order_by(Attempt.number)))


def jobs_of(session: Session, conversation_id: UUID) -> list[Job]:
    """All jobs of a conversation, the oldest first."""
    ours = select(Job).where(Job.conversation_id == conversation_id)
    return list(session.scalars(ours.order_by(Job.created_at)))


def jobs_about(
    session: Session, conversation_id: UUID, kind: str, inputs: dict[str, Any]
) -> list[Job]:
    """The jobs of a conversation that are of this kind and about the same, the oldest first."""
    ours = jobs_of(session, conversation_id)
    return [j for j in ours if j.kind == kind and subject_of(j.inputs) == subject_of(inputs)]


def asked_within_an_hour(session: Session, kind: str, email: str) -> int:
    """How many jobs of this kind were asked for one e-mail address, in any conversation."""
    address = func.lower(func.trim(Job.inputs["email"].as_string()))
    lately = select(func.count()).where(Job.kind == kind, Job.created_at > clock.now() - HOUR)
    return session.scalar(lately.where(address == email.strip().lower())) or 0


def steps_behind(session: Session, job: Job) -> list[str]:
    """The steps that the robots have behind them in the job's present round, each once."""
    if job.last_step is None:
        return []
    about = Event.facts["job_id"].as_string() == str(job.id)
    told = select(Event).where(Event.stream == job.stream, about)
    told = told.where(Event.kind.in_(("job.step", "job.resumed"))).order_by(Event.number)
    steps: dict[str, None] = {}
    for event in session.scalars(told):
        if event.kind == "job.resumed":
            steps.clear()
        else:
            steps[str(event.facts["step"])] = None
    return list(steps)


def open_jobs(session: Session, conversation_id: UUID) -> list[str]:
    """Ids of the jobs of a conversation that have not ended."""
    return [str(j.id) for j in jobs_of(session, conversation_id) if j.status in OPEN]


def sent_jobs(session: Session) -> list[tuple[UUID, int]]:
    """Id and round of the jobs that are with the robots, the oldest first."""
    with_robots = select(Job.id, Job.round).where(
        Job.status.in_((JobStatus.QUEUED, JobStatus.WORKING))
    )
    return [(job, round) for job, round in session.execute(with_robots.order_by(Job.created_at))]


def settled_before(session: Session, job_ids: list[UUID], moment: datetime) -> set[UUID]:
    """Which of these jobs had ended by then."""
    over = select(Job.id).where(Job.id.in_(job_ids), Job.settled_at < moment)
    return set(session.scalars(over))


def open_attempt_number(session: Session, job_id: UUID) -> int | None:
    """The number of the run of this job that nobody has seen end."""
    still = select(Attempt.number).where(Attempt.job_id == job_id, Attempt.ending.is_(None))
    return session.scalar(still.order_by(Attempt.number.desc()).limit(1))


def expected_seconds(session: Session, kind: str) -> tuple[int, int]:
    """By when half, and by when nine in ten, of this kind's jobs of the last 14 days were done,
    from the moment of asking."""
    done = select(Job.created_at, Job.settled_at).where(
        Job.kind == kind, Job.status == JobStatus.DONE, Job.settled_at > clock.now() - HISTORY
    )
    rows: list[Any] = list(session.execute(done.order_by(Job.settled_at.desc()).limit(200)))
    took = [(end - begin).total_seconds() for begin, end in rows]
    return typical_seconds(took), typical_seconds(took, 0.9)
