"""How sure one may be that a line means anything the bot was trained for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from language.ngrams import Numbers

# What is looked at; the order is that of the weights.
SIGNALS = (
    *("energy", "margin", "nearest", "near", "likeness", "known", "outside", "beyond"),
    *("leaning", "leaning before others"),
)
THRESHOLD = 0.5  # of every score: what was measured is its zero on the way to it
KINDS = 2  # of lines: those that the encoder reads, and the others
LEAST_TRIALS = 30  # on either side, or a kind of lines has no scale of its own


@dataclass(frozen=True)
class Scope:
    """A logistic regression over the signals for each kind of lines."""

    weights: NDArray[np.float64]  # [kinds, signals]
    offsets: NDArray[np.float64]  # [kinds]; the threshold stands at a sum of 0

    def score(self, signals: Numbers, kind: int) -> float:
        """Between 0 and 1; from THRESHOLD on the line is taken to be in scope."""
        total = float(self.weights[kind] @ signals + self.offsets[kind])
        return float(1 / (1 + np.exp(-np.clip(total, -30, 30))))


def learn(signals: Numbers, kinds: NDArray[np.int64], inside: NDArray[np.bool_]) -> Scope:
    """Weigh the signals of lines that were held out; those of both sides weigh alike."""
    weights = np.zeros((KINDS, signals.shape[1]))
    offsets = np.zeros(KINDS)
    for kind in range(KINDS):
        mine = _of_kind(kinds, kind, inside)
        weights[kind], offsets[kind] = _weigh(signals[mine], inside[mine])
    return Scope(weights, offsets)


def moved(
    scope: Scope,
    signals: Numbers,
    kinds: NDArray[np.int64],
    inside: NDArray[np.bool_],
    *,
    keeping_out: float | None,
) -> Scope:
    """The same weights, with the threshold of each kind where fewest of these lines are wrongly
    let in or kept out; with `keeping_out`, where this share of those from outside is kept out and
    no more of those from inside than that takes."""
    offsets = np.zeros(KINDS)
    for kind in range(KINDS):
        mine = _of_kind(kinds, kind, inside)
        sums = signals[mine] @ scope.weights[kind]
        offsets[kind] = -threshold(sums, inside[mine], keeping_out=keeping_out)
    return Scope(scope.weights, offsets)


def _of_kind(kinds: NDArray[np.int64], kind: int, inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which lines to judge this kind by: its own, or all where there are too few of them."""
    mine = kinds == kind
    few = min(np.sum(inside[mine]), np.sum(~inside[mine])) < LEAST_TRIALS
    return np.ones(len(kinds), bool) if few else mine


def _weigh(signals: Numbers, inside: NDArray[np.bool_]) -> tuple[NDArray[np.float64], float]:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - the bot learns nothing

    if inside.all() or not inside.any():
        return np.zeros(signals.shape[1]), 1.0
    middle, spread = signals.mean(axis=0), signals.std(axis=0) + 1e-6
    learner = LogisticRegression(C=1.0, class_weight="balanced", max_iter=500)
    learner.fit((signals - middle) / spread, inside)
    weights = learner.coef_[0] / spread
    return weights, float(learner.intercept_[0] - middle @ weights)


def threshold(
    sums: NDArray[np.float64], inside: NDArray[np.bool_], *, keeping_out: float | None = None
) -> float:
    """Where most are right: of `inside` those at or above it, of the rest those below. With
    `keeping_out`, the lowest at which this share of the rest is below."""
    order = np.argsort(sums)
    kept_out = np.concatenate([[0], np.cumsum(~inside[order])])
    let_in = np.sum(inside) - np.concatenate([[0], np.cumsum(inside[order])])
    best = int(np.argmax(kept_out + let_in))
    if keeping_out is not None:
        best = int(np.searchsorted(kept_out, keeping_out * np.sum(~inside)))
    at = np.concatenate([[sums[order[0]] - 1], sums[order], [sums[order[-1]] + 1]])
    return float((at[best] + at[best + 1]) / 2)
