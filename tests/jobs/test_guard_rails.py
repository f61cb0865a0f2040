"""F5, F9, F15, A11 and the rest of the plan's guard rails around DBOS."""

import os
import time
import warnings
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa
from dbos import DBOS

from automation.catalogue import CATALOGUE
from automation.contracts import JobOutcome, JobRequest, Outcome
from desk import clock, work
from desk.durable import engine, reading, transaction
from desk.integrations import robots
from desk.jobs import commands, queries, workflows
from desk.jobs.models import OPEN, Ending, JobStatus
from tests.builders import a_conversation
from tests.jobs.conftest import Shop, until
from tests.workflows import carried_out_here

DONE = JobOutcome(Outcome.DONE, "DONE", {})
HOUR = timedelta(hours=1)


@pytest.fixture
def worker(database, tmp_path, monkeypatch):
    monkeypatch.setenv("DESK_ROBOT_FOLDER", str(tmp_path / "robots"))
    monkeypatch.setattr(robots, "run", lambda job_id, request, **_: DONE)
    with carried_out_here():
        yield


def ask(**more):
    spoken = transaction(a_conversation)
    request = JobRequest("nothing", {"order_number": "KD-1"})
    return transaction(commands.ask, spoken.id, request, **more).job.id


def over(job_id):
    return reading(queries.job, job_id).status not in OPEN


@pytest.mark.fault("F9")
def test_f9_a_workflow_that_dbos_has_lost_sight_of_is_set_going_again(worker, monkeypatch):
    job_id = ask(not_before_at=clock.now() + HOUR)
    with engine().begin() as rows:
        rows.execute(
            sa.text(
                f"UPDATE {'dbos.' if engine().dialect.name == 'postgresql' else ''}workflow_status "
                "SET status = 'PENDING', executor_id = 'worker-1', started_at_epoch_ms = 1"
            )
        )
    monkeypatch.setattr(work, "STRANDED_SECONDS", 0.5)
    rounds = work.Rounds("worker-1")
    rounds.look_around()
    assert not over(job_id)
    time.sleep(0.6)
    rounds.look_around()
    assert until(lambda: over(job_id), 10)


@pytest.mark.fault("F6")
def test_a_worker_that_loses_its_lock_ends_its_robots_and_sees_its_jobs_through(
    postgres_shop: Shop,
) -> None:
    shop = postgres_shop
    shop.worker("cut-off", COLD="1")
    job_id = shop.ask(rests="acted", seconds=3)
    assert until(lambda: shop.job(job_id).last_step == "acted", 30), shop.words()
    with psycopg.connect(shop.database.replace("+psycopg", ""), autocommit=True) as admin:
        holders = admin.execute(
            "SELECT DISTINCT pid FROM pg_locks WHERE locktype = 'advisory' AND granted"
        ).fetchall()
        for (pid,) in holders:
            admin.execute("SELECT pg_terminate_backend(%s)", (pid,))
    cut = time.monotonic()
    assert until(lambda: shop.attempts(job_id)[0].ending, 10), shop.words()
    assert time.monotonic() - cut < 10
    assert shop.attempts(job_id)[0].code in ("ROBOT_LET_GO", "WORKER_LOST")
    assert shop.settled(job_id).status is JobStatus.DONE
    assert (shop.effects(job_id), shop.told(job_id)) == (1, 1)


@pytest.mark.fault("F15")
@pytest.mark.parametrize("step", [HOUR, -HOUR, timedelta(seconds=5)], ids=["+1h", "-1h", "+5s"])
def test_f15_a_clock_that_steps_holds_up_no_job_and_nothing_takes_less_than_no_time(
    worker, monkeypatch, step
):
    real = clock.now

    def breaks_once(job_id, request, number, **_):
        monkeypatch.setattr(clock, "now", lambda: real() + step)
        if number == 1:
            raise robots.RobotBroke("BROKEN", "")
        return DONE

    monkeypatch.setattr(robots, "run", breaks_once)
    began = time.monotonic()
    job_id = ask()
    assert until(lambda: over(job_id), 20)
    assert time.monotonic() - began < 20
    job = reading(queries.job, job_id)
    assert job.created_at <= job.started_at <= job.settled_at
    for run in reading(queries.attempts_of, job_id):
        assert run.started_at <= run.ended_at


def test_what_ended_long_ago_is_dropped_and_the_jobs_stay(worker, monkeypatch, tmp_path):
    old, open_still = ask(), ask(not_before_at=clock.now() + timedelta(days=90))
    assert until(lambda: over(old), 20)
    for job_id in (old, open_still, uuid4()):
        (tmp_path / "robots" / str(job_id) / "1").mkdir(parents=True)
        os.utime(tmp_path / "robots" / str(job_id), (1, 1))
    assert until(lambda: DBOS.list_workflows(status="SUCCESS"), 10)
    workflows.tidy()
    assert len(DBOS.list_workflows(workflow_id_prefix="carry_out")) == 2
    later = clock.now() + timedelta(days=40)
    monkeypatch.setattr(clock, "now", lambda: later)
    workflows.tidy()
    left = DBOS.list_workflows(workflow_id_prefix="carry_out")
    assert [w.workflow_id for w in left] == [f"carry_out:{open_still}"]
    assert not (tmp_path / "robots" / str(old)).exists()
    assert (tmp_path / "robots" / str(open_still)).exists()
    assert reading(queries.job, old).status is JobStatus.DONE


def test_every_robot_has_a_queue_with_its_own_limits(worker):
    for robot in CATALOGUE.values():
        queue = DBOS.retrieve_queue(f"robot-{robot.name}")
        assert (queue.global_concurrency, queue.polling_interval_sec) == (robot.at_once, 0.5)


@pytest.mark.fault("A11")
def test_a11_nothing_a_robot_failed_with_reaches_an_event_or_a_table_of_dbos(worker, monkeypatch):
    """A canary in what a robot says stays in its papers; one in the inputs, in the job's row."""

    def breaks(job_id, request, **_):
        raise robots.RobotBroke("BROKEN", f"canary-said {request.inputs['how']}")

    monkeypatch.setattr(robots, "run", breaks)
    spoken = transaction(a_conversation)
    request = JobRequest("bad", {"order_number": "KD-1", "how": "canary-asked"})
    job_id = transaction(commands.ask, spoken.id, request).job.id
    assert until(lambda: over(job_id), 20)
    (run,) = reading(queries.attempts_of, job_id)
    assert (run.ending, run.message) == (Ending.BROKE, "BROKEN: canary-said […]")
    for table, words in every_row():
        assert "canary-said" not in words or table == "job_attempts", table
        assert "canary-asked" not in words or table in ("jobs", "escalations"), table


def every_row():
    """Table and content of every row of ours and of DBOS."""
    of_dbos = {"postgresql": "dbos"}.get(engine().dialect.name)
    for schema in {None, of_dbos}:
        known = sa.MetaData(schema=schema)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", sa.exc.SAWarning)  # PostgreSQL's xid8
            known.reflect(engine())
        with engine().connect() as rows:
            for table in known.sorted_tables:
                for row in rows.execute(sa.select(table)):
                    yield table.name, str(row)
