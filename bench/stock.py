"""Stock Rasa: the project that `rasa init` makes, as it is, behind the REST channel."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import httpx
from groundwork.places import ROOT, Places

from bench.lines import answers
from bench.wire import Wire
from tests.whole_desk import free_port, wait_until

PROJECT = ROOT / "var/bench/stock"
RASA = Places().bot_python.parent / "rasa"
RESPONSES = {"greet": "utter_greet", "bot": "utter_iamabot", "goodbye": "utter_goodbye"}
READY_SECONDS = 180
TRAIN_SECONDS = 1800


class StockTalk:
    """A conversation over `POST /webhooks/rest/webhook`; the words come in the answer."""

    def __init__(self, port: int) -> None:
        self._wire = Wire(port)
        self._sender = uuid4().hex

    async def say(self, text: str) -> str:
        asked = {"sender": self._sender, "message": text}
        said = await self._wire.ask("POST", "/webhooks/rest/webhook", asked)
        return "\n".join(reply.get("text", "") for reply in said)

    async def close(self) -> None:
        self._wire.close()


class StockRasa:
    """One Rasa server. The project has no action of its own, so it needs no action server."""

    name = "stock"

    def __init__(self, folder: Path) -> None:
        make_project()
        self._log = folder / "stock.log"
        self._port = free_port()
        self._running: subprocess.Popen[bytes] | None = None
        self.answers = answers(PROJECT / "domain.yml", RESPONSES)

    def start(self) -> None:
        command = [str(RASA), "run", "-i", "127.0.0.1", "-p", str(self._port)]
        with self._log.open("ab") as log:
            self._running = subprocess.Popen(
                command,
                cwd=PROJECT,
                env=_environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until(self._is_ready, READY_SECONDS, "stock Rasa's start")

    async def begin(self) -> StockTalk:
        return StockTalk(self._port)

    def pids(self) -> dict[str, int]:
        assert self._running is not None
        return {"rasa": self._running.pid}

    def restart_bot(self) -> float:
        self.stop()
        began = time.perf_counter()
        self.start()
        return began

    restart_everything = restart_bot

    def stop(self) -> None:
        if self._running is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._running.pid, signal.SIGKILL)
            self._running.wait()
            self._running = None

    def _is_ready(self) -> bool:
        if self._running is None or self._running.poll() is not None:
            words = self._log.read_text(errors="replace")[-3000:]
            raise AssertionError(f"Stock Rasa ended:\n{words}")
        try:
            url = f"http://127.0.0.1:{self._port}/"
            return httpx.get(url, timeout=5, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False


def make_project() -> None:
    """`rasa init`, which also trains; once, and again only if it was interrupted."""
    if any((PROJECT / "models").glob("*.tar.gz")):
        return
    print("Making and training the stock project; this takes a few minutes …", flush=True)
    PROJECT.mkdir(parents=True, exist_ok=True)
    command = [str(RASA), "init", "--no-prompt", "--init-dir", "."]
    subprocess.run(
        command,
        cwd=PROJECT,
        env=_environment(),
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=TRAIN_SECONDS,
    )


def _environment() -> dict[str, str]:
    ours = ("DESK_", "BACKOFFICE_", "RASA_", "TF_")
    clean = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
    return {**clean, "RASA_TELEMETRY_ENABLED": "false"}
