"""What must reach its end even if every process dies on the way."""

import logging
import time
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

from dbos import DBOS
from sqlalchemy.exc import DBAPIError

from automation.contracts import JobOutcome, JobRequest, Outcome
from desk import clock
from desk.durable import patiently, reading, transaction, workflow_id
from desk.integrations import robots
from desk.jobs import commands, queries
from desk.jobs.models import OPEN, Ending
from desk.settings import settings

log = logging.getLogger(__name__)

GIVEN_UP = ["ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
ENDED = ["SUCCESS", *GIVEN_UP]
LIFE_SECONDS = 10.0  # a robot that says nothing is noted as alive this often
AT_A_TIME = 200
WORKFLOWS_KEPT = timedelta(days=14)
PAPERS_KEPT = timedelta(days=30)


class NoLongerOurs(Exception):
    """Another worker has taken this workflow over; what we still know of it counts no more."""


@DBOS.workflow(name="carry_out", max_recovery_attempts=5)
def carry_out(job_id: str, round: int = 1) -> None:
    """See one round of a job to its end: run the robot, again after a pause if it breaks, write
    down the outcome, have the customer told."""
    while (ended := run_robot(job_id, round)) is not None:
        if "outcome" in ended:
            settle(job_id, ended["outcome"])
            return
        time.sleep(ended["pause_seconds"])  # not durable: a new worker need not wait again


@DBOS.step()
def run_robot(job_id: str, round: int) -> dict[str, Any] | None:
    """One run: the outcome, or after how many seconds to try again; None if nothing is to be
    run any more.

    May run again for the same run of a robot, so what has begun is written down apart from the
    workflow, and counts even if nobody sees it end. A robot must recognise its own work.

    Raises:
        NoLongerOurs: we were taken for dead, and another worker is at it.
    """
    robots.wait_until_ours()
    _see_that_it_is_ours(job_id, round)
    ours, worker = UUID(job_id), settings().worker_slot
    found = robots.left_behind(
        job_id, patiently(lambda: reading(queries.open_attempt_number, ours))
    )
    run = patiently(lambda: transaction(commands.open_attempt, ours, round, worker, found))
    if run.outcome is not None:
        return {"outcome": run.outcome.to_payload()}
    if run.inputs is None:
        return None
    try:
        outcome = robots.run(
            ours, JobRequest(run.kind, run.inputs), number=run.number, watch=Watch(job_id)
        )
    except robots.RobotBroke as broke:
        failed = (ours, run.number, Ending(broke.ending), broke.code, str(broke))
        robots.wait_until_ours()
        next_step = patiently(lambda: transaction(commands.finish_attempt, *failed))
        if next_step is None:
            raise NoLongerOurs(f"Run {run.number} of job {job_id} was ended elsewhere.") from broke
        return next_step
    return {"outcome": outcome.to_payload()}


@DBOS.step()
def settle(job_id: str, outcome: dict[str, Any]) -> None:
    """Write down how the job ended. Doing it twice changes nothing."""
    robots.wait_until_ours()
    patiently(lambda: transaction(commands.settle, UUID(job_id), outcome))


class Watch:
    """Writes down what is seen of one robot at work: its steps at once, its life now and then."""

    def __init__(self, job_id: str) -> None:
        self._job_id = UUID(job_id)
        self._noted = time.monotonic()
        self._unsaid: list[str] = []

    def __call__(self, steps: list[str]) -> None:
        """To be told a few times a second. A database that is away does not stop the robot."""
        self._unsaid += steps
        if not self._unsaid and time.monotonic() - self._noted < LIFE_SECONDS:
            return
        with suppress(DBAPIError):
            transaction(commands.note_life, self._job_id, self._unsaid, clock.now())
            self._noted, self._unsaid = time.monotonic(), []


def _see_that_it_is_ours(job_id: str, round: int) -> None:
    stands = DBOS.list_workflows(
        workflow_ids=[workflow_id("carry_out", UUID(job_id), round)],
        load_input=False,
        load_output=False,
    )
    if stands and stands[0].executor_id != settings().worker_slot:
        raise NoLongerOurs(f"Worker {stands[0].executor_id} carries out job {job_id}.")


def settle_what_was_given_up() -> None:
    """Settle every job whose workflow has ended without doing so: it crashed too many workers,
    failed where nobody foresaw it, or was cancelled. Safe to repeat, and what it costs does not
    grow with the jobs that wait."""
    over = DBOS.list_workflows(
        name="carry_out", status=GIVEN_UP, load_input=False, load_output=False
    )
    if not over:
        return
    sent = {workflow_id("carry_out", *each): each[0] for each in reading(queries.sent_jobs)}
    for ended in over:
        if ended.workflow_id in sent:
            _settle_unless_it_has_moved_on(sent[ended.workflow_id], ended.status)


def tidy() -> None:
    """Drop what nobody looks into any more: how DBOS carried workflows out that have ended, and
    the papers of robots whose jobs have. The jobs themselves stay. Safe to repeat."""
    long_ago = clock.now() - WORKFLOWS_KEPT
    while over := DBOS.list_workflows(
        status=ENDED,
        completed_before=long_ago.isoformat(),
        limit=AT_A_TIME,
        load_input=False,
        load_output=False,
    ):
        DBOS.delete_workflows([workflow.workflow_id for workflow in over])
    for papers in robots.papers_older_than(PAPERS_KEPT.total_seconds()):
        if reading(queries.settled_before, [papers], clock.now() - PAPERS_KEPT):
            robots.drop_papers(papers)


def _settle_unless_it_has_moved_on(job_id: UUID, ended_as: str) -> None:
    """A workflow that ended while we looked has settled its job."""
    if reading(queries.job, job_id).status not in OPEN:
        return
    outcome = JobOutcome(Outcome.GAVE_UP, "ROBOT_GAVE_UP", {})
    log.error("The workflow of job %s ended as %s; a person is fetched.", job_id, ended_as)
    transaction(commands.settle, job_id, outcome.to_payload())
