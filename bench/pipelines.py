"""Both pipelines as processes of their own: trained by Rasa, then heard by Rasa."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import yaml
from groundwork.places import ROOT, Places

from bench.sets import Line, as_rasa

WORDS_KEPT = 3000
# The pipeline that `rasa init` (3.6) writes as a comment and uses when a project names none.
STOCK = """
recipe: default.v1
assistant_id: stock
language: en
pipeline:
  - name: WhitespaceTokenizer
  - name: RegexFeaturizer
  - name: LexicalSyntacticFeaturizer
  - name: CountVectorsFeaturizer
  - name: CountVectorsFeaturizer
    analyzer: char_wb
    min_ngram: 1
    max_ngram: 4
  - name: DIETClassifier
    epochs: 100
    constrain_similarities: true
  - name: EntitySynonymMapper
  - name: ResponseSelector
    epochs: 100
    constrain_similarities: true
  - name: FallbackClassifier
    threshold: 0.3
    ambiguity_threshold: 0.1
"""


@dataclass(frozen=True)
class Pipeline:
    """One side's configuration, ready to be written for a training."""

    side: str  # "ours" or "stock"
    config: dict[str, Any]


def shipped(**settings: Any) -> Pipeline:
    """The pipeline of bot/config.yml as it is; `settings` go to the component for intents, but
    for the folder of another `encoder`."""
    config = yaml.safe_load((ROOT / "bot/config.yml").read_text("utf-8"))
    intents = [part for part in config["pipeline"] if "Intent" in part["name"]]
    assert len(intents) == 1, "bot/config.yml has one component for intents"
    encoder = settings.pop("encoder", None)
    for part in config["pipeline"]:
        if encoder and part["name"].endswith("EncoderFeaturizer"):
            part["encoder"] = encoder
    intents[0].update({name: value for name, value in settings.items() if value is not None})
    return Pipeline("ours", config)


def stock(epochs: int = 100) -> Pipeline:
    """Rasa's default; fewer epochs only for a trial."""
    config = yaml.safe_load(STOCK)
    for part in config["pipeline"]:
        if "epochs" in part:
            part["epochs"] = epochs
    return Pipeline("stock", config)


def train(pipeline: Pipeline, data: Path | Iterable[Line], model: Path) -> dict[str, float]:
    """Seconds: `training` of it alone, `whole` with the start of Python and Rasa's imports."""
    model.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        (folder / "config.yml").write_text(yaml.safe_dump(pipeline.config, sort_keys=False))
        if not isinstance(data, Path):
            (folder / "nlu.yml").write_text(as_rasa(data), "utf-8")
            data = folder / "nlu.yml"
        given = (str(folder / "config.yml"), str(data), str(model.resolve()))
        began = time.perf_counter()
        done = subprocess.run(
            _command("train", pipeline.side, *given),
            cwd=ROOT,
            env=_environment(),
            capture_output=True,
            text=True,
        )
        whole = time.perf_counter() - began
    if done.returncode != 0:
        raise RuntimeError(f"The {pipeline.side} pipeline did not train:\n{_end(done.stderr)}")
    return {"training": round(json.loads(done.stdout)["seconds"], 2), "whole": round(whole, 2)}


class Hearing:
    """A process that has loaded a model and understands what it is told."""

    def __init__(self, side: str, model: Path) -> None:
        self.side = side
        self._words = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed at the exit
        self._running = subprocess.Popen(
            _command("hear", side, str(model.resolve())),
            cwd=ROOT,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._words,
            text=True,
            start_new_session=True,
        )
        self._answer()

    def hear(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        """What was understood of each, in order."""
        assert self._running.stdin is not None
        self._running.stdin.write(json.dumps(list(texts)) + "\n")
        self._running.stdin.flush()
        told: list[dict[str, Any]] = self._answer()
        return told

    def pause(self) -> None:
        os.killpg(self._running.pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.killpg(self._running.pid, signal.SIGCONT)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._running.pid, signal.SIGKILL)
        self._running.communicate()
        self._words.close()

    def _answer(self) -> Any:
        assert self._running.stdout is not None
        line = self._running.stdout.readline()
        if line:
            return json.loads(line)
        self._running.wait()
        self._words.seek(0)
        raise RuntimeError(f"The {self.side} pipeline ended:\n{_end(self._words.read())}")


def understood(side: str, model: Path, texts: Sequence[str]) -> list[dict[str, Any]]:
    """Load the model, hear all, end."""
    with Hearing(side, model) as hearing:
        return hearing.hear(texts)


def _command(what: str, side: str, *rest: str) -> list[str]:
    return [str(Places().bot_python), "-m", "bench.inside_rasa", what, side, *rest]


def _environment() -> dict[str, str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("DESK_", "RASA_", "TF_"))}
    return {**clean, "RASA_TELEMETRY_ENABLED": "false", "PYTHONPATH": str(ROOT)}


def _end(words: str) -> str:
    return words[-WORDS_KEPT:]
