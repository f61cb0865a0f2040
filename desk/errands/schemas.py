"""Shapes at the door for jobs from outside and by the clock."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from desk.jobs.models import Job, JobStatus

EXAMPLE: dict[str, Any] = {
    "id": "e0a4b1a2-7f0e-4f5d-9f8c-1b2c3d4e5f60",
    "kind": "resend_invoice",
    "status": "queued",
    "code": None,
    "facts": {},
    "created_at": "2026-11-22T09:30:05.000Z",
    "settled_at": None,
}
SCHEDULE: dict[str, Any] = {
    "id": "9d0c5c2b-6a1e-4a34-9b5d-1f0a7c3e2d11",
    "name": "Invoice of the standing order",
    "kind": "resend_invoice",
    "inputs": {"order_number": "KD-4712"},
    "cron": "0 6 * * 1",
    "next_at": "2026-11-30T06:00:00Z",
    "last_at": None,
    "last_job_id": None,
}


class JobIn(BaseModel):
    """What a robot is asked; `inputs` as the robot's own schema says."""

    kind: str = Field(max_length=100, examples=["resend_invoice"])
    inputs: dict[str, Any] = Field(examples=[{"order_number": "KD-4712"}])


class AskedOut(BaseModel):
    """A job from outside. A refund may have to wait for a supervisor first."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]}, from_attributes=True)

    id: UUID
    kind: str
    status: JobStatus
    code: str | None
    facts: dict[str, Any]
    created_at: datetime
    settled_at: datetime | None


class HookIn(BaseModel):
    """One delivery of a webhook; a second one with the same `id` is the same job."""

    id: str = Field(min_length=1, max_length=200, examples=["evt_01JD2Z"])
    type: str = Field(pattern="^job[.]requested$", examples=["job.requested"])
    data: JobIn


class ScheduleIn(BaseModel):
    name: str = Field(min_length=1, max_length=100, examples=["Invoice of the standing order"])
    kind: str = Field(max_length=100, examples=["resend_invoice"])
    inputs: dict[str, Any] = Field({}, examples=[{"order_number": "KD-4712"}])
    cron: str = Field(max_length=100, examples=["0 6 * * 1"])


class ScheduleOut(BaseModel):
    """A robot started by the clock; `next_at` is null while it is paused."""

    model_config = ConfigDict(json_schema_extra={"examples": [SCHEDULE]}, from_attributes=True)

    id: UUID
    name: str
    kind: str
    inputs: dict[str, Any]
    cron: str
    next_at: datetime | None
    last_at: datetime | None
    last_job_id: UUID | None


class SchedulesOut(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"items": [SCHEDULE], "robots": ["resend_invoice"]}]}
    )

    items: list[ScheduleOut]
    robots: list[str]


def asked_out(job: Job) -> AskedOut:
    """One job for whoever asked from outside."""
    return AskedOut.model_validate(job)
