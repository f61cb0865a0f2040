"""Reading jobs."""

from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from desk import clock
from desk.conversations import queries as conversations
from desk.errors import NotFound
from desk.events.models import Event
from desk.jobs.models import OPEN, Attempt, Ending, Job, JobStatus
from desk.jobs.rules import subject_of, typical_seconds

HISTORY = timedelta(days=14)
HOUR = timedelta(hours=1)
STEPS_TOLD = ("job.released", "job.step", "job.resumed")
BROKEN = (Ending.BROKE, Ending.KILLED, Ending.LOST)


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
    """The steps that the robots have behind them in the job's present round, each once; before
    them `approved`, where a supervisor had to say so."""
    if job.last_step is None:
        return []
    about = Event.facts["job_id"].as_string() == str(job.id)
    told = select(Event).where(Event.stream == job.stream, about)
    told = told.where(Event.kind.in_(STEPS_TOLD)).order_by(Event.number)
    steps: dict[str, None] = {}
    for event in session.scalars(told):
        if event.kind == "job.resumed":
            steps.clear()
        else:
            steps[str(event.facts.get("step", "approved"))] = None
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


@dataclass(frozen=True)
class Health:
    """How one kind of robot fared in the last 14 days: jobs by how they ended, and runs."""

    done: int = 0
    refused: int = 0
    failed: int = 0  # given up, or for a person to look at
    runs: int = 0
    broken_runs: int = 0
    last_at: datetime | None = None
    last_status: str | None = None
    last_code: str | None = None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"last_at": self.last_at and self.last_at.isoformat()}

    def in_words(self) -> str:
        if self.last_at is None:
            return "has ended no job in the last 14 days"
        return (
            f"last 14 days: {self.done} done, {self.refused} refused, {self.failed} failed; "
            f"{self.broken_runs} of {self.runs} runs broke; last at "
            f"{self.last_at:%Y-%m-%d %H:%M} UTC: {self.last_status} ({self.last_code})"
        )


def health(session: Session) -> dict[str, Health]:
    """How each kind of robot fared that ended a job in the last 14 days."""
    since = clock.now() - HISTORY
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    ended = select(Job.kind, Job.status, func.count()).where(Job.settled_at > since)
    for kind, status, count in session.execute(ended.group_by(Job.kind, Job.status)):
        counts[kind][status] = count
    return {kind: _health_of(session, kind, told, since) for kind, told in counts.items()}


def _health_of(session: Session, kind: str, told: dict[str, int], since: datetime) -> Health:
    lately = select(Job).where(Job.kind == kind, Job.settled_at > since)
    last = session.scalars(lately.order_by(Job.settled_at.desc()).limit(1)).one()
    runs = select(func.count(), func.count(case((Attempt.ending.in_(BROKEN), 1)))).where(
        Attempt.job_id == Job.id, Job.kind == kind, Attempt.ended_at > since
    )
    ended, broken = session.execute(runs).one()
    return Health(
        done=told.get(JobStatus.DONE, 0),
        refused=told.get(JobStatus.REFUSED, 0),
        failed=told.get(JobStatus.GAVE_UP, 0) + told.get(JobStatus.NEEDS_REVIEW, 0),
        runs=ended,
        broken_runs=broken,
        last_at=last.settled_at,
        last_status=last.status,
        last_code=last.code,
    )
