"""What must reach its end even if every process dies on the way."""

from typing import Any
from uuid import UUID

from dbos import DBOS, error

from automation.contracts import JobOutcome, JobRequest, Outcome
from desk.durable import transaction
from desk.integrations import robots
from desk.jobs import commands


@DBOS.workflow(name="carry_out", max_recovery_attempts=5)
def carry_out(job_id: str) -> None:
    """See one job to its end: run the robot, write down the outcome, have the customer told."""
    request = transaction(commands.begin, UUID(job_id))
    try:
        outcome = run_robot(job_id, request["kind"], request["inputs"])
    except error.DBOSMaxStepRetriesExceeded:
        outcome = JobOutcome(Outcome.GAVE_UP, "ROBOT_GAVE_UP", {}).to_payload()
    transaction(commands.settle, UUID(job_id), outcome)


@DBOS.step(retries_allowed=True, max_attempts=3, interval_seconds=1.0, backoff_rate=2.0)
def run_robot(job_id: str, kind: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """A refusal is an answer; a breakdown is tried again. Runs at least once, so a robot must
    recognise work that it has already done."""
    return robots.run(UUID(job_id), JobRequest(kind, inputs)).to_payload()
