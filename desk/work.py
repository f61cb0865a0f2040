"""The worker: one process per slot, carrying workflows out until it is told to stop."""

import logging
import os
import signal
import threading
import time
from collections import defaultdict
from types import FrameType

from dbos import DBOS
from dbos import WorkflowStatus as Workflow

from desk.approvals.workflows import fetch_people_for_what_is_overdue
from desk.durable import QUEUE, live_workflows, run_workflows
from desk.errands.workflows import start_what_is_due
from desk.integrations import robots
from desk.integrations.slots import Slot, grace_seconds, hold_slot, take
from desk.jobs import workflows as jobs
from desk.letters import workflows as letters
from desk.promises.workflows import keep_promises
from desk.settings import settings

log = logging.getLogger(__name__)

WORKFLOWS = (jobs.carry_out, letters.send_letter)  # importing them is what makes them known

BEAT_SECONDS = 1.0  # robots end when their worker says nothing for a few of these
LOOK_SECONDS = 2.0
STRANDED_SECONDS = 30.0
TIDY_SECONDS = 3600.0


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
    with take(ours) as slot:
        if slot is None:
            raise SlotTaken(
                f"A worker runs as {ours} already. Set DESK_WORKER_SLOT to another name."
            )
        beating = threading.Thread(target=_beat, args=(slot, told), name="beat", daemon=True)
        beating.start()
        robots.keep_warm()
        run_workflows()
        log.info("Worker %s (%s) is ready.", ours, os.getpid())
        rounds = Rounds(ours)
        while not told.wait(LOOK_SECONDS):
            rounds.look_around()
        DBOS.destroy(workflow_completion_timeout_sec=0)
        robots.let_go()
        robots.cool_down()


def _beat(slot: Slot, told: threading.Event) -> None:
    """Keep our robots running for as long as the slot is ours, and end them at once when it is
    not: another worker will take their jobs over."""
    while not told.wait(BEAT_SECONDS):
        if slot.is_held():
            robots.hold()
            continue
        log.warning("The lock of this worker's slot is lost; its robots end.")
        robots.let_go()
        while not told.wait(BEAT_SECONDS) and not slot.take_again():
            pass


class Rounds:
    """Looks after what others left lying, again and again."""

    def __init__(self, ours: str) -> None:
        self._ours = ours
        self._free_since: dict[str, float] = {}  # slots whose lock could be had, and since when
        self._stranded_since: dict[str, float] = {}
        self._tidied = time.monotonic()

    def look_around(self) -> None:
        """Take over what dead workers left, set going again what DBOS has lost sight of, and
        settle what it has given up on."""
        try:
            running = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
            self.take_over(running)
            self.set_stranded_going(running)
            jobs.settle_what_was_given_up()
            fetch_people_for_what_is_overdue()
            start_what_is_due()
            if time.monotonic() - self._tidied > TIDY_SECONDS:
                self._tidied = time.monotonic()
                jobs.tidy()
            keep_promises()
        except Exception:  # the worker's own loop: it must outlive a database that is away
            log.exception("Could not look after the jobs of others; trying again.")

    def take_over(self, running: list[Workflow]) -> None:
        """Resume the running workflows of every slot whose worker is dead, while holding its
        lock. Where a lost connection may look like death, only after the time within which a
        worker that lost its lock has ended its robots."""
        dead = {str(left.executor_id) for left in running} - {self._ours, "None"}
        for name in self._free_since.keys() - dead:
            del self._free_since[name]
        for name in dead:
            with hold_slot(name) as is_free:
                if not is_free:
                    self._free_since.pop(name, None)
                elif self._has_been(self._free_since, name, grace_seconds()):
                    left = [w for w in running if w.executor_id == name]
                    log.warning("Worker %s is gone; taking over %s workflows.", name, len(left))
                    resume(left)

    def set_stranded_going(self, running: list[Workflow]) -> None:
        """Resume the workflows that DBOS holds for running here, and that no thread is at."""
        live = live_workflows()
        stranded = {w.workflow_id: w for w in running if w.executor_id == self._ours}
        for known in live:
            stranded.pop(known, None)
        for name in self._stranded_since.keys() - stranded.keys():
            del self._stranded_since[name]
        left = [
            workflow
            for name, workflow in stranded.items()
            if self._has_been(self._stranded_since, name, STRANDED_SECONDS)
        ]
        if left:
            log.warning("%s workflows were stranded; they are set going again.", len(left))
            resume(left)

    @staticmethod
    def _has_been(since: dict[str, float], name: str, seconds: float) -> bool:
        return time.monotonic() - since.setdefault(name, time.monotonic()) >= seconds


def resume(left: list[Workflow]) -> None:
    """Put workflows back into the queues they came from, whose limits still hold for them."""
    of_queue: dict[str, list[str]] = defaultdict(list)
    for workflow in left:
        of_queue[workflow.queue_name or QUEUE].append(workflow.workflow_id)
    for queue, ids in of_queue.items():
        DBOS.resume_workflows(ids, queue_name=queue)
