"""The runs of a job, and writing down how it ended."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from automation.catalogue import CATALOGUE, Robot
from automation.contracts import JobOutcome, Outcome
from desk import clock
from desk.conversations.commands import owe_news, reach_goal
from desk.conversations.models import Resolver
from desk.escalations.commands import AlreadyEscalated, escalate
from desk.escalations.models import Kind, Reason
from desk.escalations.rules import Packet
from desk.jobs import queries
from desk.jobs.commands.noting import note
from desk.jobs.models import OPEN, Attempt, Ending, Job, JobStatus
from desk.jobs.rules import DISCREET, news_of, pause_seconds, redacted
from desk.letters.commands import owe_letter

EVENTS = {
    Outcome.DONE: "job.succeeded",
    Outcome.REFUSED: "job.refused",
    Outcome.GAVE_UP: "job.failed",
    Outcome.NEEDS_REVIEW: "job.needs_human",
}
ENDINGS = {Outcome.DONE: Ending.DONE, Outcome.REFUSED: Ending.REFUSED}


@dataclass(frozen=True)
class Run:
    """What a worker is to do for a job next: run a robot, or take `outcome` for its end. With
    neither, there is nothing left to do."""

    kind: str = ""
    inputs: dict[str, Any] | None = None
    number: int = 0
    outcome: JobOutcome | None = None


def begin(session: Session, job_id: UUID) -> dict[str, Any]:
    """Note that a robot is at work; gives its kind and inputs, as plain JSON."""
    job = queries.job(session, job_id, lock=True)
    if job.status is JobStatus.QUEUED:
        job.status, job.started_at = JobStatus.WORKING, _now_or(job.created_at)
        note(session, job, "job.started")
    return {"kind": job.kind, "inputs": job.inputs}


def open_attempt(
    session: Session, job_id: UUID, round: int, worker: str, found: JobOutcome | None = None
) -> Run:
    """Begin a run of the job's robot and number it, or say that there is nothing to run.

    A run that is still open belongs to a worker that died: it is lost, and counts. `found` is
    the answer that it left behind, if any.
    """
    job = queries.job(session, job_id, lock=True)
    if job.status not in (JobStatus.QUEUED, JobStatus.WORKING) or job.round != round:
        return Run()
    made = [run for run in queries.attempts_of(session, job_id) if run.round == round]
    lost = next((run for run in made if run.ending is None), None)
    if lost is not None and found is None:
        _end(lost, Ending.LOST, "WORKER_LOST", None)
        note(session, job, "job.attempt_ended", number=lost.number, code="WORKER_LOST")
    outcome = found or _without_another_run(job, made, was_lost=lost is not None)
    if outcome is not None:
        return Run(outcome=outcome)
    begin(session, job_id)
    job.attempts += 1
    job.heartbeat_at = clock.now()
    session.add(
        Attempt(
            job_id=job_id,
            number=job.attempts,
            round=round,
            worker=worker,
            started_at=clock.now(),
        )
    )
    return Run(job.kind, job.inputs, job.attempts)


def _without_another_run(job: Job, made: list[Attempt], *, was_lost: bool) -> JobOutcome | None:
    robot = CATALOGUE.get(job.kind)
    if robot is None:
        return JobOutcome(Outcome.GAVE_UP, "ROBOT_UNKNOWN", {})
    if was_lost and not robot.looks_up:
        return JobOutcome(Outcome.NEEDS_REVIEW, "UNKNOWN_OUTCOME", {})
    if len(made) >= tries_of(robot):
        return JobOutcome(Outcome.GAVE_UP, "ROBOT_GAVE_UP", {})
    if job.deadline_at is not None and clock.now() > job.deadline_at:
        return JobOutcome(Outcome.GAVE_UP, "DEADLINE_PASSED", {})
    return None


def tries_of(robot: Robot) -> int:
    """How often a robot is run at most for one round of a job."""
    return robot.tries if robot.looks_up else 1


def finish_attempt(
    session: Session, job_id: UUID, number: int, ending: Ending, code: str, message: str
) -> dict[str, Any] | None:
    """Write down how a run failed; gives after how many seconds to try again, or the outcome.
    None if somebody else has written down another end of it: it is no longer ours."""
    job = queries.job(session, job_id, lock=True)
    made = queries.attempts_of(session, job_id)
    ours = next(run for run in made if run.number == number)
    if ours.ending is not None or job.status not in OPEN:
        return None
    _end(ours, ending, code, redacted(message, job.inputs))
    note(session, job, "job.attempt_ended", number=number, code=code)
    robot = CATALOGUE[job.kind]
    tries = sum(run.round == job.round for run in made)
    if tries < tries_of(robot):
        return {"pause_seconds": pause_seconds(tries)}
    if robot.looks_up:
        return {"outcome": JobOutcome(Outcome.GAVE_UP, "ROBOT_GAVE_UP", {}).to_payload()}
    return {"outcome": JobOutcome(Outcome.NEEDS_REVIEW, "UNKNOWN_OUTCOME", {}).to_payload()}


def note_life(session: Session, job_id: UUID, steps: list[str], at: datetime) -> None:
    """Write down that the robot was seen alive at `at`, and the steps it has behind it since."""
    job = queries.job(session, job_id, lock=True)
    if job.status is not JobStatus.WORKING:
        return
    job.heartbeat_at = at
    for step in steps:
        job.last_step = step
        note(session, job, "job.step", step=step, number=job.attempts)


def settle(session: Session, job_id: UUID, payload: dict[str, Any]) -> None:
    """Write down how the job ended and see that the customer hears of it, once."""
    result = JobOutcome.from_payload(payload)
    job = queries.job(session, job_id, lock=True)
    if job.status not in OPEN:
        return
    job.status, job.code, job.facts = JobStatus(result.outcome), result.code, result.facts
    job.settled_at = _now_or(job.started_at or job.created_at)
    for run in queries.attempts_of(session, job_id):
        if run.ending is None:
            _end(run, ENDINGS.get(result.outcome, Ending.LOST), result.code, None)
    note(
        session,
        job,
        EVENTS[result.outcome],
        code=result.code,
        reference=result.facts.get("reference"),
    )
    if job.conversation_id is not None:
        _tell(session, job, job.conversation_id, result)


def _end(run: Attempt, ending: Ending, code: str, message: str | None) -> None:
    run.ended_at, run.ending, run.code, run.message = _now_or(run.started_at), ending, code, message


def _now_or(begun: datetime) -> datetime:
    """Now, or when it began, if the clock has been set back meanwhile: nothing takes less than
    no time."""
    return max(clock.now(), begun)


def _tell(session: Session, job: Job, conversation_id: UUID, result: JobOutcome) -> None:
    if result.outcome is Outcome.DONE:
        reach_goal(session, conversation_id, job.kind, by=Resolver.ROBOT)
    intent, facts = news_of(job.kind, job.inputs, result.outcome, result.code, result.facts)
    owe_news(session, conversation_id, intent, facts, key=_news_key(job))
    if job.kind not in DISCREET:  # it is a letter itself, and whether it came is not to be told
        number = job.inputs.get("order_number")
        owe_letter(session, conversation_id, _news_key(job), order_number=number)
    if result.outcome in (Outcome.GAVE_UP, Outcome.NEEDS_REVIEW):
        _fetch_a_person(session, job, conversation_id)


def _news_key(job: Job) -> str:
    first = f"job:{job.id}:outcome"
    return first if job.round == 1 else f"{first}:{job.round}"


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
