"""What robots cost beside their work, and how many jobs a second are seen through.

    .venv/bin/python bench/jobs.py            about ten minutes; writes bench/results/jobs.json
    .venv/bin/python bench/jobs.py --quick    a trial of three minutes; writes nothing

How it measures, and what the figures mean: docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from automation import starting  # noqa: E402
from automation.contracts import JobRequest, Outcome  # noqa: E402
from bench import figures  # noqa: E402  the lines above make it known
from bench.finished import fill_with_finished_jobs  # noqa: E402
from desk.durable import reading, transaction  # noqa: E402
from desk.integrations import robots  # noqa: E402
from desk.jobs import commands, queries  # noqa: E402
from desk.jobs.models import JobStatus  # noqa: E402
from tests.automation.running import PASSWORD, Company, running_company  # noqa: E402
from tests.builders import a_conversation  # noqa: E402
from tests.conftest import SECRETS, forget_settings, migrate  # noqa: E402
from tests.databases import copy_postgres, running_postgres  # noqa: E402
from tests.jobs.catalogue import add_test_robots  # noqa: E402
from tests.jobs.conftest import Nursery, Shop, until  # noqa: E402

RESULT = ROOT / "bench/results/jobs.json"
SETTLING_SECONDS = 1.0  # until DBOS too has written down that the last one is over
NOTHING = JobRequest("nothing", {"order_number": "KD-1"})


@dataclass(frozen=True)
class Plan:
    starts: int
    browser_rounds: int
    jobs: int
    rate_rounds: int
    finished: int


FULL = Plan(starts=15, browser_rounds=7, jobs=60, rate_rounds=3, finished=100_000)
QUICK = Plan(starts=4, browser_rounds=2, jobs=20, rate_rounds=1, finished=2_000)


def main() -> None:
    """Measure, print, and keep the result unless it was only a trial."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--quick", action="store_true", help="a trial, not kept")
    asked.add_argument("--out", type=Path, default=None, help=f"by default {RESULT.name}")
    given = asked.parse_args()
    add_test_robots()
    result = measure(QUICK if given.quick else FULL)
    print(json.dumps(result, indent=2))
    out = given.out or (None if given.quick else RESULT)
    if out is not None:
        out.write_text(json.dumps(result, indent=2) + "\n")


def measure(plan: Plan) -> dict[str, Any]:
    """Everything, one after the other, on one machine."""
    machine = figures.machine()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        place = Path(folder)
        starts = _starts(plan, place)
        browser = _browser(plan, place)
        rates = _rates(plan, place)
    result = {
        "warm_start_ratio": starts["warm_s"] / starts["fresh_s"],
        "browser_ratio": browser["robot_s"] / browser["bare_s"],
        **{f"jobs_per_s_{name}": rate for name, rate in rates.items() if "full" not in name},
        "full_tables_ratio": min(
            rates[f"{kind}_full"] / rates[f"{kind}_1"] for kind in ("sqlite", "postgres")
        ),
        "seconds": starts | browser,
        "jobs_per_s_full": {kind: rates[f"{kind}_full"] for kind in ("sqlite", "postgres")},
        "plan": plan.__dict__,
        "machine": machine,
    }
    return _rounded(result)


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(inner) for name, inner in value.items()}
    return round(value, 3) if isinstance(value, float) else value


@contextmanager
def _setting(**values: str) -> Iterator[None]:
    """These settings in force for the length of the block, and nothing else of ours."""
    before = dict(os.environ)
    os.environ.update(SECRETS | {"DESK_DATABASE_URL": "sqlite:///unused"} | values)
    forget_settings()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        forget_settings()


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _starts(plan: Plan, place: Path) -> dict[str, float]:
    """A robot that does nothing: as a process of its own, started as its makers say, and forked
    from a warm one under its keeper, its answer read. In turn, so both meet the same machine."""
    papers = place / "fresh"
    papers.mkdir()
    item = json.dumps([{"payload": {"job_id": "1"}, "files": {}}])
    (papers / "in.json").write_text(item)
    fresh = [sys.executable, "-m", "robocorp.tasks", "run", "tests/jobs/tasks.py"]
    fresh += ["--task", "nothing", "--output-dir", str(papers), "--console-colors", "plain"]
    known = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "RC_WORKITEM_ADAPTER": starting.TASK_ADAPTER,
        "RC_WORKITEM_INPUT_PATH": str(papers / "in.json"),
        "RC_WORKITEM_OUTPUT_PATH": str(papers / "out.json"),
        "ROBOT_ARTIFACTS": str(papers),
    }
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": ROOT, "env": known}
    taken: dict[str, list[float]] = {"fresh_s": [], "warm_s": []}
    with _setting(DESK_ROBOT_FOLDER=str(place / "robots")):
        robots.keep_warm()
        robots.run(uuid4(), NOTHING)
        for _ in range(plan.starts):
            taken["fresh_s"].append(_seconds(lambda: subprocess.run(fresh, **quiet)))
            taken["warm_s"].append(_seconds(lambda: robots.run(uuid4(), NOTHING)))
        robots.cool_down()
    return {name: statistics.median(each) for name, each in taken.items()}


def _browser(plan: Plan, place: Path) -> dict[str, float]:
    """One refund by the robot as the worker runs it, and one by a bare script, in turn."""
    office = place / "company"
    office.mkdir()
    taken: dict[str, list[float]] = {"robot_s": [], "bare_s": []}
    with running_company(office) as company:
        own = company.environment | {"DESK_ROBOT_FOLDER": str(place / "robots")}
        with _setting(**own):
            robots.keep_warm()
            for number in range(plan.browser_rounds + 1):
                both = (_robot_refund(company), _bare_refund(company))
                if number:  # the first round warms the disk's cache
                    taken["robot_s"].append(both[0])
                    taken["bare_s"].append(both[1])
            robots.cool_down()
    return {name: statistics.median(each) for name, each in taken.items()}


def _robot_refund(company: Company) -> float:
    company.seed_anew()
    request = JobRequest("refund", {"order_number": "KD-4711"})
    began = time.perf_counter()
    assert robots.run(uuid4(), request).outcome is Outcome.DONE
    return time.perf_counter() - began


def _bare_refund(company: Company) -> float:
    company.seed_anew()
    told = [company.url, "robot", PASSWORD, "KD-4711", "KD-bare"]
    command = [sys.executable, str(ROOT / "bench/bare_refund.py"), *told]
    seconds = _seconds(lambda: subprocess.run(command, check=True))
    assert len(company.refunds("KD-4711")) == 1
    return seconds


def _rates(plan: Plan, place: Path) -> dict[str, float]:
    """Jobs a second, from the first that ended to the last, with all of them waiting before."""
    found: dict[str, float] = {}
    nursery = Nursery()
    with running_postgres() as server:
        urls = {
            "sqlite": lambda name: f"sqlite:///{place / name}.sqlite3",
            "postgres": lambda name: copy_postgres(server, "template1", name),
        }
        for kind, make in urls.items():
            empty, full = make("empty"), make("full")
            for url in (empty, full):
                migrate(url)
            _rate(3, full, 1, place, nursery)
            with _setting(DESK_DATABASE_URL=full):
                fill_with_finished_jobs(plan.finished)
            asked = {f"{kind}_1": (empty, 1), f"{kind}_full": (full, 1), f"{kind}_2": (empty, 2)}
            taken: dict[str, list[float]] = {name: [] for name in asked}
            for _ in range(plan.rate_rounds):
                for name, (url, workers) in asked.items():
                    taken[name].append(_rate(plan.jobs, url, workers, place, nursery))
            found |= {name: statistics.median(rates) for name, rates in taken.items()}
    nursery.close()
    return found


def _rate(jobs: int, url: str, workers: int, place: Path, nursery: Nursery) -> float:
    folder = place / uuid4().hex
    folder.mkdir()
    with _setting(DESK_DATABASE_URL=url, DESK_ROBOT_FOLDER=str(folder / "robots")):
        shop = Shop(url, folder, nursery)
        shop.office.touch()
        asked = [_ask() for _ in range(jobs)]
        for number in range(workers):
            shop.worker(f"worker-{number}")
        try:
            assert until(lambda: not reading(queries.sent_jobs), 600), shop.words()
            ends = sorted(_ended(job_id) for job_id in asked)
            time.sleep(SETTLING_SECONDS)
        finally:
            shop.close()
    shutil.rmtree(folder, ignore_errors=True)
    return (jobs - 1) / (ends[-1] - ends[0])


def _ask() -> UUID:
    spoken = transaction(a_conversation)
    return transaction(commands.ask, spoken.id, NOTHING).job.id


def _ended(job_id: UUID) -> float:
    job = reading(queries.job, job_id)
    assert job.status is JobStatus.DONE
    assert job.settled_at is not None
    return job.settled_at.timestamp()


if __name__ == "__main__":
    main()
