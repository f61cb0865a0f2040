"""The index as it lies in its folder, and searching in it. Made by `commands.indexing`."""

import hashlib
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
from numpy.typing import NDArray

from desk.errors import DeskError
from desk.integrations.encoder import Vectors
from desk.knowledge.rules.articles import Article, Passage
from desk.knowledge.rules.passages import apart
from desk.knowledge.rules.ranking import Evidence, Scale, Scores, fused
from desk.knowledge.rules.words import words

logging.getLogger("bm25s").setLevel(logging.WARNING)  # it tells of every step

FORM = 1  # of the files; an index of another form is made anew
CURRENT, FACTS, ARTICLES = "current", "index.json", "articles.json"
VECTORS, WORDS, PROBES = "vectors.npy", "words", "probes.npy"


class IndexMissing(DeskError):
    """There is no index that can be searched; the message says how to make one."""


@dataclass(frozen=True)
class Hit:
    """A passage that was found, its article, and its score among the others."""

    article: Article
    passage: Passage
    score: float


class Collection:
    """The articles of one language, ready to be searched. Immutable; safe from any thread."""

    def __init__(
        self,
        articles: Sequence[Article],
        by_words: bm25s.BM25 | None,
        vectors: Vectors | None,
        scales: dict[str, Scale],
    ) -> None:
        self.articles = {each.slug: each for each in articles}
        self.passages = [passage for each in articles for passage in each.passages]
        self.vectors, self.scales = vectors, scales
        self.by_words = by_words
        self._numbers = {slug: number for number, slug in enumerate(self.articles)}
        self._owners = np.array([self._numbers[p.slug] for p in self.passages], dtype=np.int64)
        self._answers = {intent: each for each in articles for intent in each.answers}

    @cached_property
    def _rarity(self) -> NDArray[np.float64]:
        """What a word of the index weighs, and in the last place one that it does not hold."""
        assert self.by_words is not None
        count = len(self.passages)
        held = np.append(np.diff(self.by_words.scores["indptr"]), 0)
        told: NDArray[np.float64] = np.log(1 + (count - held + 0.5) / (held + 0.5))
        return told

    def answering(self, intent: str) -> Article | None:
        """The article that names this intent as one it answers."""
        return self._answers.get(intent)

    def word_scores(self, question: str) -> Scores:
        """Per passage, which share of the question's weight it has, by BM25."""
        asked = list(dict.fromkeys(words(question)))
        none = np.zeros(len(self.passages))
        if not asked or self.by_words is None:
            return none
        vocabulary = self.by_words.vocab_dict
        known = [vocabulary[word] for word in asked if word in vocabulary]
        if not known:
            return none
        weight = float(self._rarity[known].sum() + self._rarity[-1] * (len(asked) - len(known)))
        return np.asarray(self.by_words.get_scores_from_ids(known), np.float64) / weight

    def meaning_scores(self, vector: Vectors) -> Scores:
        """Per passage, the cosine with a question."""
        assert self.vectors is not None
        return np.asarray(self.vectors @ vector, np.float64)

    def best(self, scores: Scores, count: int) -> list[Hit]:
        """The best passage of each of the best articles."""
        found: dict[int, int] = {}
        for place in self._by_score(scores, count):
            found.setdefault(int(self._owners[place]), int(place))
            if len(found) == count:
                break
        return [self._hit(place, scores) for place in found.values()]

    def passage_of(
        self, slug: str, question: str, by_meaning: Scores | None, weight: float
    ) -> Passage:
        """The passage of one article that fits best; its first, if none does."""
        ours = np.flatnonzero(self._owners == self._numbers[slug])
        passages = [self.passages[place] for place in ours]
        near = None if by_meaning is None else by_meaning[ours]
        scores = fused(apart(self.articles[slug].title, passages, question), near, weight)
        return passages[int(np.argmax(scores))]

    def evidence(self, by_words: Scores, by_meaning: Scores | None, weight: float) -> Evidence:
        """What speaks for the best passage."""
        scores = fused(by_words, by_meaning, weight)
        ranked = self.best(scores, 2)
        if not ranked:
            return Evidence(0.0, 0.0, 0.0)
        second = ranked[1].score if len(ranked) > 1 else 0.0
        meaning = float(by_meaning.max()) if by_meaning is not None and weight else 0.0
        return Evidence(float(by_words.max()), meaning, ranked[0].score - second)

    def _hit(self, place: int, scores: Scores) -> Hit:
        passage = self.passages[place]
        return Hit(self.articles[passage.slug], passage, float(scores[place]))

    def _by_score(self, scores: Scores, count: int) -> NDArray[np.int64]:
        """Places of the best, enough of them to hold `count` articles in nearly all cases."""
        enough = 16 * count
        if len(scores) <= enough:
            return np.argsort(-scores, kind="stable")
        top = np.argpartition(-scores, enough)[:enough]
        return top[np.lexsort((top, -scores[top]))]


@dataclass(frozen=True)
class Index:
    """All languages. `encoder` is the name of what the vectors were made with."""

    digest: str
    encoder: str
    probes: Vectors
    collections: dict[str, Collection]


def load(folder: Path) -> Index:
    """Read an index from its own folder.

    Raises:
        IndexMissing: a file is missing, cut short or changed.
    """
    try:
        facts = json.loads((folder / FACTS).read_text("utf-8"))
        if facts["form"] != FORM:
            raise IndexMissing(f"The index in {folder} is of another release. {HOW}")
        for name, digest in facts["files"].items():
            if digest_of(folder / name) != digest:
                raise IndexMissing(f"{name} of the index in {folder} is damaged. {HOW}")
        collections = {
            language: _collection(folder / language, told)
            for language, told in facts["languages"].items()
        }
        probes = np.load(folder / PROBES)
    except (OSError, ValueError, KeyError, TypeError) as broken:
        raise IndexMissing(f"The index in {folder} cannot be read. {HOW}") from broken
    return Index(folder.name, facts["encoder"], probes, collections)


HOW = "Make it with: .venv/bin/desk knowledge index"


def digest_of(file: Path) -> str:
    """SHA-256 of a file, as hex."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _collection(folder: Path, told: dict[str, Any]) -> Collection:
    articles = [_article(each) for each in json.loads((folder / ARTICLES).read_text("utf-8"))]
    has_words = (folder / WORDS).is_dir()
    return Collection(
        articles,
        bm25s.BM25.load(folder / WORDS, load_corpus=False, mmap=True) if has_words else None,
        np.load(folder / VECTORS, mmap_mode="r"),
        {name: Scale(s["weight"], s["factors"], s["threshold"]) for name, s in told.items()},
    )


def _article(told: dict[str, Any]) -> Article:
    return Article(
        **told
        | {
            "updated": date.fromisoformat(told["updated"]),
            "answers": tuple(told["answers"]),
            "keywords": tuple(told["keywords"]),
            "passages": tuple(Passage(**each) for each in told["passages"]),
        }
    )
