"""Keeps one robot: within its limits, on a leash, and nothing of it afterwards.

`python automation/keeper.py LIMITS COMMAND...`, with the limits as JSON, ends with the robot's
own status, or with one of the codes below. It stands between the desk and the robot because only
a process of its own may adopt and bury whatever a robot leaves behind: Chromium's crash handler
leaves every group and session, and where the first process of a container buries nobody, the dead
would pile up.

The desk holds the other end of our standard input. When the desk dies, that ends, and so does
the robot: else the next worker would start a second one beside it for the same job. A desk that
is frozen, or cut off from its database, no longer writes there, and its robot ends as well.
"""

import ctypes
import json
import os
import resource
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

SPEAKS_TOO_MUCH = 120
FILLS_ITS_FOLDER = 121
TOO_MANY_PROCESSES = 122
TOO_MUCH_MEMORY = 123
OVERDUE = 124
LET_GO = 125
PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
STANDARD_INPUT = 0
LOOK_SECONDS = 0.2
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
KEPT_BYTES = 2_000_000  # of a robot that wrote too much


@dataclass(frozen=True)
class Limits:
    """What one robot may take. `leash_seconds` is how long the desk may be silent; without it,
    only the desk's end counts. `folder` is where the robot's papers stay, its log among them."""

    seconds: float
    folder: str = ""
    log: str = ""
    output_bytes: int = 20_000_000
    folder_bytes: int = 300_000_000
    processes: int = 200
    memory_bytes: int = 3_000_000_000
    leash_seconds: float | None = None


def keep(limits: Limits, start: Callable[[dict[str, str]], int]) -> int:
    """Have `start` begin the robot with what it is given for its environment, and return its
    status once nothing of it is left.

    No process, not even a dead one; no file but those in the folder that the desk named.
    """
    adopt_orphans()
    with TemporaryDirectory(prefix="robot-", ignore_cleanup_errors=True) as home:
        robot = start({"HOME": home, "TMPDIR": home})
        try:
            ended = _end_of(robot, limits, Path(home))
            if ended not in (0, OVERDUE, LET_GO):  # it may have failed for want of room
                ended = _broken_limit(limits, Path(home)) or ended
        finally:
            _bury_all()
    if ended in (SPEAKS_TOO_MUCH, FILLS_ITS_FOLDER):
        _give_back(limits)
    return ended


def adopt_orphans() -> None:
    """Become the parent of whatever our children leave behind."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def within(limits: Limits) -> None:
    """Called in the robot before it begins: no single file may outgrow its folder, even between
    two looks."""
    most = limits.folder_bytes + limits.folder_bytes // 10
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _end_of(robot: int, limits: Limits, home: Path) -> int:
    ended = os.pidfd_open(robot)
    now = time.monotonic()
    overdue, slack = now + limits.seconds, now + (limits.leash_seconds or limits.seconds + 1)
    while True:
        now = time.monotonic()
        if now >= overdue:
            return OVERDUE
        wait = min(LOOK_SECONDS, overdue - now)
        happened, _, _ = select.select([ended, STANDARD_INPUT], [], [], wait)
        if ended in happened:
            return _status_of(robot)
        if happened:
            if not os.read(STANDARD_INPUT, 4096):
                return LET_GO
            slack = time.monotonic() + (limits.leash_seconds or limits.seconds + 1)
        elif now >= slack:  # silent even to a keeper that itself had to wait for the processor
            return LET_GO
        if (broken := _broken_limit(limits, home)) is not None:
            return broken


def _status_of(robot: int) -> int:
    _, status = os.waitpid(robot, 0)
    return os.waitstatus_to_exitcode(status)


def _broken_limit(limits: Limits, home: Path) -> int | None:
    if limits.log and _bytes_of(Path(limits.log)) > limits.output_bytes:
        return SPEAKS_TOO_MUCH
    folders = [home, Path(limits.folder)] if limits.folder else [home]
    if sum(_bytes_in(folder, limits.folder_bytes) for folder in folders) > limits.folder_bytes:
        return FILLS_ITS_FOLDER
    family = list(_family())
    if len(family) > limits.processes:
        return TOO_MANY_PROCESSES
    seems, most = sum(map(_quick_memory, family)), limits.memory_bytes
    if seems > most and sum(map(_own_memory, family)) > most:  # only then a closer look pays
        return TOO_MUCH_MEMORY
    return None


def _bytes_of(file: Path) -> int:
    with suppress(OSError):
        return file.stat().st_blocks * 512
    return 0


def _bytes_in(folder: Path, enough: int) -> int:
    """What the files below take of the disk; counting stops once it is more than enough."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                found = os.lstat(os.path.join(place, name))
                total += found.st_blocks * 512 + 512  # an empty file takes an entry as well
        if total > enough:
            break
    return total


def _quick_memory(process: int) -> int:
    """Bytes that this process holds, without files; what a fork shares is counted in each."""
    with suppress(OSError, IndexError, ValueError):
        words = Path(f"/proc/{process}/statm").read_text().split()
        return (int(words[1]) - int(words[2])) * PAGE_BYTES
    return 0


def _own_memory(process: int) -> int:
    """Bytes that this process holds, what is shared divided among those who share it."""
    with suppress(OSError, ValueError, StopIteration):
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        shares = (line.split() for line in lines)
        return next(int(words[1]) * 1024 for words in shares if words[0] == "Pss_Anon:")
    return 0


def _bury_all() -> None:
    """Kill our children until there are none: each death makes us the parent of its orphans.
    They are stopped first, so that none can make new ones faster than we kill."""
    while family := list(_family()):
        for order in (signal.SIGSTOP, signal.SIGKILL):
            for process in family:
                with suppress(ProcessLookupError):
                    os.kill(process, order)
        for child in _children(os.getpid()):
            with suppress(ChildProcessError):
                os.waitpid(child, os.WNOHANG)
        time.sleep(0.001)


def _family() -> Iterator[int]:
    """Our children and everybody below them."""
    waiting = _children(os.getpid())
    while waiting:
        process = waiting.pop()
        yield process
        waiting.extend(_children(process))


def _children(process: int) -> list[int]:
    found: list[int] = []
    with suppress(OSError):
        for thread in os.listdir(f"/proc/{process}/task"):
            with suppress(OSError):
                words = Path(f"/proc/{process}/task/{thread}/children").read_text().split()
                found.extend(map(int, words))
    return found


def _give_back(limits: Limits) -> None:
    """Keep the small papers of a robot that wrote too much, and the beginning of its log."""
    files = (p for p in Path(limits.folder).rglob("*") if p.is_file() and not p.is_symlink())
    kept = 0
    for file in sorted(files, key=_bytes_of):
        with suppress(OSError):
            if str(file) == limits.log:
                os.truncate(file, min(file.stat().st_size, KEPT_BYTES))
            elif kept + _bytes_of(file) > KEPT_BYTES:
                file.unlink()
            else:
                kept += _bytes_of(file) + 512


def _start_command(limits: Limits, command: list[str]) -> Callable[[dict[str, str]], int]:
    def start(own: dict[str, str]) -> int:
        robot = subprocess.Popen(
            command,
            env=os.environ | own,
            stdin=subprocess.DEVNULL,
            preexec_fn=lambda: within(limits),
        )
        return robot.pid

    return start


if __name__ == "__main__":
    asked = Limits(**json.loads(sys.argv[1]))
    sys.exit(keep(asked, _start_command(asked, sys.argv[2:])) & 0xFF)
