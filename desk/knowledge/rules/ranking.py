"""When a passage is an answer: how sure the search is, and from where on it may speak."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]

WEIGHTS = (0.0, 0.2, 0.35, 0.5, 0.65, 0.8)  # of meaning beside words
EVEN = 0.5  # below it an answer is more likely wrong than right, whatever was measured
WRONG_AT_MOST = 0.1  # of what is said, on questions that the scale was not made from
FOLDS = 10
RIDGE = 0.1  # keeps the scale from being surer than so few questions allow
STEPS = 30
FEWEST_QUESTIONS = 20  # fewer measure nothing


@dataclass(frozen=True)
class Evidence:
    """What the search found for a question: the best score of any passage by words (the share
    of the question's weight that a passage has) and by meaning (cosine), and how far the best
    article is ahead of the second."""

    by_words: float
    by_meaning: float
    ahead: float


@dataclass(frozen=True)
class Scale:
    """How evidence becomes a chance of being right, as measured on labelled questions. `weight`
    is meaning's part in the order of passages; 0 asks no encoder."""

    weight: float
    factors: tuple[float, float, float, float]  # of the evidence in its order, and the constant
    threshold: float

    def chance(self, found: Evidence) -> float:
        """That the best passage is of the right article."""
        row = np.array([found.by_words, found.by_meaning, found.ahead, 1.0])
        return float(_logistic(row[None, :] @ np.array(self.factors))[0])


def fused(by_words: Scores, by_meaning: Scores | None, weight: float) -> Scores:
    """One score per passage."""
    if by_meaning is None or weight == 0.0:
        return by_words
    return weight * by_meaning + (1 - weight) * by_words


def weight_of(ranks: dict[float, Scores]) -> float:
    """The weight that ranks best, or none at all where words alone are no worse than chance
    explains (one standard error of the difference): an encoder that reads little of a language,
    as the English one of Chinese, must not come in by luck. `ranks` holds 1/rank of the right
    article per question."""
    best = max(ranks, key=lambda weight: (float(ranks[weight].sum()), -weight))
    ahead = ranks[best] - ranks[0.0]
    if len(ahead) < 2 or ahead.mean() <= ahead.std(ddof=1) / np.sqrt(len(ahead)):
        return 0.0
    return best


def scale_of(weight: float, found: list[Evidence], right: list[bool]) -> Scale | None:
    """The scale that these questions measure; None if they are too few, or all alike.

    The threshold is the lowest at which, on questions left out of the making of the scale, at
    most a tenth of what would be said is wrong.
    """
    rows = np.array([[f.by_words, f.by_meaning, f.ahead, 1.0] for f in found]).reshape(-1, 4)
    truth = np.array(right, dtype=float)
    if len(right) < FEWEST_QUESTIONS or len(set(right)) < 2:
        return None
    left_out = np.zeros(len(truth))
    for fold in range(FOLDS):
        test = np.arange(len(truth)) % FOLDS == fold
        left_out[test] = _logistic(rows[test] @ _fitted(rows[~test], truth[~test]))
    one, two, three, constant = (round(float(f), 6) for f in _fitted(rows, truth))
    return Scale(weight, (one, two, three, constant), threshold_of(left_out, truth))


def threshold_of(chances: Scores, right: Scores) -> float:
    """The lowest chance, not below even, from which on at most a tenth of what is said is wrong;
    1.0 if none."""
    order = np.argsort(-chances)
    wrong = np.cumsum(1 - right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(wrong <= WRONG_AT_MOST)
    if not len(good):
        return 1.0
    last = int(good[-1])
    after = chances[order[last + 1]] if last + 1 < len(order) else 0.0
    return max(EVEN, round(float((chances[order[last]] + after) / 2), 4))


def _fitted(rows: Scores, truth: Scores) -> Scores:
    """Logistic regression with a small ridge, by Newton's steps; the constant is not held back."""
    held = np.diag([RIDGE, RIDGE, RIDGE, 1e-6])
    factors = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        chance = _logistic(rows @ factors)
        slope = rows.T @ (chance - truth) + held @ factors
        bend = (rows * (chance * (1 - chance))[:, None]).T @ rows + held
        step = np.linalg.solve(bend, slope)
        factors -= step
        if float(np.abs(step).max()) < 1e-9:
            break
    return factors


def _logistic(values: Scores) -> Scores:
    told: Scores = 1 / (1 + np.exp(-np.clip(values, -30, 30)))
    return told
