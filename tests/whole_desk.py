"""The whole desk as real processes on ports of their own, each of which can be killed."""

import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
from groundwork.desk_data import keep_vault
from groundwork.places import ROOT, Places
from groundwork.processes import environment, processes
from groundwork.settings_file import RECIPES

EVERYTHING = ("mail", "backoffice", "actions", "bot", "desk", "worker")
READY_SECONDS = 120


class NeverReady(AssertionError):
    """A process did not come up; its log follows."""


class RunningDesk:
    """One desk in a folder of its own. `settings` are its environment."""

    def __init__(self, folder: Path, **overrides: str) -> None:
        self.folder = folder
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self.settings = _settings(folder, overrides)
        self.url = self.settings["DESK_PUBLIC_URL"]
        self.shop_url = self.settings["BACKOFFICE_URL"] + "/shop"
        self.training_folder = Path(self.settings["DESK_TRAINING_FOLDER"])
        keep_vault(self.settings)

    def prepare(self) -> None:
        """The tables, the sample company, the demo staff, and training data to add to."""
        shutil.copytree(ROOT / "nlu_data" / "train", self.training_folder)
        self.run("-m", "desk", "migrate")
        self.run("-m", "automation.backoffice", "--seed")
        lines = self.run("-m", "desk", "demo-accounts").splitlines()
        accounts = [json.loads(line) for line in lines if line.startswith("{")]
        self.passwords = {account["email"]: account["password"] for account in accounts}

    def run(self, *arguments: str) -> str:
        """Run Python in the desk's environment to its end; gives what it printed."""
        command = [str(Places().desk_python), *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self._environment(), capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, *names: str) -> None:
        """Start processes and wait until each does its work."""
        for name in names:
            process = next(p for p in processes(Places()) if p.name == name)
            hidden = {*process.kept_from_it}
            known = {k: v for k, v in self._environment().items() if k not in hidden}
            with (self.folder / f"{name}.log").open("ab") as log:
                self._running[name] = subprocess.Popen(
                    shlex.split(process.command),
                    cwd=ROOT,
                    env=known,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        for name in names:
            self._wait_until_ready(name)

    def kill(self, name: str) -> None:
        """SIGKILL one process and everything it started."""
        running = self._running.pop(name)
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()

    def stop(self) -> None:
        """End everything, politely first."""
        for running in self._running.values():
            _signal_group(running, signal.SIGTERM)
        for running in self._running.values():
            with suppress(subprocess.TimeoutExpired):
                running.wait(timeout=10)
            _signal_group(running, signal.SIGKILL)
            running.wait()
        self._running.clear()

    def pid(self, name: str) -> int:
        return self._running[name].pid

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def back_office(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What stands in the sample company's database."""
        import sqlite3  # noqa: PLC0415

        with sqlite3.connect(self.settings["BACKOFFICE_DATABASE"]) as connection:
            return connection.execute(query, values).fetchall()

    def mails(self) -> list[str]:
        """All mails that were sent, as they came over the wire."""
        folder = Path(self.settings["BACKOFFICE_MAIL_FOLDER"])
        return [mail.read_text(errors="replace") for mail in sorted(folder.glob("**/*.eml"))]

    def _environment(self) -> dict[str, str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("DESK_", "BACKOFFICE_"))}
        return environment(self.settings, clean)

    def _wait_until_ready(self, name: str) -> None:
        ready = _READY[name]
        try:
            wait_until(lambda: self._is_up(name) and ready(self), READY_SECONDS)
        except AssertionError:
            raise NeverReady(f"{name} is not ready:\n{self.log(name)[-4000:]}") from None

    def _is_up(self, name: str) -> bool:
        if self._running[name].poll() is not None:
            raise AssertionError(f"{name} ended with {self._running[name].returncode}")
        return True

    def _answers(self, url: str, **headers: str) -> bool:
        try:
            return httpx.get(url, headers=headers, timeout=5, trust_env=False).status_code < 400
        except httpx.HTTPError:
            return False

    def _listens(self, port: int) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0


_READY: dict[str, Callable[[RunningDesk], bool]] = {
    "mail": lambda desk: desk._listens(int(desk.settings["DESK_SMTP_PORT"])),
    "backoffice": lambda desk: desk._answers(desk.shop_url),
    "actions": lambda desk: desk._listens(_port(desk.settings["DESK_ACTIONS_URL"])),
    "bot": lambda desk: desk._answers(
        desk.settings["DESK_BOT_URL"] + "/webhooks/desk/ready",
        **{"X-Desk-Secret": desk.settings["DESK_BOT_SECRET"]},
    ),
    "desk": lambda desk: desk._answers(desk.url + "/healthz"),
    "worker": lambda desk: f"({desk.pid('worker')}) is ready" in desk.log("worker"),
}


@contextmanager
def a_running_desk(folder: Path, *names: str, **overrides: str) -> Iterator[RunningDesk]:
    """A desk with these processes running, by default all; everything ends with the block."""
    desk = RunningDesk(folder, **overrides)
    try:
        desk.prepare()
        desk.start(*(names or EVERYTHING))
        yield desk
    finally:
        desk.stop()


def wait_until(holds: Callable[[], Any], seconds: float, what: str = "it") -> Any:
    """Look until `holds()` is true; gives its value."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := holds():
            return found
        time.sleep(0.1)
    raise AssertionError(f"{what} did not happen within {seconds} s")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _settings(folder: Path, overrides: dict[str, str]) -> dict[str, str]:
    ours = {
        "DESK_PORT": str(free_port()),
        "DESK_BOT_URL": f"http://127.0.0.1:{free_port()}",
        "DESK_ACTIONS_URL": f"http://127.0.0.1:{free_port()}/webhook",
        "DESK_SMTP_PORT": str(free_port()),
        "BACKOFFICE_PORT": str(free_port()),
        "DESK_MODEL": str(Places().var / "model/kaidesk.tar.gz"),
        "DESK_BOT_TRACKERS": str(folder / "trackers.db"),
        "DESK_TRAINING_FOLDER": str(folder / "train"),
        "DESK_TURNS_PER_MINUTE": "600",
    } | overrides
    settings = dict(ours)
    for name, recipe in RECIPES.items():
        if name not in settings:
            settings[name] = recipe(settings, _In(folder))
    return settings


class _In(Places):
    """Places whose `var` is a folder of a test."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        object.__setattr__(self, "_folder", folder)

    @property
    def var(self) -> Path:
        return Path(self._folder)  # type: ignore[attr-defined]


def _port(url: str) -> int:
    return int(httpx.URL(url).port or 80)


def _signal_group(running: subprocess.Popen[bytes], kind: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(running.pid, kind)
