"""A running bot with real actions on a desk of its own, for any test that wants to talk to it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx

from automation.backoffice.seed import seed
from desk.conversations import commands, queries
from desk.conversations.commands import owe_answer
from desk.conversations.models import Conversation, Cue
from desk.conversations.rules import language_of
from desk.durable import reading, transaction
from language.export import is_encoder
from tests.builders import a_conversation

ROOT = Path(__file__).resolve().parent.parent
MODEL = ROOT / "var/model/kaidesk.tar.gz"
BOT_PYTHON = ROOT / ".venv-bot/bin/python"
START_SECONDS = 90


class DidNotStart(Exception):
    """A process under test ended or never became ready; its last words are in the message."""


@dataclass
class RunningBot:
    """Bot and action server, as processes of their own, and the desk they work for."""

    environment: dict[str, str]
    folder: Path
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.environment["DESK_BOT_URL"]

    @property
    def actions_url(self) -> str:
        return self.environment["DESK_ACTIONS_URL"]

    @cached_property
    def kept_client(self) -> httpx.Client:
        return self.client()

    def client(self, **more: Any) -> httpx.Client:
        headers = {"X-Desk-Secret": self.environment["DESK_BOT_SECRET"]}
        return httpx.Client(base_url=self.url, headers=headers, timeout=20, trust_env=False, **more)

    def start_bot(self) -> None:
        self._start("bot", [str(BOT_PYTHON), "-m", "bot.run"])
        with self.client() as client:
            self._wait("bot", lambda: client.get("/webhooks/desk/ready").status_code == 200)

    def start_actions(self) -> None:
        self._start("actions", [sys.executable, "-m", "actions"])
        health = self.actions_url.replace("/webhook", "/health")
        secret = {"X-Desk-Secret": self.environment["DESK_ACTIONS_SECRET"]}
        self._wait("actions", lambda: httpx.get(health, headers=secret).status_code == 200)

    def kill(self, name: str) -> None:
        """End a process as a power cut would."""
        process = self.processes.pop(name)
        process.kill()
        process.wait()

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()

    def _start(self, name: str, command: list[str]) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )

    def _wait(self, name: str, is_ready: Any) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self.processes[name].poll() is None:
            try:
                if is_ready():
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.1)
        words = (self.folder / f"{name}.log").read_text(errors="replace")[-3000:]
        raise DidNotStart(f"{name} did not start:\n{words}")


@contextmanager
def running_bot(folder: Path, database_url: str, **settings: str) -> Iterator[RunningBot]:
    """Start both on free ports, for the desk with this database; `settings` must hold the secrets.

    The model is trained only if its sources have changed.
    """
    orders = folder / "backoffice.db"
    seed(orders)
    train_where_needed()
    bot_port, actions_port = free_ports(2)
    environment = {
        **os.environ,
        "DESK_DATABASE_URL": database_url,
        "DESK_BOT_URL": f"http://127.0.0.1:{bot_port}",
        "DESK_ACTIONS_URL": f"http://127.0.0.1:{actions_port}/webhook",
        "DESK_ORDERS_DATABASE": str(orders),
        "DESK_MODEL": str(MODEL),
        "DESK_BOT_TRACKERS": str(folder / "trackers.db"),
        # The recordings are of what follows a code and a supervisor's word.
        "DESK_STEP_UP": "false",
        "DESK_REFUNDS_IN_90_DAYS": "1000",
        **settings,
    }
    running = RunningBot(environment, folder)
    try:
        running.start_actions()
        running.start_bot()
        yield running
    finally:
        running.stop()


def train_where_needed() -> None:
    """Make the models that are missing or older than their sources."""
    encoder_where_needed()
    subprocess.run(
        [str(BOT_PYTHON), "-m", "bot.train", "--out", str(MODEL.parent)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    index_articles_where_needed()


def encoder_where_needed() -> Path:
    """The folder of the sentence encoder; made if there is none."""
    folder = MODEL.parent / "encoder"
    if not is_encoder(folder):
        export = [sys.executable, "-m", "language.export", "--out", str(folder)]
        subprocess.run(export, cwd=ROOT, check=True, capture_output=True)
    return folder


def index_articles_where_needed() -> None:
    """Make the index of the articles, unless it is there and none of them has changed."""
    known = {"DESK_DATABASE_URL": "sqlite://", "DESK_SECRET": "-", "DESK_BOT_SECRET": "-"}
    indexing = [sys.executable, "-m", "desk", "knowledge", "index"]
    subprocess.run(indexing, cwd=ROOT, env={**os.environ, **known}, check=True, capture_output=True)


def entity_pipelines_where_needed() -> Path:
    """The folder of the entity pipelines; made if there are none that fit their sources."""
    folder = MODEL.parent / "entities"
    make = [str(BOT_PYTHON), "-W", "ignore", "-m", "language.entities", "--out", str(folder)]
    subprocess.run(make, cwd=ROOT, check=True, capture_output=True)
    return folder


def free_ports(count: int) -> list[int]:
    """Ports on loopback that nobody listens on just now."""
    taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in taken]
    for each in taken:
        each.close()
    return ports


class Chat:
    """One customer talking to the bot the way the desk lets them: each message is a turn of the
    desk first, and the bot's answer is read from the channel."""

    def __init__(self, running: RunningBot, *, language: str = "en") -> None:
        self.running = running
        self.language = language
        self.conversation_id: UUID = transaction(
            lambda session: a_conversation(session, language=language).id
        )
        self.key = ""
        self.replies: list[dict[str, Any]] = []

    def say(self, text: str, *, payload: str | None = None, cut: bool = False) -> str:
        """Say something; gives the bot's words in one string."""
        self.language = language_of(text, self.language)
        self.key = str(transaction(_heard, self.conversation_id, text, payload))
        return self.send(text=text, payload=payload, cut=cut)

    def click(self, title: str) -> str:
        """Click the quick reply with this title under the last answer."""
        offered = [q for reply in self.replies for q in reply["quick_replies"]]
        payload = next(q["payload"] for q in offered if q["title"] == title)
        return self.say(title, payload=payload)

    def hear(self, intent: str, **facts: str) -> str:
        """Let the bot have news; gives its words."""
        self.key = str(uuid4())
        return self._post("news", {"intent": intent, "facts": facts})

    def send(self, **question: Any) -> str:
        """Ask with the last key again."""
        return self._post("turns", question)

    @property
    def titles(self) -> list[str]:
        """The quick replies under the last answer."""
        return [q["title"] for reply in self.replies for q in reply["quick_replies"]]

    def row(self) -> Conversation:
        return reading(queries.conversation, self.conversation_id)

    def intents(self) -> list[str | None]:
        """What the desk has noted of each message."""
        said = reading(queries.turns, self.conversation_id)
        return [turn.intent for turn in said if turn.author == "customer"]

    def _post(self, route: str, question: dict[str, Any]) -> str:
        body = {
            "conversation_id": str(self.conversation_id),
            "key": self.key,
            "language": self.language,
            **question,
        }
        self.response = self.running.kept_client.post(f"/webhooks/desk/{route}", json=body)
        answered = self.response.json()
        self.replies = answered.get("replies", [])
        self.was_repeated = answered.get("repeated")
        return "\n".join(reply["text"] for reply in self.replies)


def _heard(session: Any, conversation_id: UUID, text: str, payload: str | None) -> UUID:
    heard = commands.hear(session, conversation_id, uuid4(), text)
    cue: Cue = owe_answer(session, heard.turn, payload)
    return cue.id
