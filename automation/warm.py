"""A process that has read everything a robot needs, and forks itself for each run.

`python -m automation.warm SOCKET` is handed one end of a socket, whose other end the desk holds.
Every message there is one run: what to run, with which environment and within which limits, beside
the file that takes the robot's words, the leash of its keeper, and where the keeper writes how it
ended. The fork becomes the keeper; its own fork becomes the robot. Both are forked while there is
nothing to do, and wait for the next order. So every run has a process of its own, as it would
without us, and a robot that breaks takes nothing along. What it imports is gone with it.

Only what belongs to others is read ahead: a robot's own code is read by each run, as it stands.
"""

import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from automation.keeper import Limits, adopt_orphans, keep, within

READ_AHEAD = (
    *("robocorp.log", "robocorp.tasks.cli", "robocorp.tasks._commands", "robocorp.workitems"),
    *("robocorp.log._rewrite_ast_add_callbacks", "robocorp.log._ast_utils"),
    *("robocorp.tasks._collect_tasks", "robocorp.tasks._log_auto_setup", "robocorp.vault"),
    *("automation.contracts", "automation.adapter", "RPA.Robocorp.Vault"),
    *("RPA.Browser.Selenium", "selenium.webdriver.chrome.webdriver", "selenium.webdriver"),
    *("html.parser", "email.message", "smtplib", "psutil", "reportlab.pdfgen.canvas"),
)
OF_ROBOTS = ("automation", "__", "rehearsal")  # their own code is read by each run
LONGEST_ORDER = 256_000
IDLE_SECONDS = 0.1


def serve(desk: socket.socket) -> None:
    """Fork for each order until the desk closes its end."""
    for name in (*READ_AHEAD, *_rehearsed()):
        with suppress(Exception):  # a robot that needs it will say so itself
            importlib.import_module(name)
    gc.collect()
    gc.freeze()  # what is read ahead stays shared between us and the forks
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    desk.sendall(b"ready\n")
    ahead: tuple[int, socket.socket] | None = None
    while True:
        if not select.select([desk], [], [], IDLE_SECONDS)[0]:
            _bury_finished()
            ahead = ahead or _forked(desk)  # so that the next run finds its process waiting
            continue
        if (order := _received(desk)) is None:
            return
        keeper, line = ahead or _forked(desk)
        ahead = None
        with line:
            socket.send_fds(line, [order[0]], order[1])
        for file in order[1]:
            os.close(file)
        desk.sendall(f"forked {keeper}\n".encode())


def _forked(desk: socket.socket) -> tuple[int, socket.socket]:
    """A keeper that waits for its order, its robot waiting below it; and the line to it."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if (keeper := os.fork()) == 0:
        desk.close()
        ours.close()
        _be_keeper(theirs)
    theirs.close()
    return keeper, ours


def _rehearsed() -> list[str]:
    """What a robot that does nothing reads only as it runs, found out in a fork of its own."""
    known, (heard, tell) = set(sys.modules), os.pipe()
    if (fork := os.fork()) == 0:
        try:
            _rehearse()
            os.write(tell, "\n".join(set(sys.modules) - known).encode())
        finally:
            os._exit(0)
    os.close(tell)
    with os.fdopen(heard) as told:
        names = told.read().split()
    os.waitpid(fork, 0)
    return [name for name in names if not name.startswith(OF_ROBOTS)]


def _rehearse() -> None:
    with tempfile.TemporaryDirectory() as folder:
        given = os.path.join(folder, "in.json")
        with open(given, "w") as item:
            json.dump([{"payload": {}, "files": {}}], item)
        os.environ["RC_WORKITEM_ADAPTER"] = "automation.adapter.ReportingFileAdapter"
        os.environ["RC_WORKITEM_INPUT_PATH"] = given
        os.environ["RC_WORKITEM_OUTPUT_PATH"] = os.path.join(folder, "out.json")
        asked = ["run", "automation/rehearsal.py", "--task", "rehearse", "--output-dir", folder]
        _run_task([*asked, "--console-colors", "plain", "--max-log-files", "1"])


def _received(line: socket.socket) -> tuple[bytes, list[int]] | None:
    """The next message with its open files; None once nobody is at the other end."""
    with suppress(OSError):
        message, files, _, _ = socket.recv_fds(line, LONGEST_ORDER, 3)
        if message:
            return message, files
    return None


def _bury_finished() -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass


def _be_keeper(line: socket.socket) -> None:
    status = 1
    try:
        os.setsid()
        adopt_orphans()
        to_robot, of_robot = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        if (robot := os.fork()) == 0:
            line.close()
            to_robot.close()
            _be_robot(of_robot)
        of_robot.close()
        if (order := _received(line)) is not None:
            status = _keep(order[0], order[1], robot, to_robot)
    except BaseException:  # a process begins here, and must end here
        traceback.print_exc()
    finally:
        os._exit(status)


def _keep(message: bytes, files: list[int], robot: int, to_robot: socket.socket) -> int:
    log, leash, answer = files
    os.dup2(leash, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    order = json.loads(message)

    def start(own: dict[str, str]) -> int:
        told = order | {"environment": order["environment"] | own}
        socket.send_fds(to_robot, [json.dumps(told).encode()], [log])
        return robot

    status = keep(Limits(**order["limits"]), start) & 0xFF
    os.write(answer, f"{status}\n".encode())
    return status


def _be_robot(line: socket.socket) -> None:
    if (order := _received(line)) is None:
        os._exit(0)
    status = 1
    try:
        status = _work(json.loads(order[0]), order[1][0])
    except SystemExit as left:
        status = left.code if isinstance(left.code, int) else 1
    except BaseException:  # a process begins here, and must end here
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status & 0xFF)


def _work(told: dict[str, Any], log: int) -> int:
    within(Limits(**told["limits"]))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.closerange(3, 256)
    os.environ.clear()
    os.environ.update(told["environment"])
    tempfile.tempdir = None  # ours may have been looked up already
    time.tzset()
    return _run_task(told["arguments"])


def _run_task(arguments: list[str]) -> int:
    from robocorp import log  # noqa: PLC0415  read ahead; named here where it is used
    from robocorp.tasks import cli  # noqa: PLC0415

    # The log as a page is 0.9 MB, made from the log itself; the desk would throw it away. What
    # the process looks like when the run is over costs a quarter of a short run, and tells nothing.
    log.add_log_output = partial(_without_page, log.add_log_output)
    log.process_snapshot = lambda: None
    return int(cli.main(arguments, exit=False) or 0)


def _without_page(add_log_output: Callable[..., Any], *where: Any, **known: Any) -> Any:
    return add_log_output(*where, **known | {"log_html": None})


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
