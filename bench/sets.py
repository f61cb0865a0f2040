"""The public sets that understanding is measured on, and our own holdout. Read, never kept."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from groundwork.places import ROOT

DATA = ROOT.parent / "shared/data"
OUT_OF_SCOPE = "out_of_scope"  # as training messages: what the bot is not for
LANGUAGES = ("en", "zh")
_MARKED = re.compile(r"\[([^\]]*)\](\([^)]*\)|\{[^}]*\})")


@dataclass(frozen=True)
class Line:
    """What somebody wrote, and what it means; no intent: nothing the bot was trained for."""

    text: str
    intent: str | None


@dataclass(frozen=True)
class Measured:
    """A set in its parts. `validation` is there to choose a threshold, `test` to measure."""

    name: str
    train: tuple[Line, ...]
    test: tuple[Line, ...]
    validation: tuple[Line, ...] = ()

    def digest(self) -> str:
        """Changes with every line that a training may see."""
        seen = [[line.text, line.intent] for line in (*self.train, *self.validation)]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()


def banking77(folder: Path, train: str = "train.csv") -> Measured:
    """77 things that customers ask their bank."""
    place = folder / "banking77"
    name = "banking77_10shot" if "10shot" in train else "banking77_full"
    return Measured(name, tuple(_rows(place / train)), tuple(_rows(place / "test.csv")))


def clinc150(folder: Path) -> Measured:
    """150 intents of an assistant, and what lies outside of them in each of its parts."""
    parts = json.loads((folder / "clinc150/data_full.json").read_text("utf-8"))

    def both(inside: str, outside: str) -> tuple[Line, ...]:
        lines = [Line(text, intent) for text, intent in parts[inside]]
        return (*lines, *(Line(text, None) for text, _ in parts[outside]))

    return Measured(
        "clinc150",
        train=both("train", "oos_train"),
        test=both("test", "oos_test"),
        validation=both("val", "oos_val"),
    )


def public(folder: Path) -> dict[str, Measured]:
    """The three of the table; the folder is said where it is not found."""
    if not (folder / "banking77").is_dir():
        raise SystemExit(f"The public data is not in {folder}: say where with --data.")
    sets = (banking77(folder), banking77(folder, "train_10shot.csv"), clinc150(folder))
    return {each.name: each for each in sets}


def holdout(language: str) -> tuple[Line, ...]:
    """Our own lines that are never trained on; some of them are out of scope."""
    lines = labelled("holdout", language)
    return tuple(Line(o.text, None if o.intent == OUT_OF_SCOPE else o.intent) for o in lines)


def labelled(part: str, language: str) -> tuple[Line, ...]:
    """The lines of nlu_data, without the marks of their entities."""
    lines = []
    for file in sorted((ROOT / "nlu_data" / part / language).rglob("*.yml")):
        for block in yaml.safe_load(file.read_text("utf-8"))["nlu"]:
            said = (block.get("examples") or "").splitlines()
            lines += [
                Line(_MARKED.sub(r"\1", each[2:]).strip(), block["intent"])
                for each in said
                if "intent" in block and each.startswith("- ")
            ]
    return tuple(lines)


def some(measured: Measured, lines: int) -> Measured:
    """A small part of it, for a trial: every n-th message of the first few intents."""
    intents = sorted({line.intent for line in measured.train if line.intent})[:8]
    kept = {*intents, None}

    def few(part: Iterable[Line]) -> tuple[Line, ...]:
        found = [line for line in part if line.intent in kept]
        return tuple(found[:: max(1, len(found) // lines)])

    name = measured.name
    return Measured(name, few(measured.train), few(measured.test), few(measured.validation))


def as_rasa(lines: Iterable[Line]) -> str:
    """The messages as Rasa's training data. Square brackets would mark an entity there."""
    by_intent: dict[str, list[str]] = {}
    for line in lines:
        text = " ".join(line.text.split()).replace("[", "(").replace("]", ")")
        by_intent.setdefault(line.intent or OUT_OF_SCOPE, []).append(text)
    blocks = [
        {"intent": intent, "examples": "".join(f"- {text}\n" for text in texts)}
        for intent, texts in by_intent.items()
    ]
    return yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True, width=10_000)


def _rows(file: Path) -> Iterator[Line]:
    with file.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            yield Line(" ".join(row["text"].split()), row["category"])
