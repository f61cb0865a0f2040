"""A softmax over two blocks of features, one dense and one sparse, learnt together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from language.descent import lowest

Numbers = NDArray[np.float32]
STARTS = (0.0, 2.0, 4.0, 8.0, 16.0)  # how far towards the mean of its lines each class begins


@dataclass
class Softmax:
    """Weights of `scores = bias + dense @ dense_weights + sparse @ sparse_weights`."""

    bias: Numbers  # [classes]
    dense: Numbers  # [dimensions, classes]
    sparse: Numbers  # [features, classes]

    def scores(self, dense: Numbers, places: NDArray[np.int64], values: Numbers) -> Numbers:
        """Of one line: its vector, and the places and values of its sparse features."""
        known = values @ self.sparse[places].astype(np.float32)
        return np.asarray(self.bias + dense @ self.dense + known, np.float32)


def learn(
    dense: Numbers,
    sparse: Any,
    labels: NDArray[np.int64],
    *,
    classes: int,
    inverse_regularisation: float,
    iterations: int,
    weights: Numbers | None = None,
) -> Softmax:
    """The most likely weights; those of features are drawn to zero, biases are free.

    `sparse` is a scipy matrix in rows. Each class counts alike, however many lines it has.
    """
    lines = len(labels)
    width, features = dense.shape[1], sparse.shape[1]
    share = _balanced(labels, classes) if weights is None else weights
    columns = sparse.T.tocsr()
    pull = 1 / (inverse_regularisation * lines)
    row = np.arange(lines)

    def cost(flat: Numbers) -> tuple[float, Numbers]:
        w = flat.reshape(1 + width + features, classes)
        scores = w[0] + dense @ w[1 : 1 + width] + sparse @ w[1 + width :]
        scores -= scores.max(axis=1, keepdims=True)
        odds = np.exp(scores)
        total = odds.sum(axis=1, keepdims=True)
        loss = float((share * (np.log(total[:, 0]) - scores[row, labels])).sum())
        odds /= total
        odds[row, labels] -= 1
        odds *= share[:, None]
        slope = np.empty_like(w)
        slope[0] = odds.sum(axis=0)
        slope[1 : 1 + width] = dense.T @ odds
        slope[1 + width :] = columns @ odds
        slope[1:] += pull * w[1:]
        loss += 0.5 * pull * float((w[1:] ** 2).sum())
        return loss, slope.ravel()

    wanted = np.zeros((lines, classes), np.float32)
    wanted[row, labels] = share * classes
    wanted -= share[:, None]  # the mean of each class, as seen from the mean of all
    means = np.concatenate([np.zeros((1, classes)), dense.T @ wanted, columns @ wanted])
    start = min(
        (size * means.astype(np.float32).ravel() for size in STARTS), key=lambda w: cost(w)[0]
    )
    w = lowest(cost, start, iterations).reshape(1 + width + features, classes)
    return Softmax(w[0], w[1 : 1 + width], w[1 + width :])


def _balanced(labels: NDArray[np.int64], classes: int) -> Numbers:
    """What each line counts; together 1."""
    counts = np.bincount(labels, minlength=classes)
    return np.asarray(1 / (counts[labels] * np.count_nonzero(counts)), np.float32)
