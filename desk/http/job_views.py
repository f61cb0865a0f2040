"""Jobs as customers and staff are shown them, and what all shapes have in common."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from desk.http import examples
from desk.jobs import queries as jobs
from desk.jobs.models import Job, JobStatus
from desk.jobs.rules import DISCREET, must_look_done


def shown(example: dict[str, Any]) -> ConfigDict:
    """Read from rows and views; `example` is what the documentation shows."""
    return ConfigDict(from_attributes=True, json_schema_extra={"examples": [example]})


class Shape(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class JobOut(Shape):
    """What was asked of a robot. Half of the jobs of its kind were done in `expected_seconds`, nine
    in ten in `expected_p90_seconds`; `steps` are behind it in this `round`."""

    model_config = shown(examples.JOB)

    id: UUID
    kind: str
    status: JobStatus
    code: str | None
    reference: str | None
    order_number: str | None
    expected_seconds: int
    expected_p90_seconds: int
    round: int
    steps: list[str]
    created_at: datetime
    settled_at: datetime | None


def job_view(session: Session, job: Job) -> dict[str, Any]:
    """One job, without its inputs: those are the customer's own and may be long."""
    return {
        "id": job.id,
        "kind": job.kind,
        "status": job.status,
        "code": job.code,
        "reference": job.facts.get("reference"),
        "order_number": job.inputs.get("order_number"),
        "expected_seconds": job.expected_seconds,
        "expected_p90_seconds": job.expected_p90_seconds,
        "round": job.round,
        "steps": jobs.steps_behind(session, job),
        "created_at": job.created_at,
        "settled_at": job.settled_at,
    }


def customer_job_view(session: Session, job: Job) -> dict[str, Any]:
    """The same as its customer may see it."""
    shown = job_view(session, job)
    if job.kind in DISCREET:
        shown |= {"steps": []}
    if must_look_done(job.kind, job.status):
        shown |= {"status": JobStatus.DONE, "code": None, "reference": None}
    return shown
