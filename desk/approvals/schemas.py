"""Shapes at the door for approvals."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from desk.approvals.models import Approval, Standing, Why

EXAMPLE: dict[str, Any] = {
    "id": "2b9b5c1e-9d0a-4c2f-8c39-7d1f5a6e0b11",
    "job_id": "e0a4b1a2-7f0e-4f5d-9f8c-1b2c3d4e5f60",
    "conversation_id": "5f0c1f6e-3b1c-4f7c-9a53-0a6f0c2b7d10",
    "kind": "refund",
    "order_number": "KD-4717",
    "customer_reason": "It arrived broken.",
    "amount_minor": 32000,
    "currency": "EUR",
    "why": "over_limit",
    "refunds_before": 0,
    "standing": "waiting",
    "created_at": "2026-11-22T09:30:05.000Z",
    "expires_at": "2026-11-23T09:30:05.000Z",
    "overdue_at": None,
    "decided_by": None,
    "decided_at": None,
    "reason": None,
    "language": "en",
}


class ApprovalOut(BaseModel):
    """A refund that waits, or waited, for a supervisor. `language` is the customer's, in which a
    reason is read; `refunds_before` counts those of the last 90 days."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    id: UUID
    job_id: UUID
    conversation_id: UUID | None
    kind: str
    order_number: str | None
    customer_reason: str | None
    amount_minor: int | None
    currency: str | None
    why: Why | None
    refunds_before: int
    standing: Standing
    created_at: datetime
    expires_at: datetime
    overdue_at: datetime | None
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None
    language: str | None


class ApprovalsOut(BaseModel):
    """What waits, the longest first, and what was decided last."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"waiting": [EXAMPLE], "decided": []}]}
    )

    waiting: list[ApprovalOut]
    decided: list[ApprovalOut]


class RefusalIn(BaseModel):
    reason: str = Field(
        max_length=2_000, examples=["The photo shows a cup that is not from this order."]
    )


def approval_out(kept: Approval, language: str | None) -> ApprovalOut:
    """One approval for the console."""
    job = kept.job
    return ApprovalOut(
        **{name: getattr(kept, name) for name in _PLAIN},
        conversation_id=job.conversation_id,
        kind=job.kind,
        order_number=job.inputs.get("order_number"),
        customer_reason=job.inputs.get("reason"),
        decided_by=kept.person.name if kept.person else None,
        language=language,
    )


_PLAIN = (
    *("id", "job_id", "amount_minor", "currency", "why", "refunds_before", "standing"),
    *("created_at", "expires_at", "overdue_at", "decided_at", "reason"),
)
