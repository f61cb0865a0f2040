"""What else the machine was busy with, and of which state of the tree a figure is."""

from __future__ import annotations

import subprocess
import time

import psutil
from groundwork.places import ROOT


class Others:
    """Cores kept busy by others since this was made; our own finished children are ours."""

    def __init__(self) -> None:
        self._began, self._before = time.perf_counter(), self._seconds()

    def cores(self) -> float:
        elapsed = time.perf_counter() - self._began
        return max(0.0, round((self._seconds() - self._before) / elapsed, 2))

    def _seconds(self) -> float:
        machine, own = psutil.cpu_times(), psutil.Process().cpu_times()
        ours = own.user + own.system + own.children_user + own.children_system
        return float(machine.user + machine.nice + machine.system - ours)


def commit() -> str:
    """The commit that was measured, with a plus sign if the tree held more than that."""
    head = _git("rev-parse", "--short", "HEAD")
    return head + ("+" if _git("status", "--porcelain", "--untracked-files=no") else "")


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip() or ("" if done.returncode == 0 else "unknown")
