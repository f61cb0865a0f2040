"""Workers under test, each forked from `python -m tests.jobs.worker`. KILL_AT names where one
dies: before or after the n-th call of something, such as `after settle 1`."""

import json
import logging
import os
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any

from desk.integrations import robots, slots
from desk.jobs import commands, workflows
from desk.work import work_until_told_to_stop
from tests.jobs.catalogue import add_test_robots


def die_at(place: str) -> None:
    when, name, which = place.split()
    owner: Any = {"run": robots, "run_robot": workflows}.get(name, commands)
    original: Callable[..., Any] = getattr(owner, name)
    calls = {"before": 0, "after": 0}

    def passing(moment: str) -> None:
        calls[moment] += 1
        if when == moment and calls[moment] == int(which):
            os.kill(os.getpid(), signal.SIGKILL)

    def counted(*args: Any, **kwargs: Any) -> Any:
        passing("before")
        result = original(*args, **kwargs)
        passing("after")
        return result

    counted.__qualname__ = getattr(original, "__qualname__", name)
    setattr(owner, name, counted)


def work() -> None:
    """What one worker does, with the environment it was given."""
    logging.basicConfig(level=logging.INFO)
    add_test_robots()
    slots.GRACE_SECONDS = float(os.environ.get("GRACE", slots.GRACE_SECONDS))
    if os.environ.get("COLD"):
        robots.keep_warm = lambda: None
    if place := os.environ.get("KILL_AT"):
        die_at(place)
    work_until_told_to_stop()


def nursery() -> None:
    """Fork a worker for every line of JSON on standard input; everything is read by then."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        told = json.loads(line)
        if (worker := os.fork()) == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            log = os.open(told["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            nothing = os.open(os.devnull, os.O_RDONLY)
            for end, number in ((nothing, 0), (log, 1), (log, 2)):
                os.dup2(end, number)
            os.environ.clear()
            os.environ.update(told["environment"])
            try:
                work()
            except BaseException:  # a process begins here, and must end here
                traceback.print_exc()
            os._exit(1)
        sys.stdout.write(f"{worker}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    nursery()
