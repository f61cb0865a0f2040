"""The bot's own environment as the desk sees it: a model is trained there, and asked there."""

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from desk.errors import DeskError
from desk.settings import settings

NAME = "kaidesk.tar.gz"
LOADING_SECONDS = 60.0
ROOT = Path(__file__).resolve().parents[2]


class TrainingFailed(DeskError):
    """The bot's environment could not do it; the message holds its last words."""


@dataclass(frozen=True)
class Meant:
    """What a model takes a line to mean."""

    intent: str
    confidence: float


def train(folder: Path, encoder: Path | None = None) -> Path:
    """Train a model from the sources into `folder`; with another encoder, if one is named.

    Takes half a minute or more. The model that is live is not touched.

    Raises:
        TrainingFailed
    """
    chosen = {"DESK_ENCODER": str(encoder.resolve())} if encoder else {}
    _run(["-m", "bot.train", "--force", "--out", str(folder.resolve())], chosen, "")
    return folder / NAME


def understand(model: Path, lines: Sequence[str]) -> list[Meant]:
    """What `model` takes each line to mean, as the whole pipeline of the bot decides it.

    Raises:
        TrainingFailed
    """
    if not lines:
        return []
    flat = [" ".join(line.split()) for line in lines]
    told = _run(["-m", "bot.understand"], {"DESK_MODEL": str(model.resolve())}, "\n".join(flat))
    read = [json.loads(line) for line in told.splitlines() if line.startswith("{")]
    if len(read) != len(lines):
        raise TrainingFailed(f"The bot read {len(read)} of {len(lines)} lines.")
    return [Meant(str(each["intent"]), float(each["confidence"])) for each in read]


def load_in_bot() -> bool:
    """Have the running bot use the model that is live now; False if no bot is running.

    Raises:
        TrainingFailed: it runs, and keeps the model it has.
    """
    known = settings()
    try:
        told = httpx.post(
            f"{known.bot_url}/webhooks/desk/model",
            headers={"X-Desk-Secret": known.bot_secret.get_secret_value()},
            timeout=httpx.Timeout(LOADING_SECONDS, connect=2.0),
            trust_env=False,
        )
    except httpx.ConnectError:
        return False
    except httpx.HTTPError as silent:
        raise TrainingFailed(
            f"The bot did not say that it loaded the model: {silent!r}."
        ) from silent
    if told.status_code != 200:
        raise TrainingFailed(f"The bot keeps its former model: it answered {told.status_code}.")
    return True


def _run(arguments: list[str], more: dict[str, str], lines: str) -> str:
    python = settings().bot_python
    try:
        ran = subprocess.run(
            [str(python if python.is_absolute() else ROOT / python), "-W", "ignore", *arguments],
            cwd=ROOT,
            env=os.environ | more,
            input=lines,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError as missing:
        raise TrainingFailed(
            f"{python} cannot be run: {missing}. `make setup` makes it."
        ) from missing
    if ran.returncode != 0:
        last = " ".join(ran.stderr.strip().splitlines()[-3:]) or "no words"
        raise TrainingFailed(f"`python {' '.join(arguments)}` ended with {ran.returncode}: {last}")
    return ran.stdout
