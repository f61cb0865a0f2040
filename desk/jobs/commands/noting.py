"""Every write to a job is a fact in the log."""

from typing import Any

from sqlalchemy.orm import Session

from desk.events.commands import record
from desk.events.models import Audience
from desk.jobs.models import Job
from desk.jobs.rules import DISCREET

DETAILS = ("job.step", "job.attempt_ended")


def note(session: Session, job: Job, kind: str, **facts: Any) -> None:
    """Record what happened to a job, for whoever may see its conversation. How far a robot came
    would tell the customer what a discreet job must not."""
    is_hidden = job.conversation_id is None or (job.kind in DISCREET and kind in DETAILS)
    record(
        session,
        kind,
        job.stream,
        Audience.STAFF if is_hidden else Audience.CUSTOMER,
        conversation_id=job.conversation_id,
        job_id=job.id,
        robot=job.kind,
        **facts,
    )
