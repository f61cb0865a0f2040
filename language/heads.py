"""A linear head over a line's sentence vector and its pieces, in both languages.

Learning needs scipy; looking at a line needs numpy only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from language import linear
from language.encoder import Encoder, Reading
from language.memory import Memory
from language.ngrams import Ngrams, Numbers, Pieces, count
from language.text import without_chinese

CLOSEST = 3  # intents whose lines are looked at
NEAR = 5  # lines of the likeliest intent


@dataclass(frozen=True)
class Settings:
    """How a head is learnt. Chosen by cross-validation on training lines."""

    sentence_weight: float = 1.0
    ngram_weight: float = 1.0
    inverse_regularisation: float = 20.0
    seen_at_least: int = 1
    doubt: float = 0.5
    iterations: int = 60
    folds: int = 4
    fold_iterations: int = 30
    leaning_weight: float = 20.0  # of what a fine-tuned encoder says itself
    seed: int = 0


class Lines(NamedTuple):
    """What a head looks at. `shares`: how much of a line the encoder can read."""

    vectors: Numbers
    shares: Numbers
    counts: list[Counter[str]]
    leanings: Numbers

    def some(self, rows: NDArray[np.int64]) -> Lines:
        counts = [self.counts[row] for row in rows]
        return Lines(self.vectors[rows], self.shares[rows], counts, self.leanings[rows])


class Look(NamedTuple):
    """One line as the head sees it. `plain` are the scores without what a fine-tuned encoder says
    itself, `leaning` is how near and how far before all others its first intent is."""

    vector: Numbers
    pieces: Pieces
    plain: Numbers
    scores: Numbers
    kind: int
    leaning: tuple[float, float] = (0.0, 0.0)


def lines_of(texts: Sequence[str], encoder: Encoder, reading: Reading | None = None) -> Lines:
    """Read the texts; `reading` may hold what the encoder has made of them already."""
    counts = [count(text) for text in texts]
    if encoder.facts.reads_chinese:
        read = reading or encoder.read(texts)
        return Lines(read.sentence, np.ones(len(texts), np.float32), counts, read.leanings)
    parts = [without_chinese(text) for text in texts]
    shares = np.array([share for _, share in parts], np.float32)
    vectors = np.zeros((len(texts), encoder.dimensions), np.float32)
    leanings = np.zeros((len(texts), len(encoder.facts.leans)), np.float32)
    partly = [row for row, (_, share) in enumerate(parts) if 0 < share < 1 or not reading]
    partly = [row for row in partly if shares[row]]
    if partly:
        read = encoder.read([parts[row][0] for row in partly])
        vectors[partly], leanings[partly] = read.sentence, read.leanings
    if reading:
        wholly = shares == 1
        vectors[wholly], leanings[wholly] = reading.sentence[wholly], reading.leanings[wholly]
    return Lines(vectors, shares, counts, leanings * shares[:, None])


class Head:
    """A learnt head, not yet calibrated."""

    def __init__(
        self, settings: Settings, ngrams: Ngrams, centre: Numbers, softmax: linear.Softmax,
        memory: Memory, outside: int | None, leans: NDArray[np.int64],
    ) -> None:  # fmt: skip
        self.settings, self.ngrams, self.centre = settings, ngrams, centre
        self.softmax, self.memory, self.outside = softmax, memory, outside
        self.leans = leans
        self._leaning = np.flatnonzero(leans >= 0)

    @classmethod
    def learn(
        cls, lines: Lines, labels: NDArray[np.int64], intents: int, settings: Settings,
        outside: int | None, leans: NDArray[np.int64] | None = None,
    ) -> Head:  # fmt: skip
        """Labels are below `intents`, and not each of them need have lines. `outside` is the
        label of what is out of scope, if there is one. `leans` is for each label its column in
        the leanings of lines, or -1."""
        ngrams = Ngrams.of(lines.counts, settings.seen_at_least, settings.doubt)
        read = lines.vectors[lines.shares == 1]
        centre = np.zeros(lines.vectors.shape[1], np.float32)
        if len(read):
            centre = np.asarray(read.mean(axis=0), np.float32)
        vectors = _placed(lines.vectors, lines.shares, centre) * settings.sentence_weight
        pieces = [_weighed(ngrams.pieces(line), settings) for line in lines.counts]
        softmax = linear.learn(
            vectors, ngrams.matrix(pieces), labels,
            classes=intents, inverse_regularisation=settings.inverse_regularisation,
            iterations=settings.iterations,
        )  # fmt: skip
        memory = Memory.of(labels, vectors, pieces, intents)
        if leans is None:
            leans = np.full(intents, -1)
        taught = np.where(np.isin(np.arange(intents), labels), leans, -1)
        return cls(settings, ngrams, centre, softmax, memory, outside, taught)

    def look(self, lines: Lines, row: int) -> Look:
        vector = _placed(lines.vectors[row : row + 1], lines.shares[row : row + 1], self.centre)[0]
        vector = vector * self.settings.sentence_weight
        pieces = _weighed(self.ngrams.pieces(lines.counts[row]), self.settings)
        plain = self.softmax.scores(vector, pieces.places, pieces.values)
        kind = int(lines.shares[row] < 0.5)
        if len(self._leaning) < 2:
            return Look(vector, pieces, plain, plain, kind)
        leanings = lines.leanings[row][self.leans[self._leaning]]
        scores = plain.copy()
        scores[self._leaning] += self.settings.leaning_weight * (leanings - leanings.mean())
        second, first = np.sort(leanings)[-2:]
        return Look(vector, pieces, plain, scores, kind, (float(first), float(first - second)))

    def signals(self, look: Look) -> Numbers:
        """What `language.scope` weighs, in its order."""
        inside = look.plain.copy()
        if self.outside is not None:
            inside[self.outside] = -np.inf
        best = np.argsort(-inside)[:CLOSEST]
        energy = _log_sum(inside)
        others = np.delete(inside, best[0])
        margin = inside[best[0]] - _log_sum(others) if len(others) else 0.0
        asked = [int(at) for at in best] + ([] if self.outside is None else [self.outside])
        near = self.memory.nearness(look.vector, look.pieces, len(self.ngrams.words), asked)
        nearest = max(float(each[0]) for each in near[: len(best)])
        outside = beyond = 0.0
        if self.outside is not None:
            outside = inside[best[0]] - look.plain[self.outside]
            beyond = nearest - float(near[-1][0])
        told = (energy, margin, nearest, near[0][:NEAR].mean(), 0.0)
        more = (look.pieces.known, outside, beyond, *look.leaning)
        return np.array([*told, *more], np.float32)


def _placed(vectors: Numbers, shares: Numbers, centre: Numbers) -> Numbers:
    """Seen from the middle of all lines, of length 1, times the share that was read."""
    moved = vectors - centre
    lengths = np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)
    return np.asarray(moved / lengths * shares[:, None], np.float32)


def _weighed(pieces: Pieces, settings: Settings) -> Pieces:
    return Pieces(pieces.places, pieces.values * np.float32(settings.ngram_weight), pieces.known)


def _log_sum(scores: Numbers) -> float:
    top = float(scores.max())
    return top + float(np.log(np.exp(scores - top).sum()))
