"""How well the bot hears what customers feel, on messages that were written apart from training.

    .venv/bin/python bench/sentiment.py        writes bench/results/sentiment.json

Through the trained model and the shipped pipeline; prints totals and the confusion matrix, and
no message. What the labels mean: nlu_data/sentiment/README.md.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from bench import pipelines  # noqa: E402  the lines above make them known
from language.lexicon import Lexicon  # noqa: E402
from language.sentiment import LABELS, LANGUAGES, MESSAGES, Labelled, labelled  # noqa: E402
from language.tone import one_spelling  # noqa: E402

RESULT = ROOT / "bench/results/sentiment.json"
MODEL = ROOT / "var/model/kaidesk.tar.gz"
EDGES = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)
TELLS = 0.5  # a lexicon's sum from which on it tells a feeling; half of its weakest word


@dataclass(frozen=True)
class Heard:
    """One message as labelled and as heard."""

    wanted: Labelled
    label: str
    upset: float


@dataclass(frozen=True)
class Figures:
    """`confusion[wanted][heard]`; `error` is the expected calibration error over EDGES;
    `reliability` holds (from, to, messages, mean chance, share upset)."""

    accuracy: float
    confusion: dict[str, dict[str, int]]
    upset_accuracy: float
    upset_recall: float
    upset_precision: float
    brier: float
    error: float
    reliability: list[tuple[float, float, int, float, float]]


def main() -> None:
    """Measure every language; say and write it."""
    told: dict[str, Any] = {}
    lexicon = Lexicon.read(MESSAGES / "lexicon.tsv")
    for language in LANGUAGES:
        wanted = labelled(MESSAGES / f"holdout_{language}.tsv")
        answers = pipelines.understood("ours", MODEL, [one.text for one in wanted])
        heard = [
            Heard(one, answer["sentiment"]["label"], answer["sentiment"]["upset"])
            for one, answer in zip(wanted, answers, strict=True)
        ]
        figures, alone = measure(heard), share_right_by_words(wanted, lexicon)
        told[language] = {"messages": len(heard), "lexicon_alone": alone, **vars(figures)}
        print(table(language, len(heard), figures, alone))
    RESULT.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def measure(heard: Sequence[Heard]) -> Figures:
    """All figures of one language."""
    confusion = {a: dict.fromkeys(LABELS, 0) for a in LABELS}
    for one in heard:
        confusion[one.wanted.label][one.label] += 1
    called = [one for one in heard if one.upset >= TELLS]
    truly = [one for one in heard if one.wanted.upset]
    hits = sum(one.wanted.upset for one in called)
    rows = [_row(heard, *edges) for edges in pairwise(EDGES)]
    return Figures(
        accuracy=_share(sum(confusion[a][a] for a in LABELS), len(heard)),
        confusion=confusion,
        upset_accuracy=_share(
            sum((one.upset >= TELLS) == one.wanted.upset for one in heard), len(heard)
        ),
        upset_recall=_share(hits, len(truly)),
        upset_precision=_share(hits, len(called)),
        brier=_share(sum((one.upset - one.wanted.upset) ** 2 for one in heard), len(heard)),
        error=_share(sum(n * abs(chance - share) for _, _, n, chance, share in rows), len(heard)),
        reliability=rows,
    )


def share_right_by_words(wanted: Sequence[Labelled], lexicon: Lexicon) -> float:
    """The accuracy of the lexicon alone."""
    right = 0
    for one in wanted:
        total = lexicon.tone(one_spelling(one.text)).sum
        label = "neutral" if abs(total) < TELLS else "positive" if total > 0 else "negative"
        right += label == one.label
    return _share(right, len(wanted))


def table(language: str, messages: int, figures: Figures, alone: float) -> str:
    """The figures of one language as text."""
    lines = [
        f"{language}: {messages} messages; accuracy {figures.accuracy:.3f}, "
        f"of the lexicon alone {alone:.3f}",
        "".join(f"{name:>12}" for name in ("", *LABELS)),
        *(
            f"{wanted:>12}" + "".join(f"{figures.confusion[wanted][to]:>12}" for to in LABELS)
            for wanted in LABELS
        ),
        f"upset: accuracy {figures.upset_accuracy:.3f}, recall {figures.upset_recall:.3f}, "
        f"precision {figures.upset_precision:.3f}, Brier {figures.brier:.3f}, "
        f"calibration error {figures.error:.3f}",
        *(
            f"  said {low:.1f} to {high:.1f}: {n:>4} messages, mean {chance:.2f}, upset {share:.2f}"
            for low, high, n, chance, share in figures.reliability
        ),
    ]
    return "\n".join(lines) + "\n"


def _row(heard: Sequence[Heard], low: float, high: float) -> tuple[float, float, int, float, float]:
    within = [one for one in heard if low <= one.upset < high or one.upset == high == EDGES[-1]]
    chance = _share(sum(one.upset for one in within), len(within))
    return low, high, len(within), chance, _share(sum(o.wanted.upset for o in within), len(within))


def _share(part: float, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


if __name__ == "__main__":
    main()
