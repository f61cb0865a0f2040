"""Real workers as processes of their own, real robots, and the file in which they do their work."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import psutil
import pytest
from sqlalchemy import select

from automation.catalogue import CATALOGUE
from automation.contracts import JobRequest
from desk.conversations.models import Cue
from desk.durable import reading, transaction
from desk.jobs import commands, queries
from desk.jobs.models import OPEN, Attempt, Job
from tests.builders import a_conversation
from tests.conftest import ROOT, SECRETS, forget_settings
from tests.jobs.catalogue import TEST_ROBOTS, add_test_robots


@pytest.fixture(autouse=True)
def test_robots() -> Iterator[None]:
    add_test_robots()
    yield
    for robot in TEST_ROBOTS:
        CATALOGUE.pop(robot.name, None)


class Nursery:
    """A process from which workers are forked: each start saves the reading of all our code."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.jobs.worker"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"]},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def fork(self, environment: dict[str, str], log: Path) -> psutil.Process:
        """A new worker with this environment, whose words go to the log."""
        told = {"environment": environment, "log": str(log)}
        self._process.stdin.write(json.dumps(told) + "\n")
        self._process.stdin.flush()
        return psutil.Process(int(self._process.stdout.readline()))

    def close(self) -> None:
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    made = Nursery()
    yield made
    made.close()


@dataclass
class Shop:
    """A desk's database with workers at it, and the office that their robots work in."""

    database: str
    folder: Path
    nursery: Nursery
    workers: list[psutil.Process] = field(default_factory=list)

    @property
    def office(self) -> Path:
        return self.folder / "office"

    @property
    def robot_folder(self) -> Path:
        return self.folder / "robots"

    def worker(self, slot: str, **more: str) -> psutil.Process:
        """Start one; it is ready some moments later."""
        known = {
            "PATH": os.environ["PATH"],
            "DESK_DATABASE_URL": self.database,
            "DESK_ROBOT_FOLDER": str(self.robot_folder),
            "DESK_WORKER_SLOT": slot,
            "ROBOT_TEST_OFFICE": str(self.office),
        }
        started = self.nursery.fork(SECRETS | known | more, self.folder / f"{slot}.log")
        self.workers.append(started)
        return started

    def ask(self, kind: str = "effect", **inputs: object) -> UUID:
        """Ask for one job in a conversation of its own."""
        spoken = transaction(a_conversation)
        request = JobRequest(kind, {"order_number": "KD-1", **inputs})
        return transaction(commands.ask, spoken.id, request).job.id

    def effects(self, job_id: UUID) -> int:
        return self.office.read_text().split().count(str(job_id))

    def told(self, job_id: UUID) -> int:
        """How often the customer hears of how it ended."""
        ours = select(Cue).where(Cue.key.startswith(f"job:{job_id}:outcome"))
        return len(reading(lambda session: session.scalars(ours).all()))

    def job(self, job_id: UUID) -> Job:
        return reading(queries.job, job_id)

    def attempts(self, job_id: UUID) -> list[Attempt]:
        return reading(queries.attempts_of, job_id)

    def settled(self, job_id: UUID, seconds: float = 40) -> Job:
        """The job once it has ended; fails the test if that takes longer."""
        assert until(lambda: self.job(job_id).status not in OPEN, seconds), self.words()
        return self.job(job_id)

    def words(self) -> str:
        return "\n".join(log.read_text()[-3000:] for log in self.folder.glob("*.log"))

    def close(self) -> None:
        for worker in self.workers:
            with suppress(psutil.NoSuchProcess):
                worker.send_signal(signal.SIGCONT)
                worker.kill()
        psutil.wait_procs(self.workers, 10)


def until(happened: Callable[[], object], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if happened():
            return True
        time.sleep(0.05)
    return bool(happened())


def a_shop(
    database: str, folder: Path, patch: pytest.MonkeyPatch, nursery: Nursery
) -> Iterator[Shop]:
    patch.setenv("DESK_ROBOT_FOLDER", str(folder / "robots"))
    patch.setenv("ROBOT_TEST_OFFICE", str(folder / "office"))
    forget_settings()
    made = Shop(database, folder, nursery)
    made.office.touch()
    yield made
    made.close()


@pytest.fixture
def shop(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nursery: Nursery
) -> Iterator[Shop]:
    yield from a_shop(database, tmp_path, monkeypatch, nursery)


@pytest.fixture
def sqlite_shop(
    sqlite_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nursery: Nursery
) -> Iterator[Shop]:
    yield from a_shop(sqlite_database, tmp_path, monkeypatch, nursery)


@pytest.fixture
def postgres_shop(
    postgres_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nursery: Nursery
) -> Iterator[Shop]:
    yield from a_shop(postgres_database, tmp_path, monkeypatch, nursery)


def processes_naming(words: str) -> list[psutil.Process]:
    """Every living process with these words in its command."""
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        told = " ".join(process.info["cmdline"] or ())
        if words in told and process.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(process)
    return found
