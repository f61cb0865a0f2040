"""What either side of the comparison can do."""

from __future__ import annotations

import os
import signal
import time
from typing import Protocol

import psutil

MIB = 1024 * 1024


class Talk(Protocol):
    """One conversation of one customer."""

    async def say(self, text: str) -> str:
        """Send `text`, wait for the bot's words, give them."""

    async def close(self) -> None: ...


class Side(Protocol):
    """One system under measurement, running as processes of its own."""

    name: str
    answers: dict[str, frozenset[str]]

    async def begin(self) -> Talk:
        """A new conversation, ready for its first message."""

    def pids(self) -> dict[str, int]:
        """Its processes; each leads a process group of its own."""

    def restart_bot(self) -> float:
        """End the process that understands, start it again, return once it says it is ready;
        gives the `perf_counter` of its start."""

    def restart_everything(self) -> float:
        """The same with all processes."""

    def stop(self) -> None: ...


def pause(side: Side) -> None:
    """Keep a side from using the machine while the other is measured."""
    for pid in side.pids().values():
        os.killpg(pid, signal.SIGSTOP)


def resume(side: Side) -> None:
    for pid in side.pids().values():
        os.killpg(pid, signal.SIGCONT)


async def first_answer(side: Side, began: float) -> float:
    """Seconds from `began` until a customer has the bot's words."""
    talk = await side.begin()
    await talk.say("hello")
    seconds = time.perf_counter() - began
    await talk.close()
    return round(seconds, 2)


def memory(side: Side) -> dict[str, dict[str, float]]:
    """MiB of each process with its children: resident, and its fair share of what is shared."""
    return {name: _memory(psutil.Process(pid)) for name, pid in side.pids().items()}


def work_seconds(side: Side) -> dict[str, float]:
    """How long each process has kept a core busy since it started."""
    spent = {name: psutil.Process(pid).cpu_times() for name, pid in side.pids().items()}
    return {name: times.user + times.system for name, times in spent.items()}


class Strangers:
    """How much of the machine the others on it used meanwhile: the less, the better the figures."""

    def __init__(self, *sides: Side) -> None:
        self._sides = sides
        self._began, self._before = time.perf_counter(), self._seconds()

    def cores(self) -> float:
        """Cores kept busy, on average since this was made, by what is not measured here."""
        elapsed = time.perf_counter() - self._began
        return max(0.0, round((self._seconds() - self._before) / elapsed, 2))

    def _seconds(self) -> float:
        machine, own = psutil.cpu_times(), psutil.Process().cpu_times()
        known = sum(sum(work_seconds(side).values()) for side in self._sides)
        return machine.user + machine.nice + machine.system - own.user - own.system - known


def _memory(process: psutil.Process) -> dict[str, float]:
    family = [p.memory_full_info() for p in (process, *process.children(recursive=True))]
    return {
        "rss_mib": round(sum(m.rss for m in family) / MIB, 1),
        "pss_mib": round(sum(m.pss for m in family) / MIB, 1),
    }
