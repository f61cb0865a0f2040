"""Every write to a job is a fact in the log."""

from typing import Any

from sqlalchemy.orm import Session

from desk.events.commands import record
from desk.events.models import Audience
from desk.jobs.models import Job


def note(session: Session, job: Job, kind: str, **facts: Any) -> None:
    """Record what happened to a job, for whoever may see its conversation."""
    record(
        session,
        kind,
        job.stream,
        Audience.STAFF if job.conversation_id is None else Audience.CUSTOMER,
        conversation_id=job.conversation_id,
        job_id=job.id,
        robot=job.kind,
        **facts,
    )
