"""A new model stands beside the live one until somebody has seen what it would change.

The folder of the live model holds `kaidesk.tar.gz` and `kaidesk.sources` (of what it was made);
`candidate/` the same of the one to come; `former/<moment>/` those that were live before.
"""

import os
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import yaml

from desk import clock
from desk.durable import reading
from desk.errors import NotFound
from desk.improvement.queries import NOT_UNDERSTOOD, said_since
from desk.integrations import training
from desk.integrations.training import Meant
from language.privacy import redact

MARK = "kaidesk.sources"
HELD_BACK = "kaidesk.held_back"  # sources that a person went back from: not trained by themselves
KEPT = 3  # former models
WEEK = timedelta(days=7)
EXAMPLES = 3
MOST_REPLAYED = 5_000  # messages, the newest; the model reads some hundreds a second


class NoCandidate(NotFound):
    """There is no trained candidate."""


class NoFormerModel(NotFound):
    """No model was live before this one."""


@dataclass(frozen=True)
class Change:
    """Messages that the live model takes for `before` and the candidate for `after`."""

    before: str
    after: str
    count: int
    examples: tuple[str, ...]  # redacted


@dataclass(frozen=True)
class Held:
    """How many of a language's holdout lines each model gets right."""

    language: str
    lines: int
    live: int
    candidate: int


@dataclass(frozen=True)
class Comparison:
    """What going live would change: on the holdout, and in what customers wrote last week."""

    holdout: tuple[Held, ...]
    replayed: int
    changed: int
    not_understood_live: int
    not_understood_candidate: int
    changes: tuple[Change, ...]


def prepare(folder: Path, encoder: Path | None = None) -> Path:
    """Train a candidate from the sources as they stand; the live model is not touched."""
    return training.train(folder / "candidate", encoder)


def compare(folder: Path, holdout: Path) -> Comparison:
    """Replay the holdout and last week's messages through both models.

    Raises:
        NoCandidate, TrainingFailed
    """
    live, candidate = folder / training.NAME, folder / "candidate" / training.NAME
    if not candidate.exists():
        raise NoCandidate(
            "There is no candidate yet. Train one with: scripts/with-settings .venv/bin/desk train"
        )
    if not live.exists():
        raise NoFormerModel(f"There is no live model in {folder}. `make setup` trains one.")
    held = {path.name: labelled(path) for path in sorted(holdout.iterdir()) if path.is_dir()}
    said = [text for _, text in reading(said_since, clock.now() - WEEK)][:MOST_REPLAYED]
    lines = [text for pairs in held.values() for text, _ in pairs] + said
    before, after = training.understand(live, lines), training.understand(candidate, lines)
    at = 0
    judged = []
    for language, pairs in held.items():
        part = slice(at, at + len(pairs))
        judged.append(
            Held(language, len(pairs), right(pairs, before[part]), right(pairs, after[part]))
        )
        at += len(pairs)
    return _compared(tuple(judged), said, before[at:], after[at:])


def go_live(folder: Path) -> bool:
    """Make the candidate the live model and have the bot load it; whether a bot is running.

    The bot goes on with the model it has until it has loaded the new one. If it cannot load it,
    the former model is put back.

    Raises:
        NoCandidate, TrainingFailed
    """
    candidate = folder / "candidate"
    if not (candidate / training.NAME).exists():
        raise NoCandidate(
            "There is no candidate. Train one with: scripts/with-settings .venv/bin/desk train"
        )
    former = _put_aside(folder)
    _move(candidate, folder)
    (folder / HELD_BACK).unlink(missing_ok=True)
    try:
        is_running = training.load_in_bot()
    except training.TrainingFailed:
        _move(folder, candidate)
        if former is not None:
            _move(former, folder)
            former.rmdir()
        raise
    _forget_the_oldest(folder)
    return is_running


def go_back(folder: Path) -> bool:
    """Make the model that was live before live again; whether a bot is running.

    The one that is left becomes the candidate. Set-up does not train these sources again by
    itself until they change.

    Raises:
        NoFormerModel, TrainingFailed
    """
    formers = _formers(folder)
    if not formers:
        raise NoFormerModel("No model was live before this one.")
    left = (folder / MARK).read_text("utf-8") if (folder / MARK).exists() else ""
    _link(folder, folder / "candidate")
    _move(formers[-1], folder)
    (folder / HELD_BACK).write_text(left, "utf-8")
    try:
        is_running = training.load_in_bot()
    except training.TrainingFailed:
        _move(folder, formers[-1])
        _move(folder / "candidate", folder)
        (folder / HELD_BACK).unlink()
        raise
    formers[-1].rmdir()
    return is_running


def labelled(folder: Path) -> list[tuple[str, str]]:
    """(line, intent) of every example in the files of a folder of training data."""
    pairs = []
    for file in sorted(folder.rglob("*.yml")):
        for block in yaml.safe_load(file.read_text("utf-8"))["nlu"]:
            lines = (line.strip() for line in block.get("examples", "").splitlines())
            pairs += [(line[2:], str(block["intent"])) for line in lines if line.startswith("- ")]
    return pairs


def right(pairs: Sequence[tuple[str, str]], meant: Sequence[Meant]) -> int:
    """How many lines are understood. To not understand what is no business of ours is to."""
    return sum(
        each.intent == intent or (intent == "out_of_scope" and each.intent in NOT_UNDERSTOOD)
        for (_, intent), each in zip(pairs, meant, strict=True)
    )


def _compared(
    holdout: tuple[Held, ...], said: Sequence[str], before: Sequence[Meant], after: Sequence[Meant]
) -> Comparison:
    moved: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], list[str]] = {}
    for text, was, will in zip(said, before, after, strict=True):
        if was.intent != will.intent:
            moved[was.intent, will.intent] += 1
            shown = examples.setdefault((was.intent, will.intent), [])
            if len(shown) < EXAMPLES:
                shown.append(redact(text)[:120])
    return Comparison(
        holdout=holdout,
        replayed=len(said),
        changed=sum(moved.values()),
        not_understood_live=sum(each.intent in NOT_UNDERSTOOD for each in before),
        not_understood_candidate=sum(each.intent in NOT_UNDERSTOOD for each in after),
        changes=tuple(
            Change(was, will, count, tuple(examples[was, will]))
            for (was, will), count in moved.most_common()
        ),
    )


def _formers(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "former").glob("*") if (path / training.NAME).exists())


def _put_aside(folder: Path) -> Path | None:
    if not (folder / training.NAME).exists():
        return None
    aside = folder / "former" / f"{clock.now():%Y%m%dT%H%M%S%fZ}"
    _link(folder, aside)
    return aside


def _link(source: Path, target: Path) -> None:
    """Keep it in `target` too; what is live stays until another replaces it in one step."""
    target.mkdir(parents=True, exist_ok=True)
    for name in (training.NAME, MARK):
        (target / name).unlink(missing_ok=True)
        if (source / name).exists():
            os.link(source / name, target / name)


def _move(source: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for name in (training.NAME, MARK):
        if (source / name).exists():
            os.replace(source / name, target / name)


def _forget_the_oldest(folder: Path) -> None:
    for old in _formers(folder)[:-KEPT]:
        shutil.rmtree(old)
