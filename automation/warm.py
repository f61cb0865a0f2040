"""A process that has read everything a robot needs, and forks itself for each run.

`python -m automation.warm SOCKET` is handed one end of a socket, whose other end the desk holds.
Every message there is one run: what to run, where, with which environment and within which limits,
beside the file that takes the robot's words and the leash of its keeper. The fork becomes the
keeper; its own fork becomes the robot. So every run has a process of its own, as it would without
us, and a robot that breaks takes nothing along. Whatever it imports for itself is gone with it.

Only what belongs to others is read ahead: a robot's own code is read by each run, as it stands.
"""

import gc
import importlib
import json
import os
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

from automation.keeper import Limits, keep, within

READ_AHEAD = (
    *("robocorp.log", "robocorp.tasks.cli", "robocorp.tasks._commands", "robocorp.workitems"),
    *("robocorp.tasks._collect_tasks", "robocorp.tasks._log_auto_setup", "robocorp.vault"),
    *("automation.contracts", "automation.adapter", "RPA.Robocorp.Vault"),
    *("RPA.Browser.Selenium", "selenium.webdriver.chrome.webdriver", "selenium.webdriver"),
    *("html.parser", "email.message", "smtplib", "psutil", "reportlab.pdfgen.canvas"),
)
OF_ROBOTS = ("automation", "__", "rehearsal")  # their own code is read by each run
LONGEST_ORDER = 256_000


def serve(desk: socket.socket) -> None:
    """Fork for each order until the desk closes its end."""
    for name in (*READ_AHEAD, *_rehearsed()):
        with suppress(Exception):  # a robot that needs it will say so itself
            importlib.import_module(name)
    gc.collect()
    gc.freeze()  # what is read ahead stays shared between us and the forks
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    desk.sendall(b"ready\n")
    while order := _next_order(desk):
        told, files = order
        if (keeper := os.fork()) == 0:
            desk.close()
            _be_keeper(told, *files)
        for file in files:
            os.close(file)
        desk.sendall(f"{told['run']} {keeper}\n".encode())
        _bury_finished()


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


def _next_order(desk: socket.socket) -> tuple[dict[str, Any], tuple[int, ...]] | None:
    """The next run and its three open files; None once the desk is gone."""
    while True:
        desk.settimeout(1.0)
        try:
            message, files, _, _ = socket.recv_fds(desk, LONGEST_ORDER, 3)
        except TimeoutError:
            _bury_finished()
            continue
        except OSError:
            return None
        return (json.loads(message), tuple(files)) if message else None


def _bury_finished() -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass


def _be_keeper(told: dict[str, Any], log: int, leash: int, answer: int) -> None:
    status = 1
    try:
        os.setsid()
        os.dup2(leash, 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        limits = Limits(**told["limits"])
        status = keep(limits, _start_fork(limits, told)) & 0xFF
        os.write(answer, f"{status}\n".encode())
    except BaseException:  # a process begins here, and must end here
        traceback.print_exc()
    finally:
        os._exit(status)


def _start_fork(limits: Limits, told: dict[str, Any]) -> Callable[[dict[str, str]], int]:
    def start(own: dict[str, str]) -> int:
        if (robot := os.fork()) != 0:
            return robot
        status = 1
        try:
            within(limits)
            nothing = os.open(os.devnull, os.O_RDONLY)
            os.dup2(nothing, 0)
            os.closerange(3, 256)
            os.environ.clear()
            os.environ.update(told["environment"] | own)
            tempfile.tempdir = None  # the keeper has looked it up, for itself
            time.tzset()
            status = _run_task(told["arguments"])
        except SystemExit as left:
            status = left.code if isinstance(left.code, int) else 1
        except BaseException:  # a process begins here, and must end here
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status & 0xFF)

    return start


def _run_task(arguments: list[str]) -> int:
    from robocorp import log  # noqa: PLC0415  read ahead; named here where it is used
    from robocorp.tasks import cli  # noqa: PLC0415

    # The log as a page is 0.9 MB, made from the log itself; the desk would throw it away.
    log.add_log_output = partial(_without_page, log.add_log_output)
    return int(cli.main(arguments, exit=False) or 0)


def _without_page(add_log_output: Callable[..., Any], *where: Any, **known: Any) -> Any:
    return add_log_output(*where, **known | {"log_html": None})


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
