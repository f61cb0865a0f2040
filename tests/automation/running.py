"""The sample company, really running: for any test that wants a back office, a shop or mail."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import httpx

from automation.backoffice.seed import admit_staff, seed

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "canary-of-the-vault"  # no log, picture name or work item may ever hold this
VAULT_ENTRIES = ("backoffice", "directory", "finance", "mail")
START_SECONDS = 90  # it takes 2 where nobody else is at work


class DidNotStart(Exception):
    """A process under test never became ready; its last words are in the message."""


@dataclass
class Company:
    """Back office, shop and mail as processes of their own, in a folder of their own."""

    folder: Path
    port: int
    mail_port: int
    more: dict[str, str] = field(default_factory=dict)
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        return self.folder / "backoffice.sqlite"

    @property
    def environment(self) -> dict[str, str]:
        """What the desk, its worker and the robots need in order to find this company."""
        return {
            "BACKOFFICE_URL": self.url,
            "DESK_ORDERS_DATABASE": str(self.database),
            "DESK_SMTP_HOST": "127.0.0.1",
            "DESK_SMTP_PORT": str(self.mail_port),
            "RPA_SECRET_MANAGER": "RPA.Robocorp.Vault.FileSecrets",
            "RPA_SECRET_FILE": str(self.folder / "vault.json"),
        }

    def seed_anew(self) -> None:
        """The demo orders as on the first day, and no letters."""
        seed(self.database)
        with _environment({"BACKOFFICE_PASSWORD": PASSWORD}):
            admit_staff(self.database)
        for letter in self.folder.glob("mail/*.eml"):
            letter.unlink()

    def start_back_office(self) -> None:
        self._start("automation.backoffice", self.port)

    def start_mail(self) -> None:
        self._start("automation.backoffice.mail", self.mail_port)

    def kill(self, module: str) -> None:
        """Take a system down, as a power cut would."""
        process = self._running.pop(module)
        process.kill()
        process.wait()

    @contextmanager
    def without(self, module: str) -> Iterator[None]:
        """The system is down inside the block."""
        self.kill(module)
        try:
            yield
        finally:
            port = self.mail_port if module.endswith("mail") else self.port
            self._start(module, port)

    def stop(self) -> None:
        for process in self._running.values():
            process.send_signal(signal.SIGTERM)
        for process in self._running.values():
            process.wait()
        self._running.clear()

    def rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        """What stands in the back office's file."""
        with closing(sqlite3.connect(self.database, timeout=10)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(query, values)]

    def refunds(self, order_number: str) -> list[str]:
        """The confirmation numbers of the order's refunds; never more than one."""
        query = "SELECT 'RF-' || id AS number FROM refunds WHERE order_number = ?"
        return [row["number"] for row in self.rows(query, order_number)]

    def letters(self) -> list[EmailMessage]:
        """All mail so far, oldest first."""
        found = sorted(self.folder.glob("mail/*.eml"))
        return [
            cast(EmailMessage, message_from_bytes(letter.read_bytes(), policy=policy.default))
            for letter in found
        ]

    def _start(self, module: str, port: int) -> None:
        own = {
            "BACKOFFICE_DATABASE": str(self.database),
            "BACKOFFICE_PORT": str(self.port),
            "BACKOFFICE_PASSWORD": PASSWORD,
            "BACKOFFICE_MAIL_FOLDER": str(self.folder / "mail"),
        }
        log = self.folder / f"{module}.log"
        with log.open("ab") as written:
            process = subprocess.Popen(
                [sys.executable, "-m", module],
                cwd=ROOT,
                env=os.environ | self.environment | own | self.more,
                stdout=written,
                stderr=subprocess.STDOUT,
            )
        self._running[module] = process
        until(lambda: _answers(port) or process.poll() is not None, START_SECONDS)
        if process.poll() is not None or not _answers(port):
            raise DidNotStart(f"{module}: {log.read_text()[-2000:]}")


@contextmanager
def running_company(folder: Path, **more: str) -> Iterator[Company]:
    """A company on free ports until the block ends. `more` is put into its environment."""
    company = Company(folder, free_port(), free_port(), more)
    vault = folder / "vault.json"
    login = {"login": "robot", "password": PASSWORD}
    vault.write_text(json.dumps(dict.fromkeys(VAULT_ENTRIES, login)))
    vault.chmod(0o600)
    company.seed_anew()
    try:
        company.start_mail()
        company.start_back_office()
        yield company
    finally:
        company.stop()


@contextmanager
def staff(company: Company) -> Iterator[httpx.Client]:
    """A visit to the intranet without a browser, signed in."""
    with httpx.Client(base_url=company.url, follow_redirects=True, trust_env=False) as visit:
        visit.post("/sign-in", data={"login": "robot", "password": PASSWORD}).raise_for_status()
        yield visit


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def until(happened: Callable[[], object], seconds: float) -> bool:
    """Wait until something is so; False when it never was."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if happened():
            return True
        time.sleep(0.02)
    return bool(happened())


def _answers(port: int) -> bool:
    with socket.socket() as asked:
        asked.settimeout(1)
        return asked.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
