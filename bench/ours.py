"""Kaidesk: the whole desk, from the customer's POST to the bot's turn on the event stream."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

from groundwork.places import ROOT

from bench.lines import answers
from bench.wire import Wire
from tests.whole_desk import RunningDesk

PROCESSES = ("actions", "bot", "desk", "worker")
API = "/api/v1"
RESPONSES = {"greet": "utter_greet", "bot": "utter_bot_challenge", "goodbye": "utter_goodbye"}
NO_LIMITS = {"DESK_TURNS_PER_MINUTE": "1000000", "DESK_TURNS_PER_SECOND": "100000"}


class OurTalk:
    """A conversation as the widget holds it: messages go in by POST, words come by the stream."""

    def __init__(self, port: int, token: str) -> None:
        self._headers = {"Authorization": f"Bearer {token}"}
        self._wire = Wire(port, self._headers)
        self._listening = Wire(port, self._headers)

    async def open(self) -> OurTalk:
        asked = {"client_id": str(uuid4())}
        begun = await self._wire.ask("POST", f"{API}/conversations", asked)
        self._path = f"{API}/conversations/{begun['id']}"
        since = {"Last-Event-ID": begun["position"]}
        self._frames = self._listening.frames(f"{self._path}/stream", since)
        return self

    async def say(self, text: str) -> str:
        said = {"client_id": str(uuid4()), "text": text}
        turn = await self._wire.ask("POST", f"{self._path}/turns", said)
        return await _reply_after(self._frames, turn["sequence"])

    async def close(self) -> None:
        self._wire.close()
        self._listening.close()


class Kaidesk:
    """Ours, on SQLite, in a folder of its own."""

    name = "ours"

    def __init__(self, folder: Path) -> None:
        self._desk = RunningDesk(folder, **NO_LIMITS)
        self._port = int(self._desk.settings["DESK_PORT"])
        self.answers = answers(ROOT / "bot/domain/smalltalk.yml", RESPONSES)

    async def start(self, customers: int) -> None:
        """Start everything and let that many customers in."""
        self._desk.prepare()
        self._desk.start(*PROCESSES)
        wire = Wire(self._port)
        asked = {"website_token": self._desk.settings["DESK_WEBSITE_TOKEN"], "language": "en"}
        let_in = [await wire.ask("POST", f"{API}/sessions", asked) for _ in range(customers)]
        wire.close()
        # In turn, because one customer may begin only so many conversations a minute.
        self._tokens = itertools.cycle([each["token"] for each in let_in])

    async def begin(self) -> OurTalk:
        return await OurTalk(self._port, next(self._tokens)).open()

    def pids(self) -> dict[str, int]:
        return {name: self._desk.pid(name) for name in PROCESSES}

    def restart_bot(self) -> float:
        self._desk.kill("bot")
        began = time.perf_counter()
        self._desk.start("bot")
        return began

    def restart_everything(self) -> float:
        self._desk.stop()
        began = time.perf_counter()
        self._desk.start(*PROCESSES)
        return began

    def stop(self) -> None:
        self._desk.stop()


async def _reply_after(frames: AsyncIterator[dict[str, str]], sequence: int) -> str:
    async for frame in frames:
        turn = json.loads(frame["data"]).get("turn") if "data" in frame else None
        if turn and turn["author"] == "bot" and turn["sequence"] > sequence:
            return str(turn["text"])
    raise ConnectionError("The stream ended before the bot had answered.")
