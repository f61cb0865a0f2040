"""How customers feel: a small spaCy model per language, trained on our own labelled messages."""

import importlib
import logging
import random
import re
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from desk.errors import DeskError, Invalid
from desk.settings import settings

LANGUAGES = ("en", "zh")
LABELS = ("negative", "neutral", "positive")
MESSAGES = Path(__file__).resolve().parents[2] / "nlu_data" / "sentiment"

# Chosen by five-fold cross-validation on the training messages; the holdout had no say.
NGRAM_LENGTH = 2  # words in English, characters in Chinese
ROUNDS = 8
BATCH_SIZE = 16
LEARN_RATE = 0.01
DROPOUT = 0.2
SEED = 0
ENDLESS = re.compile(r"[^\s\u3400-\u9fff\uf900-\ufaff]{48}")  # no word is that long

_pipelines: dict[tuple[Path, str], Any] = {}
_one_at_a_time = Lock()


class NotTrained(DeskError):
    """The sentiment model has not been made, or does not load here."""


class NoSuchLanguage(Invalid):
    """There is no sentiment model for this language."""


def score(text: str, language: str, folder: Path | None = None) -> float:
    """How the writer feels, in [-1, 1]: the chance of positive less the chance of negative.

    The model is loaded from `folder` (by default the setting `DESK_SENTIMENT_MODEL`) at the
    first call, which takes a second or two; after that a message takes less than two
    milliseconds. May be called from any thread.

    Raises:
        NotTrained: the model is missing; the message names the command that makes it.
        NoSuchLanguage: `language` is neither `en` nor `zh`.
    """
    with _one_at_a_time:
        pipeline = _pipeline(folder or settings().sentiment_model, language)
        with pipeline.memory_zone():  # else every new word a customer types stays for good
            chances = pipeline(_plain(text)).cats
            felt = float(chances["positive"] - chances["negative"])
    return max(-1.0, min(1.0, felt))


def load(folder: Path | None = None) -> None:
    """Load the models now, so that no customer waits for it.

    Raises:
        NotTrained: a model is missing.
    """
    with _one_at_a_time:
        for language in LANGUAGES:
            _pipeline(folder or settings().sentiment_model, language)


def train(folder: Path | None = None) -> Path:
    """Train every language from `nlu_data/sentiment` and write the models to `folder`.

    The same messages give the same models. Takes seconds; a process that has loaded an older
    model keeps it until it starts again.
    """
    made = folder or settings().sentiment_model
    made.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        pipeline = _trained(language, labelled(MESSAGES / f"{language}.tsv"))
        pipeline.to_disk(made / language)
        with _one_at_a_time:
            _pipelines.pop((made, language), None)
    return made


def labelled(path: Path) -> list[tuple[str, str]]:
    """The (label, message) pairs of a file with one message a line, the label before a tab;
    between the two may stand whether the writer is upset, for the model to come.

    Raises:
        Invalid: a line has another form or label.
    """
    pairs = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        label, tab, message = line.partition("\t")
        message = message.removeprefix("0\t").removeprefix("1\t")
        if not tab or label not in LABELS or not message.strip():
            raise Invalid(f"{path.name}, line {number}: expected one of {LABELS}, a tab, a text.")
        pairs.append((label, message))
    return pairs


def _pipeline(folder: Path, language: str) -> Any:
    if language not in LANGUAGES:
        raise NoSuchLanguage(f"There is no sentiment model for {language!r}, only {LANGUAGES}.")
    if (folder, language) not in _pipelines:
        try:
            _pipelines[folder, language] = _spacy().load(folder / language)
        except (OSError, ValueError) as broken:
            raise NotTrained(
                f"No usable sentiment model in {folder / language}. "
                "Train it with: .venv/bin/desk train-sentiment"
            ) from broken
    return _pipelines[folder, language]


def _trained(language: str, pairs: list[tuple[str, str]]) -> Any:
    spacy = _spacy()
    training = importlib.import_module("spacy.training")
    spacy.util.fix_random_seed(SEED)
    order = random.Random(SEED)
    pipeline = spacy.blank(language)  # for Chinese this splits characters: no dictionary needed
    classifier = pipeline.add_pipe("textcat", config={"model": _architecture()})
    for label in LABELS:
        classifier.add_label(label)
    examples = [
        training.Example.from_dict(
            pipeline.make_doc(_plain(message)),
            {"cats": {known: float(known == label) for known in LABELS}},
        )
        for label, message in pairs
    ]
    optimizer = pipeline.initialize(lambda: examples)
    optimizer.learn_rate = LEARN_RATE
    for _ in range(ROUNDS):
        order.shuffle(examples)
        for batch in spacy.util.minibatch(examples, BATCH_SIZE):
            pipeline.update(batch, sgd=optimizer, drop=DROPOUT)
    return pipeline


def _architecture() -> dict[str, Any]:
    return {
        "@architectures": "spacy.TextCatBOW.v3",
        "exclusive_classes": True,
        "ngram_size": NGRAM_LENGTH,
        "no_output_layer": False,
        "length": 32768,
    }


def _plain(text: str) -> str:
    """One spelling for what means the same here: width, case, and every number. What has
    no blank for long is parted, for spaCy's cost grows with the square of its length."""
    folded = unicodedata.normalize("NFKC", text).lower().replace("\ufe0f", "")
    return ENDLESS.sub(r"\g<0> ", re.sub(r"\d", "0", folded))


def _spacy() -> Any:
    with _without_torch():
        spacy = importlib.import_module("spacy")
    logging.getLogger("spacy").setLevel(logging.WARNING)  # it reports each vocabulary it makes
    return spacy


@contextmanager
def _without_torch() -> Iterator[None]:
    """spaCy loads torch where it finds it: 180 MB and a second that these models do not need."""
    if "torch" in sys.modules or "spacy" in sys.modules:
        yield
        return
    sys.modules["torch"] = None  # type: ignore[assignment]  # importing it now fails, as intended
    try:
        yield
    finally:
        del sys.modules["torch"]
