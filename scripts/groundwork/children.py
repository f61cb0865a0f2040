"""Nothing may be left running: not a process, not a process that one of them started."""

import ctypes
import os
import signal
import time
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """From here on, whatever our processes leave behind becomes our own child."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def stop_with_the_parent() -> None:
    """For a new process before it becomes a program: be told to stop if the parent is killed."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def descendants(pid: int) -> list[int]:
    """All processes below `pid`, parents before their children."""
    found = []
    for child in children(pid):
        found.append(child)
        found.extend(descendants(child))
    return found


def children(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        listed = [(task / "children").read_text().split() for task in tasks]
    except OSError:
        return []  # it ended meanwhile
    return [int(child) for line in listed for child in line]


def bury_the_dead() -> None:
    """Take the exit codes of adopted processes, so that they do not stay as zombies."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def end_all_children(patience_seconds: float = 5.0) -> None:
    """Ask all that is below this process to end, and end what does not listen."""
    for sign, patience in ((signal.SIGTERM, patience_seconds), (signal.SIGKILL, 2.0)):
        for pid in descendants(os.getpid()):
            signal_quietly(pid, sign)
        until = time.monotonic() + patience
        while time.monotonic() < until:
            bury_the_dead()
            if not descendants(os.getpid()):
                return
            time.sleep(0.05)


def signal_quietly(pid: int, sign: signal.Signals) -> None:
    try:
        os.kill(pid, sign)
    except ProcessLookupError:
        return
