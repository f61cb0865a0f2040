"""What is learnt from: labelled lines out of files, the sets of tokens, the order of a round."""

from __future__ import annotations

import csv
import hashlib
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OUT_OF_SCOPE = "out_of_scope"
LONGEST = 48  # tokens; what stands behind them hardly ever decides what a message is about
MOST_UNKNOWN = 0.3  # of a line's tokens, or the encoder cannot learn from it
_MARKED = re.compile(r"\[([^\]]*)\](\([^)]*\)|\{[^}]*\})")

Utterance = tuple[str, str | None]  # a line and its intent; none: nothing the bot is for


class NothingToLearn(ValueError):
    """Fewer than two intents are left to tell apart."""


class NotUtterances(ValueError):
    """A file holds no labelled lines in a form that is known here."""


@dataclass(frozen=True)
class Lesson:
    """Tokens of every line and the number of its intent; -1 is out of scope."""

    intents: tuple[str, ...]
    tokens: tuple[tuple[int, ...], ...]
    labels: tuple[int, ...]
    skipped: int  # lines that the tokenizer mostly does not know

    def inside(self) -> list[int]:
        return [at for at, label in enumerate(self.labels) if label >= 0]

    def outside(self) -> list[int]:
        return [at for at, label in enumerate(self.labels) if label < 0]

    def digest(self) -> str:
        told = json.dumps([self.intents, self.tokens, self.labels])
        return hashlib.sha256(told.encode()).hexdigest()


def lesson(utterances: Sequence[Utterance], tokenizer: Any) -> Lesson:
    """Every readable line, and the name of each intent, which says what it is about as well."""
    heard = [(" ".join(text.split()), intent) for text, intent in utterances]
    heard = [(text, intent) for text, intent in heard if text]
    ids = _tokens(tokenizer, [text for text, _ in heard])
    readable = [_is_readable(line, tokenizer) for line in ids]
    told = [(i, intent) for i, (_, intent), ok in zip(ids, heard, readable, strict=True) if ok]
    intents = tuple(sorted({intent for _, intent in told if intent is not None}))
    if len(intents) < 2:
        raise NothingToLearn(f"{len(intents)} intents with readable lines; two are needed.")
    names = _tokens(tokenizer, [re.sub(r"[\W_]+", " ", name).lower() for name in intents])
    told += zip(names, intents, strict=True)
    place = {name: at for at, name in enumerate(intents)}
    labels = tuple(-1 if intent is None else place[intent] for _, intent in told)
    return Lesson(intents, tuple(i for i, _ in told), labels, readable.count(False))


def round_of(lesson: Lesson, seed: int, number: int, batch: int, of_one: int) -> list[list[int]]:
    """Batches for one round over all lines in scope. Lines of one intent come by `of_one`, so
    that each meets its like; seed and number decide the order."""
    chance = random.Random(f"{seed}/{number}")
    by_intent: dict[int, list[int]] = {}
    places = lesson.inside()
    chance.shuffle(places)
    for at in places:
        by_intent.setdefault(lesson.labels[at], []).append(at)
    groups = [
        lines[at : at + of_one]
        for lines in by_intent.values()
        for at in range(0, len(lines), of_one)
    ]
    chance.shuffle(groups)
    order = [at for group in groups for at in group]
    return [order[at : at + batch] for at in range(0, len(order), batch)]


def read(files: Sequence[Path]) -> list[Utterance]:
    """Labelled lines of files: JSON lines and CSV with `text` and `intent` (or `category`),
    Rasa's YAML. A folder stands for all such files in it."""
    found = [line for file in files for line in _of_place(file)]
    return [(text, None if intent == OUT_OF_SCOPE else intent) for text, intent in found]


def _of_place(place: Path) -> Iterator[Utterance]:
    if place.is_dir():
        for file in sorted(f for f in place.rglob("*") if f.suffix in _READERS):
            yield from _of_place(file)
        return
    if place.suffix not in _READERS:
        raise NotUtterances(f"{place}: not one of {', '.join(_READERS)}")
    try:
        yield from _READERS[place.suffix](place)
    except (KeyError, TypeError, ValueError) as wrong:
        raise NotUtterances(f"{place}: no labelled lines ({wrong})") from wrong


def _of_json_lines(file: Path) -> Iterator[Utterance]:
    for line in file.read_text("utf-8").splitlines():
        told = json.loads(line)
        yield told["text"], told["intent"]


def _of_csv(file: Path) -> Iterator[Utterance]:
    with file.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            yield row["text"], row["intent"] if "intent" in row else row["category"]


def _of_rasa(file: Path) -> Iterator[Utterance]:
    import yaml  # noqa: PLC0415 - the bot reads no such file

    for block in (yaml.safe_load(file.read_text("utf-8")) or {}).get("nlu", []):
        for line in (block.get("examples") or "").splitlines() if "intent" in block else ():
            if line.startswith("- "):
                yield _MARKED.sub(r"\1", line[2:]).strip(), block["intent"]


_READERS = {".jsonl": _of_json_lines, ".csv": _of_csv, ".yml": _of_rasa}


def _tokens(tokenizer: Any, texts: Sequence[str]) -> list[tuple[int, ...]]:
    ids = tokenizer(list(texts))["input_ids"] if texts else []
    return [tuple(i if len(i) <= LONGEST else [*i[: LONGEST - 1], i[-1]]) for i in ids]


def _is_readable(ids: tuple[int, ...], tokenizer: Any) -> bool:
    words = ids[1:-1]
    return bool(words) and words.count(tokenizer.unk_token_id) / len(words) <= MOST_UNKNOWN
