"""A head over a line's sentence vector and its pieces, in both languages: a softmax, which weighs
what lines are made of, joined with a comparison to each line that was learnt.

Learning needs scipy; looking at a line needs numpy only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from language import likeness, linear
from language.encoder import Encoder, Reading
from language.likeness import Likeness
from language.memory import Memory
from language.ngrams import Ngrams, Numbers, Pieces, count
from language.text import without_chinese

CLOSEST = 3  # intents whose lines are looked at
NEAR = 5  # lines of the likeliest intent


@dataclass(frozen=True)
class Settings:
    """How a head is learnt. Chosen by cross-validation on training lines."""

    ngram_weight: float = 0.7
    ngram_weight_alone: float = 2.5  # where the encoder can read nothing
    likeness_weight: float = 10.0
    inverse_regularisation: float = 20.0
    seen_at_least: int = 1
    doubt: float = 0.5
    iterations: int = 80
    folds: int = 4
    fold_iterations: int = 40
    leaning_weight: float = 30.0  # of what a fine-tuned encoder says itself
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
    itself, `told` what speaks for their being in scope, and `leaning` how near and how far before
    all others the encoder's first intent is."""

    plain: Numbers
    scores: Numbers
    told: Numbers
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
        compared: Likeness, memory: Memory, outside: int | None, leans: NDArray[np.int64],
    ) -> None:  # fmt: skip
        """`compared`: with the memory's lines that have a vector."""
        self.settings, self.ngrams, self.centre = settings, ngrams, centre
        self.softmax, self.compared, self.memory = softmax, compared, memory
        self.outside = outside
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
        order = np.argsort(labels, kind="stable")
        lines, labels = lines.some(order), labels[order]
        ngrams = Ngrams.of(lines.counts, settings.seen_at_least, settings.doubt)
        read = lines.vectors[lines.shares == 1]
        centre = np.zeros(lines.vectors.shape[1], np.float32)
        if len(read):
            centre = np.asarray(read.mean(axis=0), np.float32)
        vectors = _placed(lines.vectors, lines.shares, centre)
        pieces = [
            _weighed(ngrams.pieces(line), share, settings)
            for line, share in zip(lines.counts, lines.shares, strict=True)
        ]
        matrix = ngrams.matrix(pieces)
        softmax = linear.learn(
            vectors, matrix, labels,
            classes=intents, inverse_regularisation=settings.inverse_regularisation,
            iterations=settings.iterations,
        )  # fmt: skip
        memory = Memory.of(labels, vectors, lines.shares, pieces, intents)
        compared = _compared(memory, matrix, labels, intents, settings.seed)
        if leans is None:
            leans = np.full(intents, -1)
        taught = np.where(np.isin(np.arange(intents), labels), leans, -1)
        return cls(settings, ngrams, centre, softmax, compared, memory, outside, taught)

    def look(self, lines: Lines, row: int) -> Look:
        share = float(lines.shares[row])
        vector = _placed(lines.vectors[row : row + 1], lines.shares[row : row + 1], self.centre)[0]
        pieces = _weighed(self.ngrams.pieces(lines.counts[row]), share, self.settings)
        plain = self.softmax.scores(vector, pieces.places, pieces.values)
        cosines = self.memory.cosines(vector, share)
        like = self.compared.scores(cosines, share, pieces.places, pieces.values)
        plain = plain + np.float32(self.settings.likeness_weight) * like
        told = self._told(plain, float(like.max(initial=0.0)), share, pieces, cosines)
        kind = int(share < 0.5)
        if len(self._leaning) < 2:
            return Look(plain, plain, told, kind)
        leanings = lines.leanings[row][self.leans[self._leaning]]
        scores = plain.copy()
        scores[self._leaning] += self.settings.leaning_weight * (leanings - leanings.mean())
        second, first = np.sort(leanings)[-2:]
        return Look(plain, scores, told, kind, (float(first), float(first - second)))

    def signals(self, look: Look) -> Numbers:
        """What `language.scope` weighs, in its order."""
        return np.array([*look.told, *look.leaning], np.float32)

    def _told(
        self, plain: Numbers, like: float, share: float, pieces: Pieces, cosines: Numbers
    ) -> Numbers:
        inside = plain.copy()
        if self.outside is not None:
            inside[self.outside] = -np.inf
        best = np.argsort(-inside)[:CLOSEST]
        energy = _log_sum(inside)
        others = np.delete(inside, best[0])
        margin = inside[best[0]] - _log_sum(others) if len(others) else 0.0
        asked = [int(at) for at in best] + ([] if self.outside is None else [self.outside])
        near = self.memory.nearness(share, pieces, len(self.ngrams.words), asked, cosines)
        nearest = max(float(each[0]) for each in near[: len(best)])
        outside = beyond = 0.0
        if self.outside is not None:
            outside = inside[best[0]] - plain[self.outside]
            beyond = nearest - float(near[-1][0])
        told = (energy, margin, nearest, near[0][:NEAR].mean(), like)
        return np.array([*told, pieces.known, outside, beyond], np.float32)


def _compared(
    memory: Memory, matrix: Any, labels: NDArray[np.int64], intents: int, seed: int
) -> Likeness:
    """What likeness says, for the lines with a vector: by pieces alone it would only repeat the
    softmax. Lines beyond what can be compared pull at nothing."""
    pull = np.zeros((len(memory.readable), intents), np.float32)
    if not len(pull):
        return Likeness(pull, np.zeros((matrix.shape[1], intents), np.float32))
    rows = likeness.chosen(labels[memory.readable], seed)
    lines = memory.readable[rows]
    part, shares = matrix[lines], memory.shares[rows]
    between = likeness.kernel(memory.vectors[rows], shares, part)
    found = likeness.learn(between, shares, part, labels[lines], classes=intents)
    pull[rows] = found.pull
    return Likeness(pull, found.sparse)


def _placed(vectors: Numbers, shares: Numbers, centre: Numbers) -> Numbers:
    """Seen from the middle of all lines, of length 1, times the share that was read."""
    moved = vectors - centre
    lengths = np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)
    return np.asarray(moved / lengths * shares[:, None], np.float32)


def _weighed(pieces: Pieces, share: float, settings: Settings) -> Pieces:
    weight = share * settings.ngram_weight + (1 - share) * settings.ngram_weight_alone
    return Pieces(pieces.places, pieces.values * np.float32(weight), pieces.known)


def _log_sum(scores: Numbers) -> float:
    top = float(scores.max())
    return top + float(np.log(np.exp(scores - top).sum()))
