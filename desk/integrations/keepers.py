"""How a robot's keeper comes to life: as a program of its own, or forked from a warm one."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

from automation.keeper import Limits

LEASH_SECONDS = 6.0  # how long a worker may be silent until its robots end
READY_SECONDS = 30.0
ORDER_SECONDS = 10.0


class Keeper(Protocol):
    """Stands between us and one robot. `status` is how it ended, once it has."""

    status: int | None

    def wait(self, seconds: float) -> bool:
        """Whether it has ended, at the latest after so many seconds."""

    def beat(self) -> None:
        """Tell it that we live and may go on."""

    def let_go(self) -> None:
        """Have it end its robot, and itself, at once."""

    def end(self) -> None:
        """A keeper that ends leaves nothing; one that hung or was killed leaves its whole group."""


class FreshKeeper:
    """A keeper that is a program of its own, and so is its robot."""

    def __init__(
        self, project: Path, limits: Limits, command: list[str], environment: dict[str, str]
    ) -> None:
        self.status: int | None = None
        keeper = str(project / "automation" / "keeper.py")
        with Path(limits.log).open("wb") as written:
            self._process = subprocess.Popen(
                [sys.executable, "-I", keeper, json.dumps(asdict(limits)), *command],
                cwd=project,
                env=environment,
                stdin=subprocess.PIPE,  # the leash: it slackens when this process dies
                stdout=written,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._ended = os.pidfd_open(self._process.pid)
        assert self._process.stdin is not None
        with self._process.stdin as leash:
            self._leash = _Leash(os.dup(leash.fileno()))

    def wait(self, seconds: float) -> bool:
        if select.select([self._ended], [], [], seconds)[0]:
            self.status = self._process.wait()
        return self.status is not None

    def beat(self) -> None:
        self._leash.beat()

    def let_go(self) -> None:
        self._leash.close()

    def end(self) -> None:
        if self.status is None or self.status < 0:
            _kill_group(self._process.pid)
        self._process.wait()
        self._leash.close()
        os.close(self._ended)


class WarmKeeper:
    """A keeper that was forked. It writes its status down when it ends; its end of that pipe
    closes however it ends."""

    def __init__(self, pid: int, leash: int, answer: int) -> None:
        self.status: int | None = None
        self._pid, self._answer, self._leash = pid, answer, _Leash(leash)
        self._is_over = False

    def wait(self, seconds: float) -> bool:
        if not self._is_over and select.select([self._answer], [], [], seconds)[0]:
            told = os.read(self._answer, 64)
            self._is_over = True
            self.status = int(told) if told else -signal.SIGKILL
        return self._is_over

    def beat(self) -> None:
        self._leash.beat()

    def let_go(self) -> None:
        self._leash.close()

    def end(self) -> None:
        if self.status is None or self.status < 0:
            _kill_group(self._pid)
        self._leash.close()
        os.close(self._answer)


class WarmParent:
    """The process that `automation/warm.py` is; started once, asked for each run.

    It has only the environment named here: whoever looks into its memory finds no secret of ours.
    """

    def __init__(self, project: Path, environment: dict[str, str]) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket, self._one_at_a_time = ours, threading.Lock()
        self._is_ready = False
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "automation.warm", str(theirs.fileno())],
                cwd=project,
                env=environment | {"PYTHONUTF8": "1"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )

    def keeper(
        self, limits: Limits, arguments: list[str], environment: dict[str, str]
    ) -> WarmKeeper:
        """A keeper with its robot, which runs the task that these arguments name.

        Raises:
            OSError: the warm process is gone, or too slow.
        """
        with self._one_at_a_time, Path(limits.log).open("wb") as log, _pipes() as pipes:
            order = {
                "limits": asdict(limits),
                "arguments": arguments,
                "environment": environment,
            }
            self._wait_until_ready()
            leash_end, answer_end = pipes[0][0], pipes[1][1]
            message = json.dumps(order).encode()
            socket.send_fds(self._socket, [message], [log.fileno(), leash_end, answer_end])
            pid = int(self._hear(ORDER_SECONDS).split()[1])
            return WarmKeeper(pid, os.dup(pipes[0][1]), os.dup(pipes[1][0]))

    def _wait_until_ready(self) -> None:
        if not self._is_ready:
            self._hear(READY_SECONDS)
            self._is_ready = True

    def _hear(self, seconds: float) -> bytes:
        self._socket.settimeout(seconds)
        heard = self._socket.recv(4096)
        if not heard:
            raise ConnectionResetError("The warm process is gone.")
        return heard

    def close(self) -> None:
        """Have it end. Keepers that it forked live on, as long as their robots."""
        self._socket.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(2)
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()


class _Leash:
    """Our end of a keeper's standard input."""

    def __init__(self, end: int) -> None:
        self._end, self._lock = end, threading.Lock()
        os.set_blocking(self._end, False)
        self._is_open = True

    def beat(self) -> None:
        with self._lock:
            if self._is_open:
                with suppress(BlockingIOError, BrokenPipeError):
                    os.write(self._end, b".")

    def close(self) -> None:
        with self._lock:
            if self._is_open:
                self._is_open = False
                os.close(self._end)


@contextmanager
def _pipes() -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Two pipes, reading end first; closed on this side afterwards."""
    both = os.pipe(), os.pipe()
    try:
        yield both
    finally:
        for end in (*both[0], *both[1]):
            os.close(end)


def _kill_group(leader: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)
