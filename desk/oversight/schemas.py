"""Shapes at the door for those who look after jobs."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from desk.approvals.schemas import ApprovalOut, approval_out
from desk.conversations.models import Conversation
from desk.integrations.robot_files import Left, StepMade
from desk.jobs.models import Asker, Attempt, Ending, Job, JobStatus
from desk.oversight.queries import Whole

JOB: dict[str, Any] = {
    "id": "e0a4b1a2-7f0e-4f5d-9f8c-1b2c3d4e5f60",
    "kind": "change_address",
    "status": "refused",
    "code": "ADDRESS_INCOMPLETE",
    "reference": None,
    "order_number": "KD-4715",
    "asked_by": "conversation",
    "round": 1,
    "attempts": 1,
    "last_step": "checked",
    "conversation_id": "5f0c1f6e-3b1c-4f7c-9a53-0a6f0c2b7d10",
    "customer_name": "Emily Hart",
    "created_at": "2026-11-22T09:30:05.000Z",
    "not_before_at": None,
    "settled_at": "2026-11-22T09:30:09.300Z",
}
WHOLE: dict[str, Any] = JOB | {
    "purpose": "Send an order that has not left the house to another address.",
    "inputs": {"order_number": "KD-4715", "address": "5 Road"},
    "fields": {
        "type": "object",
        "properties": {"order_number": {"type": "string"}, "address": {"type": "string"}},
        "required": ["order_number", "address"],
    },
    "facts": {},
    "language": "en",
    "expected_seconds": 6,
    "expected_p90_seconds": 14,
    "started_at": "2026-11-22T09:30:05.200Z",
    "runs": [
        {
            "number": 1,
            "round": 1,
            "worker": "worker-1",
            "started_at": "2026-11-22T09:30:05.200Z",
            "ended_at": "2026-11-22T09:30:09.200Z",
            "ending": "refused",
            "code": "ADDRESS_INCOMPLETE",
            "message": "E106 The address lacks a town.",
            "steps": [
                {"step": "checked", "at": "2026-11-22T09:30:07.000Z", "screenshot": "checked.png"}
            ],
            "files": [{"name": "checked.png", "bytes": 48210, "is_picture": True}],
        }
    ],
    "timeline": [{"kind": "job.queued", "at": "2026-11-22T09:30:05.000Z", "facts": {}}],
    "approval": None,
    "can_be_resumed": True,
    "closed_by": None,
    "closed_at": None,
}


class JobLineOut(BaseModel):
    """A job as a line of a list."""

    model_config = ConfigDict(json_schema_extra={"examples": [JOB]})

    id: UUID
    kind: str
    status: JobStatus
    code: str | None
    reference: str | None
    order_number: str | None
    asked_by: Asker
    round: int
    attempts: int
    last_step: str | None
    conversation_id: UUID | None
    customer_name: str | None
    created_at: datetime
    not_before_at: datetime | None
    settled_at: datetime | None


class JobsOut(BaseModel):
    """A page of jobs, the newest first; `counts` says how many wait for a person."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"items": [JOB], "next_cursor": None, "counts": {"failed": 1, "waiting": 0}}
            ]
        }
    )

    items: list[JobLineOut]
    next_cursor: str | None
    counts: dict[str, int]


class StepOut(BaseModel):
    step: str
    at: datetime
    screenshot: str | None


class FileOut(BaseModel):
    name: str
    bytes: int
    is_picture: bool


class RunOut(BaseModel):
    """One run of a robot: how it ended, the steps that it had behind it, and what it left."""

    number: int
    round: int | None
    worker: str | None
    started_at: datetime | None
    ended_at: datetime | None
    ending: Ending | None
    code: str | None
    message: str | None
    steps: list[StepOut]
    files: list[FileOut]


class HappenedOut(BaseModel):
    kind: str
    at: datetime
    facts: dict[str, Any]


class WholeJobOut(JobLineOut):
    """All of one job. `fields` is the JSON Schema of its inputs; `language` the customer's."""

    model_config = ConfigDict(json_schema_extra={"examples": [WHOLE]})

    purpose: str | None
    inputs: dict[str, Any]
    fields: dict[str, Any] | None
    facts: dict[str, Any]
    language: str | None
    expected_seconds: int
    expected_p90_seconds: int
    started_at: datetime | None
    runs: list[RunOut]
    timeline: list[HappenedOut]
    approval: ApprovalOut | None
    can_be_resumed: bool
    closed_by: str | None
    closed_at: datetime | None


class PutRightIn(BaseModel):
    """Once more. Without `inputs`, with the same as before."""

    round: int = Field(ge=1, examples=[1], description="The round that was looked at.")
    inputs: dict[str, Any] | None = Field(
        None, examples=[{"order_number": "KD-4715", "address": "5 Mill Road, Bath BA1 2AB"}]
    )


class CloseIn(BaseModel):
    round: int = Field(ge=1, examples=[1], description="The round that was looked at.")
    message: str = Field(
        "",
        max_length=10_000,
        examples=["The parcel has left already. I have asked the carrier to redirect it."],
    )


def line_out(job: Job, spoken: Conversation | None) -> JobLineOut:
    """One job for a list."""
    return JobLineOut.model_validate(_line(job, spoken))


def whole_out(known: Whole, left: list[Left], steps: list[StepMade]) -> WholeJobOut:
    """All of one job, with what its robots left on disk."""
    job, robot, closing = known.job, known.robot, known.closing
    language = known.conversation.language if known.conversation else None
    return WholeJobOut.model_validate(
        _line(job, known.conversation)
        | {
            "purpose": robot and robot.purpose,
            "inputs": job.inputs,
            "fields": robot and robot.inputs,
            "facts": job.facts,
            "language": language,
            "expected_seconds": job.expected_seconds,
            "expected_p90_seconds": job.expected_p90_seconds,
            "started_at": job.started_at,
            "runs": _runs(known.attempts, left, steps),
            "timeline": [_happened(event) for event in known.events],
            "approval": known.approval and approval_out(known.approval, language),
            "can_be_resumed": known.can_be_resumed,
            "closed_by": closing and closing.person.name,
            "closed_at": closing and closing.created_at,
        }
    )


def _line(job: Job, spoken: Conversation | None) -> dict[str, Any]:
    plain = (name for name in JobLineOut.model_fields if hasattr(job, name))
    return {name: getattr(job, name) for name in plain} | {
        "reference": job.facts.get("reference"),
        "order_number": job.inputs.get("order_number"),
        "customer_name": spoken.customer.name if spoken else None,
    }


def _runs(attempts: list[Attempt], left: list[Left], steps: list[StepMade]) -> list[dict[str, Any]]:
    """Runs by number: those that stand in rows, and any of which only the folder is left."""
    rows = {attempt.number: attempt for attempt in attempts}
    numbers = {*rows, *(file.attempt for file in left), *(made.attempt for made in steps)}
    return [
        {name: getattr(rows.get(number), name, None) for name in _OF_A_RUN}
        | {
            "number": number,
            "steps": [vars(made) for made in steps if made.attempt == number],
            "files": [vars(file) for file in left if file.attempt == number],
        }
        for number in sorted(numbers)
    ]


def _happened(event: Any) -> dict[str, Any]:
    facts = {name: value for name, value in event.facts.items() if name not in ("job_id", "robot")}
    return {"kind": event.kind, "at": event.created_at, "facts": facts}


_OF_A_RUN = ("round", "worker", "started_at", "ended_at", "ending", "code", "message")
