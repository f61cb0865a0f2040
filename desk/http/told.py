"""What customers are told of events."""

from typing import Any

from desk.events.models import Event

JOB_KINDS = (
    *("job.queued", "job.released", "job.started", "job.step", "job.attempt_ended"),
    *("job.succeeded", "job.refused", "job.failed", "job.needs_human"),
    *("job.resumed", "job.postponed", "job.cancelled", "job.closed"),
)
APPROVAL_KINDS = ("approval.requested", "approval.approved", "approval.refused", "approval.overdue")
# Whatever else an event holds is for the staff, or stands in the rows shown beside it.
FACTS_FOR_CUSTOMERS: dict[str, tuple[str, ...]] = {
    "conversation.created": ("channel", "language"),
    "conversation.solved": ("solved",),
    "survey.answered": ("score",),
    "turn.created": ("turn_id", "sequence", "author", "language"),
    **dict.fromkeys((*JOB_KINDS, *APPROVAL_KINDS), ("job_id", "robot")),
}


def facts_for_customers(event: Event) -> dict[str, Any]:
    """Of what an event holds, what its customer may see."""
    allowed = FACTS_FOR_CUSTOMERS.get(event.kind, ())
    return {name: event.facts[name] for name in allowed if name in event.facts}
