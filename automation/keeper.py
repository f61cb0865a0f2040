"""Keeps one robot: within its time, on a leash, and nothing of it afterwards.

`python automation/keeper.py SECONDS COMMAND...` ends with the robot's own status, or with
OVERDUE or LET_GO. It stands between the desk and the robot because only a process of its own
may adopt and bury whatever a robot leaves behind: Chromium's crash handler leaves every group and
session, and where the first process of a container buries nobody, the dead would pile up.

The desk holds the other end of our standard input. When the desk dies, that ends, and so does
the robot: else the next worker would start a second one beside it for the same job.
"""

import ctypes
import os
import select
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

OVERDUE = 124
LET_GO = 125
PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
STANDARD_INPUT = 0


def keep(limit_seconds: float, command: list[str]) -> int:
    """Run the command in a home of its own, and return its status once nothing of it is left.

    No process, not even a dead one; no file but those in the folder that the desk named.
    """
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    with TemporaryDirectory(prefix="robot-", ignore_cleanup_errors=True) as home:
        known = os.environ | {"HOME": home, "TMPDIR": home}
        robot = subprocess.Popen(command, env=known, stdin=subprocess.DEVNULL)
        try:
            return _end_of(robot, limit_seconds)
        finally:
            _bury_all()


def _end_of(robot: "subprocess.Popen[bytes]", limit_seconds: float) -> int:
    ended = os.pidfd_open(robot.pid)
    happened, _, _ = select.select([ended, STANDARD_INPUT], [], [], limit_seconds)
    if ended in happened:
        return robot.wait()
    return LET_GO if happened else OVERDUE


def _bury_all() -> None:
    """Kill our children until there are none: each death makes us the parent of its orphans."""
    while children := _children():
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        for child in children:
            with suppress(ChildProcessError):
                os.waitpid(child, 0)


def _children() -> list[int]:
    own = os.getpid()
    return [int(n) for n in Path(f"/proc/{own}/task/{own}/children").read_text().split()]


if __name__ == "__main__":
    sys.exit(keep(float(sys.argv[1]), sys.argv[2:]) & 0xFF)
