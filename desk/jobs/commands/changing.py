"""Changing one's mind about a job: not at all, not yet, or once more."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from desk import clock
from desk.errors import Conflict
from desk.jobs import queries
from desk.jobs.commands.asking import send
from desk.jobs.commands.noting import note
from desk.jobs.models import TO_BE_SEEN_TO, Job, JobStatus
from desk.jobs.rules import robot_for


class AlreadyWorking(Conflict):
    """A robot is at it, or it is over: stopping a robot half-way would leave half of its work."""


class NotHeld(Conflict):
    """It does not wait for anybody's approval."""


class NotOver(Conflict):
    """Only what was refused, given up or left to a person is sent to the robots once more."""


def cancel(session: Session, job_id: UUID, *, person_id: UUID | None = None) -> Job:
    """Never begin this job. `person_id` is whoever of the staff wanted it so.

    Raises:
        NotFound: there is none.
        AlreadyWorking: it has begun.
    """
    job = _not_begun(session, job_id)
    job.status, job.settled_at = JobStatus.CANCELLED, clock.now()
    note(session, job, "job.cancelled", person_id=person_id)
    return job


def release(session: Session, job_id: UUID, *, person_id: UUID | None = None) -> Job:
    """Send a job to the robots that was held for somebody's approval.

    Raises:
        NotFound: there is none.
        NotHeld: it waits for nobody.
    """
    job = queries.job(session, job_id, lock=True)
    if job.status is not JobStatus.WAITING:
        raise NotHeld(f"The job is {job.status}; nobody has to approve it.")
    job.status = JobStatus.QUEUED
    note(session, job, "job.released", person_id=person_id)
    send(session, job)
    return job


def postpone(
    session: Session, job_id: UUID, until: datetime, *, person_id: UUID | None = None
) -> Job:
    """Begin this job at `until` and no sooner; a moment that has passed means now.

    Raises:
        NotFound: there is none.
        AlreadyWorking: it has begun.
    """
    job = _not_begun(session, job_id)
    job.not_before_at = until
    note(session, job, "job.postponed", until=until.isoformat(), person_id=person_id)
    if job.status is JobStatus.QUEUED:
        job.round += 1  # the round that waits in the queue finds that it is no longer meant
        send(session, job)
    return job


def resume(
    session: Session,
    job_id: UUID,
    inputs: dict[str, Any] | None = None,
    *,
    person_id: UUID | None = None,
    held: bool = False,
) -> Job:
    """Send a job that did not come to a good end to the robots once more, with corrected inputs
    if given, unless it is `held` for somebody's approval. It stays the same job, so the robot
    knows again what it has done already.

    Raises:
        NotFound: there is none.
        NotOver: it is open, done or cancelled.
        NoSuchRobot, InputsDoNotFit: as `robot_for`.
    """
    job = queries.job(session, job_id, lock=True)
    if job.status not in TO_BE_SEEN_TO:
        raise NotOver(f"The job is {job.status}; only one that failed can be resumed.")
    robot_for(job.kind, job.inputs if inputs is None else inputs)
    before, job.status = job.status, JobStatus.WAITING if held else JobStatus.QUEUED
    job.inputs = job.inputs if inputs is None else inputs
    job.code = job.settled_at = job.not_before_at = job.deadline_at = job.last_step = None
    job.round += 1
    note(session, job, "job.resumed", before=before, round=job.round, person_id=person_id)
    if not held:
        send(session, job)
    return job


def _not_begun(session: Session, job_id: UUID) -> Job:
    job = queries.job(session, job_id, lock=True)
    if job.status not in (JobStatus.QUEUED, JobStatus.WAITING):
        raise AlreadyWorking(f"The job is {job.status}; only one that waits can be changed.")
    return job
