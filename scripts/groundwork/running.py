"""The desk in the foreground: start all processes, say when they are ready, stop them all."""

import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import FrameType

from groundwork.children import (
    adopt_orphans,
    end_all_children,
    stop_with_the_parent,
)
from groundwork.errors import CannotGoOn
from groundwork.progress import say

LONGEST_START_SECONDS = 180.0
LONGEST_STOP_SECONDS = 90.0
A_PROCESS_ENDED = re.compile(r"exited: (?P<name>\S+) \((?P<how>.*); (?:not )?expected\)")


class Stopped(Exception):
    """The owner wants everything to stop: Ctrl-C, or a signal from whoever runs us."""


class Supervisor:
    """Supervisor and all that it keeps up, as one thing that starts and ends with us."""

    def __init__(self, python: Path, configuration: Path, env: Mapping[str, str]) -> None:
        adopt_orphans()
        self.program = subprocess.Popen(
            [python, "-m", "supervisor.supervisord", "-n", "-c", configuration],
            env=dict(env),
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for us; we tell supervisor in our own time
            preexec_fn=stop_with_the_parent,
        )

    def need_running(self) -> None:
        """Raises: CannotGoOn: supervisor itself has ended."""
        if self.program.poll() is not None:
            raise CannotGoOn("The process manager ended by itself: see var/logs/supervisor.log")

    def stop(self) -> None:
        """Stop everything in good order, and what does not stop in time in any order."""
        if self.program.poll() is None:
            self.program.terminate()
            try:
                self.program.wait(LONGEST_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                say("Some processes do not stop: ending them.")
        end_all_children()


def raise_stopped(_signal: int, _frame: FrameType | None) -> None:
    raise Stopped


def run_in_foreground(
    start: Callable[[], Supervisor],
    ready: Callable[[], bool],
    announce: Callable[[], None],
    log: Path,
) -> None:
    """Start, announce once ready, tell of every process that died, until somebody says stop."""
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, raise_stopped)
    news = deaths(log)
    supervisor = start()
    try:
        wait_until_ready(supervisor, ready, news)
        announce()
        while True:
            tell(news)
            supervisor.need_running()
            bury_the_dead_but(supervisor)
            time.sleep(1)
    except Stopped:
        say("\nStopping …")
    finally:
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, signal.SIG_IGN)  # one word is enough; stopping is bounded
        supervisor.stop()
    say("Everything has stopped.")


def bury_the_dead_but(supervisor: Supervisor) -> None:
    """Orphans only: supervisor's own exit code is for its Popen."""
    if supervisor.program.poll() is None:
        bury_adopted(supervisor.program.pid)


def bury_adopted(kept_pid: int) -> None:
    waiting = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    if waiting is not None and waiting.si_pid not in (0, kept_pid):
        os.waitpid(waiting.si_pid, os.WNOHANG)


def wait_until_ready(
    supervisor: Supervisor, ready: Callable[[], bool], news: Iterator[list[str]]
) -> None:
    began = time.monotonic()
    warned = False
    while not ready():
        supervisor.need_running()
        tell(news)
        if not warned and time.monotonic() - began > LONGEST_START_SECONDS:
            say("     Still not ready. Look into var/logs/; I go on waiting.")
            warned = True
        time.sleep(0.25)


def tell(news: Iterator[list[str]]) -> None:
    for line in next(news):
        say(f"  !  {line}")


def deaths(log: Path) -> Iterator[list[str]]:
    """Each time: what supervisor wrote since the last time about processes that died."""
    place = log.stat().st_size if log.exists() else 0
    while True:
        size = log.stat().st_size if log.exists() else 0
        place = min(place, size)  # a rotated log begins anew
        if size > place:
            with log.open(errors="replace") as lines:
                lines.seek(place)
                written = lines.read()
            place = size
        else:
            written = ""
        yield [obituary(found, log.parent) for found in A_PROCESS_ENDED.finditer(written)]


def obituary(found: re.Match[str], logs: Path) -> str:
    """Who ended, how, and its last words."""
    own_log = logs / f"{found['name']}.log"
    said = own_log.read_text(errors="replace").splitlines() if own_log.exists() else []
    last_words = f": {said[-1][:200]}" if said else ""
    return f"{found['name']} ended ({found['how']}) and is started again{last_words}"


def answers(url: str) -> bool:
    """Whether the address answers with a success within two seconds."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never by a proxy
    try:
        with opener.open(url, timeout=2) as answer:
            return bool(200 <= answer.status < 300)
    except (OSError, urllib.error.URLError, ValueError):
        return False
