"""Running a robot: work item written, process run, answer read, nothing left behind."""

import json
import logging
import os
import re
import shutil
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic, time
from uuid import UUID

from automation import keeper, starting
from automation.catalogue import CATALOGUE, Robot
from automation.contracts import JobOutcome, JobRequest, Outcome
from automation.keeper import Limits
from desk.integrations.keepers import LEASH_SECONDS, FreshKeeper, Keeper, WarmParent
from desk.settings import settings

log = logging.getLogger(__name__)

BURIAL_SECONDS = 5.0
LOOK_SECONDS = 0.25
STEPS = "steps.jsonl"
STEP = r"[a-z][a-z0-9_]{0,39}"  # a code, and never anything of a customer's
MOST_AT_ONCE = 64_000
ENOUGH_ROOM_BYTES, ENOUGH_ROOM_SHARE = 500_000_000, 0.05
CODES = {
    keeper.SPEAKS_TOO_MUCH: ("ROBOT_SPEAKS_TOO_MUCH", "it wrote more than its log may hold"),
    keeper.FILLS_ITS_FOLDER: ("ROBOT_FILLS_ITS_FOLDER", "it wrote more than its folder may hold"),
    keeper.TOO_MANY_PROCESSES: ("ROBOT_TOO_MANY_PROCESSES", "it started too many processes"),
    keeper.TOO_MUCH_MEMORY: ("ROBOT_TOO_MUCH_MEMORY", "it took more memory than it may"),
    keeper.OVERDUE: ("ROBOT_OVERDUE", "its keeper, being overdue"),
    keeper.LET_GO: ("ROBOT_LET_GO", "its keeper, being let go"),
}
Told = Callable[[list[str]], None]


class RobotBroke(Exception):
    """The robot could not finish; another try may go better. `ending` is broke, killed or lost."""

    def __init__(self, code: str, message: str, ending: str = "broke") -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.ending = code, ending


def run(
    job_id: UUID | str, request: JobRequest, *, number: int | None = None, watch: Told | None = None
) -> JobOutcome:
    """Run one robot once. May be run again for the same job: the robot knows its own work.

    What it was given, answered and logged stays in `robot_folder/<job id>/<number>`; without a
    number, in the next free one. `watch` is told the steps that the robot has behind it, a few
    times a second, also when there are none.

    Raises:
        RobotBroke: it crashed, broke one of its limits, or met a failing system.
    """
    folder = _attempt_folder(str(job_id), number)
    item = {"payload": {**request.inputs, "job_id": str(job_id)}, "files": {}}
    (folder / "in.json").write_text(json.dumps([item]))
    started = monotonic()
    status = _execute(CATALOGUE[request.kind], folder, watch)
    seconds = monotonic() - started
    log.info("job %s: robot %s ended with %s in %.1f s", job_id, request.kind, status, seconds)
    outcome = _answer(folder, status)
    (folder / "log.html").unlink(missing_ok=True)  # 0.9 MB that can be made from output.robolog
    return outcome


def left_behind(job_id: str, number: int | None) -> JobOutcome | None:
    """What a run answered whose worker died before it could read it, if it stands on this
    machine: done or refused. None if it broke, or said nothing."""
    if number is None:
        return None
    with suppress(RobotBroke):
        return _answer(settings().robot_folder.absolute() / job_id / str(number), None)
    return None


def folder_of(job_id: str) -> Path:
    """Where the papers of a job's runs are, a folder for each."""
    return settings().robot_folder.absolute() / job_id


def bytes_short() -> int:
    """How many bytes too few the disk of the robots' papers has free; 0 or less is enough."""
    folder = settings().robot_folder.absolute()
    while not folder.exists():
        folder = folder.parent
    disk = shutil.disk_usage(folder)
    return int(min(ENOUGH_ROOM_BYTES, disk.total * ENOUGH_ROOM_SHARE)) - disk.free


def papers_older_than(seconds: float) -> list[UUID]:
    """The jobs whose folder has not been written to for so long."""
    folder, old = settings().robot_folder.absolute(), []
    for place in folder.iterdir() if folder.exists() else ():
        with suppress(ValueError, OSError):
            if place.is_dir() and place.stat().st_mtime < time() - seconds:
                old.append(UUID(place.name))
    return old


def drop_papers(job_id: UUID) -> None:
    """Delete everything that the robots of a job left."""
    shutil.rmtree(settings().robot_folder.absolute() / str(job_id), ignore_errors=True)


# ------------------------------------------------------------ whose robots may run, and which do

_ours = threading.Event()
_ours.set()
_is_watched = threading.Event()  # whether anybody says `hold` again and again
_running: set[Keeper] = set()
_warm: list[WarmParent] = []
_one_at_a_time = threading.Lock()


def wait_until_ours() -> None:
    """Wait while this worker does not hold its slot: another may be at its jobs."""
    _ours.wait()


def hold() -> None:
    """This worker holds its slot: its robots may run. To be said again and again, every second:
    a robot whose worker falls silent ends."""
    _ours.set()
    _is_watched.set()
    for kept in list(_running):
        kept.beat()


def let_go() -> None:
    """End every robot of this process now, and start no other until `hold`."""
    _ours.clear()
    for kept in list(_running):
        kept.let_go()


def keep_warm() -> None:
    """Have a process ready that robots are forked from. Without it each starts afresh."""
    with _one_at_a_time:
        if not _warm:
            _warm.append(WarmParent(starting.PROJECT, _known_to_all()))


def cool_down() -> None:
    """Let that process go."""
    with _one_at_a_time:
        while _warm:
            _warm.pop().close()


def _execute(robot: Robot, folder: Path, watch: Told | None) -> int | None:
    """Run the process to its end, or to ours at the limit. Gives its status, if it has one."""
    seconds = min(robot.timeout_seconds, settings().robot_timeout_seconds)
    limits = Limits(
        seconds,
        folder=str(folder),
        log=str(folder / "robot.log"),
        leash_seconds=LEASH_SECONDS if _is_watched.is_set() else None,
    )
    kept = _start(robot, folder, limits)
    _running.add(kept)
    if not _ours.is_set():
        kept.let_go()
    tail = _Tail(folder / STEPS)
    until = monotonic() + seconds + BURIAL_SECONDS
    try:
        while monotonic() < until:
            if kept.wait(LOOK_SECONDS):
                return kept.status
            if watch is not None:
                watch(tail.new_steps())
        return None
    finally:
        if kept.status is None:
            kept.let_go()
            kept.wait(BURIAL_SECONDS)
        _running.discard(kept)
        kept.end()
        if watch is not None and (last := tail.new_steps()):
            watch(last)


def _start(robot: Robot, folder: Path, limits: Limits) -> Keeper:
    if _warm and not starting.is_suite(robot):
        with suppress(OSError):
            told = starting.arguments(robot, folder)
            return _warm[-1].keeper(limits, told, _environment(robot, folder))
        log.warning("The warm process is gone; robot %s starts afresh.", robot.name)
        cool_down()
        keep_warm()
    command = starting.command(robot, folder)
    return FreshKeeper(starting.PROJECT, limits, command, _environment(robot, folder))


class _Tail:
    """The steps that a robot has written down since we last looked."""

    def __init__(self, file: Path) -> None:
        self._file, self._read = file, 0

    def new_steps(self) -> list[str]:
        """Codes of the steps, the oldest first. A robot that writes nonsense has no steps."""
        steps: list[str] = []
        with suppress(OSError), self._file.open("rb") as lines:
            lines.seek(self._read)
            for line in lines.read(MOST_AT_ONCE).splitlines(keepends=True):
                if not line.endswith(b"\n"):
                    break
                self._read += len(line)
                steps.extend(_code_of(line))
        return steps


def _code_of(line: bytes) -> list[str]:
    with suppress(ValueError, KeyError, TypeError):
        code = json.loads(line)["step"]
        if re.fullmatch(STEP, code):
            return [code]
    return []


def _attempt_folder(job_id: str, number: int | None) -> Path:
    of_job = settings().robot_folder.absolute() / job_id
    of_job.mkdir(mode=0o700, parents=True, exist_ok=True)
    attempt = number or 1
    while True:
        try:
            (of_job / str(attempt)).mkdir(mode=0o700)
        except FileExistsError:
            if number is not None:
                shutil.rmtree(of_job / str(attempt))
            else:
                attempt += 1
        else:
            return of_job / str(attempt)


def _known_to_all() -> dict[str, str]:
    return {"PYTHONPATH": str(starting.PROJECT), **starting.handed_on(os.environ)}


def _environment(robot: Robot, folder: Path) -> dict[str, str]:
    return starting.environment(robot, folder, os.environ) | {
        "DESK_SMTP_HOST": settings().smtp_host,
        "DESK_SMTP_PORT": str(settings().smtp_port),
    }


def _answer(folder: Path, status: int | None) -> JobOutcome:
    """What the robot wrote down. An answer counts even if the robot hung or fell afterwards."""
    try:
        failure = json.loads((folder / "out.release.json").read_text())["exception"]
        if failure is None:
            (item,) = json.loads((folder / "out.json").read_text())
            return JobOutcome.from_payload(item["payload"])
    except (OSError, ValueError, KeyError) as missing:
        raise _no_answer(status) from missing
    if failure["type"] == "BUSINESS":
        return JobOutcome(Outcome.REFUSED, failure["code"], {})
    if status in CODES:
        raise _no_answer(status)
    raise RobotBroke(failure["code"] or "UNKNOWN", str(failure["message"]))


def _no_answer(status: int | None) -> RobotBroke:
    if status in CODES:
        code, how = CODES[status]
        ending = "lost" if status == keeper.LET_GO else "killed"
        return RobotBroke(code, f"The robot gave no answer; it ended by {how}.", ending)
    how = "our kill of its keeper" if status is None else f"status {status}"
    return RobotBroke("ROBOT_SILENT", f"The robot gave no answer; it ended by {how}.")
