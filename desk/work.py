"""The worker: one process per slot, carrying workflows out until it is told to stop."""

import fcntl
import logging
import os
import signal
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from dbos import DBOS
from sqlalchemy import text

from desk.durable import engine, run_workflows
from desk.jobs import workflows as jobs
from desk.settings import settings

log = logging.getLogger(__name__)

LOOK_SECONDS = 3.0  # a dead worker's jobs are taken over within a few of these


class SlotTaken(SystemExit):
    """Another worker runs under this slot; two of one name would do steps twice."""


def work_until_told_to_stop() -> None:
    """Carry workflows out until SIGTERM or SIGINT.

    Raises:
        SlotTaken: this slot's lock is held by a living worker.
    """
    told = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        told.set()

    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, stop)
    ours = settings().worker_slot
    with slot(ours) as is_ours:
        if not is_ours:
            raise SlotTaken(
                f"A worker runs as {ours} already. Set DESK_WORKER_SLOT to another name."
            )
        run_workflows()
        log.info("Worker %s (%s) is ready.", ours, os.getpid())
        while not told.wait(LOOK_SECONDS):
            look_around(ours)
        DBOS.destroy(workflow_completion_timeout_sec=0)


def look_around(ours: str) -> None:
    """Take over what dead workers left, and settle what DBOS has given up on."""
    try:
        take_over(ours)
        jobs.settle_what_was_given_up()
    except Exception:  # the worker's own loop: it must outlive a database that is away
        log.exception("Could not look after the jobs of others; trying again.")


def take_over(ours: str) -> None:
    """Resume the running workflows of every slot whose worker is dead, while holding its lock."""
    running = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
    for name in {left.executor_id for left in running} - {ours, None}:
        with slot(str(name)) as is_free:
            if not is_free:
                continue
            left = [w.workflow_id for w in running if w.executor_id == name]
            log.warning("Worker %s is gone; taking over %s of its workflows.", name, len(left))
            DBOS.resume_workflows(left)


@contextmanager
def slot(name: str) -> Iterator[bool]:
    """Hold a worker's slot for the length of the block; gives whether it could be had. The lock
    goes with the process that holds it, however it dies."""
    held = _on_postgres(name) if engine().dialect.name == "postgresql" else _on_disk(name)
    with held as is_ours:
        yield is_ours


@contextmanager
def _on_postgres(name: str) -> Iterator[bool]:
    key = zlib.crc32(f"worker slot {name}".encode())
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        asked = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": key})
        is_ours = bool(asked.scalar())
        try:
            yield is_ours
        finally:
            if is_ours and not connection.invalidated:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": key})


@contextmanager
def _on_disk(name: str) -> Iterator[bool]:
    folder: Path = settings().robot_folder
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{zlib.crc32(name.encode()):08x}.slot").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
