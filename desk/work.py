"""The worker: one process per slot, carrying workflows out until it is told to stop."""

import fcntl
import logging
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from dbos import DBOS

from desk.durable import run_workflows
from desk.jobs import workflows as jobs  # noqa: F401  registers carry_out
from desk.settings import settings

log = logging.getLogger(__name__)


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
    with _slot(settings().robot_folder, settings().worker_slot):
        run_workflows()
        log.info("Worker %s (%s) is ready.", settings().worker_slot, os.getpid())
        told.wait()
        DBOS.destroy(workflow_completion_timeout_sec=0)


@contextmanager
def _slot(folder: Path, name: str) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SlotTaken(
                f"A worker runs as {name} already. Set DESK_WORKER_SLOT to another name."
            ) from None
        yield
