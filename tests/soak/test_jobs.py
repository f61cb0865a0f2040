"""Long crash proofs, many seeds: `make soak`. What is short of it runs in tests/jobs."""

import os
import random
import resource
import statistics
import time
from collections.abc import Callable
from uuid import UUID

import pytest
import sqlalchemy as sa

from desk.durable import engine, reading
from desk.jobs import queries
from desk.jobs.models import JobStatus
from tests.jobs.conftest import Shop, nursery, shop, sqlite_shop, test_robots, until
from tests.jobs.test_dying_workers import killed_at_every_one_of

__all__ = ["nursery", "shop", "sqlite_shop", "test_robots"]

pytestmark = [pytest.mark.soak, pytest.mark.timeout(3600)]
SEEDS = int(os.environ.get("SOAK_SEEDS", "50"))
RATES = {"postgresql": 10.0, "sqlite": 3.0}  # jobs asked for in a second
RATE_SECONDS = float(os.environ.get("SOAK_RATE_SECONDS", "600"))
PLACES = (
    "before run_robot 1",
    "before open_attempt 1",
    "after open_attempt 1",
    "before run 1",
    "before note_life 1",
    "after note_life 2",
    "after run 1",
    "before settle 1",
    "after settle 1",
)


@pytest.mark.fault("F4")
def test_f4_a_worker_killed_at_every_boundary_loses_no_job_and_does_none_twice(shop: Shop) -> None:
    killed_at_every_one_of(PLACES, shop)


@pytest.mark.fault("F4")
@pytest.mark.parametrize("seed", range(SEEDS))
def test_f4_workers_killed_at_any_moment_lose_no_job_and_do_none_twice(
    shop: Shop, seed: int
) -> None:
    """Two workers at a dozen jobs; one or the other dies again and again, and comes back."""
    chance = random.Random(seed)
    workers = {name: shop.worker(name, GRACE="1", COLD="1") for name in ("one", "two")}
    rests = ("looked", "acted", "")
    jobs = [shop.ask(rests=chance.choice(rests), seconds=chance.random()) for _ in range(12)]
    for _ in range(4):
        time.sleep(chance.uniform(0.3, 4))
        name = chance.choice(("one", "two"))
        workers[name].kill()
        workers[name].wait()
        workers[name] = shop.worker(name, GRACE="1", COLD="1")
    for job_id in jobs:
        assert shop.settled(job_id, 120).status is JobStatus.DONE, (seed, shop.words())
        assert (shop.effects(job_id), shop.told(job_id)) == (1, 1), seed


@pytest.mark.fault("F9")
def test_f9_a_disk_that_was_full_strands_no_job(sqlite_shop: Shop) -> None:
    """The worker cannot write a byte more for some seconds, then can again; nobody restarts it."""
    shop = sqlite_shop
    full = shop.worker("full", COLD="1")
    shop.settled(shop.ask("nothing"))
    jobs = [shop.ask(rests="looked", seconds=1) for _ in range(4)]
    assert until(lambda: shop.attempts(jobs[0]), 20)
    resource.prlimit(full.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    jobs += [shop.ask() for _ in range(3)]
    time.sleep(6)
    assert full.is_running(), shop.words()
    resource.prlimit(full.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    for job_id in jobs:
        assert shop.settled(job_id, 60).status is JobStatus.DONE
        assert (shop.effects(job_id), shop.told(job_id)) == (1, 1)
    with engine().connect() as rows:
        assert rows.execute(sa.text("PRAGMA integrity_check")).scalar() == "ok"


@pytest.mark.fault("L8")
def test_l8_of_jobs_at_a_steady_rate_none_is_lost_or_told_twice(
    shop: Shop, record_property: Callable[[str, object], None]
) -> None:
    """One worker, as shipped, and a robot that does nothing, on the plan's rates for either
    database. How late they begin depends on the machine and stands in the report."""
    shop.worker("one")
    shop.settled(shop.ask("nothing"))
    rate = RATES[engine().dialect.name]
    jobs: list[UUID] = []
    began = time.monotonic()
    while (passed := time.monotonic() - began) < RATE_SECONDS:
        if len(jobs) < passed * rate:
            jobs.append(shop.ask("nothing"))
        else:
            time.sleep(0.01)
    assert until(lambda: not reading(queries.sent_jobs), 300), shop.words()
    delays = []
    for job_id in jobs:
        (run,) = shop.attempts(job_id)
        job = shop.job(job_id)
        assert (job.status, shop.told(job_id)) == (JobStatus.DONE, 1)
        delays.append((run.started_at - job.created_at).total_seconds())
    late = statistics.quantiles(delays, n=20)[-1]
    record_property("one_in_twenty_began_after_seconds", late)
