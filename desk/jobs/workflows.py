"""What must reach its end even if every process dies on the way."""

import logging
from typing import Any
from uuid import UUID

from dbos import DBOS, error

from automation.contracts import JobOutcome, JobRequest, Outcome
from desk.durable import reading, transaction
from desk.integrations import robots
from desk.jobs import commands, queries

log = logging.getLogger(__name__)

ENDED = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")


@DBOS.workflow(name="carry_out", max_recovery_attempts=5)
def carry_out(job_id: str) -> None:
    """See one job to its end: run the robot, write down the outcome, have the customer told."""
    request = transaction(commands.begin, UUID(job_id))
    try:
        outcome = run_robot(job_id, request["kind"], request["inputs"])
    except error.DBOSMaxStepRetriesExceeded:
        outcome = JobOutcome(Outcome.GAVE_UP, "ROBOT_GAVE_UP", {}).to_payload()
    transaction(commands.settle, UUID(job_id), outcome)


def settle_what_was_given_up() -> None:
    """Settle every job whose workflow has ended without doing so: it crashed too many workers,
    failed where nobody foresaw it, or was cancelled. Safe to repeat."""
    for job_id in reading(queries.open_job_ids):
        ended = DBOS.get_workflow_status(f"carry_out:{job_id}")
        if ended is not None and ended.status in ENDED:
            log.error("Workflow of job %s ended as %s; a person is fetched.", job_id, ended.status)
            outcome = JobOutcome(Outcome.GAVE_UP, "ROBOT_GAVE_UP", {})
            transaction(commands.settle, job_id, outcome.to_payload())


@DBOS.step(retries_allowed=True, max_attempts=3, interval_seconds=1.0, backoff_rate=2.0)
def run_robot(job_id: str, kind: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """A refusal is an answer; a breakdown is tried again. Runs at least once, so a robot must
    recognise work that it has already done."""
    return robots.run(UUID(job_id), JobRequest(kind, inputs)).to_payload()
