"""What a line means by how like it is to each line that was learnt: ridge regression over a kernel.

Two lines are alike as far as their sentence vectors point the same way, which falls off quickly,
and as far as they share pieces. Learning needs scipy; looking at a line needs numpy only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from language.ngrams import Numbers, Places

MOST_LINES = 16_000  # what is compared grows with the square of these: 1 GB
AT_ONCE = 1_000  # lines whose pieces are compared at a time


@dataclass(frozen=True)
class Shape:
    """`sharpness`: how quickly likeness falls off with the angle. `of_pieces`: what shared pieces
    count beside it. `looseness`: how far learnt lines may be missed. Chosen on lines split off
    the training part of BANKING77 (ten and 110 lines an intent)."""

    sharpness: float = 2.0
    of_pieces: float = 0.6
    looseness: float = 0.05


SHAPE = Shape()


@dataclass(frozen=True)
class Likeness:
    """`pull` [lines, classes]: how much each learnt line speaks for each class; `sparse`
    [features, classes]: the same, summed up for pieces."""

    pull: Numbers
    sparse: Numbers

    def scores(self, cosines: Numbers, share: float, places: Places, values: Numbers) -> Numbers:
        """Of one line: about 1 for what it means, 0 for the others; 0 for all where the encoder
        can read none of it. `cosines`: with each learnt line."""
        if not share:
            return np.zeros(self.pull.shape[1], np.float32)
        known = values @ self.sparse[places].astype(np.float32)
        return np.asarray(np.float32(share) * (alike(cosines, SHAPE) @ self.pull + known))


def alike(cosines: Numbers, shape: Shape = SHAPE) -> Numbers:
    """By vectors: 1 for the same direction."""
    return np.asarray(np.exp(np.float32(shape.sharpness) * (cosines - np.float32(1))), np.float32)


def kernel(vectors: Numbers, shares: Numbers, sparse: Any, shape: Shape = SHAPE) -> Numbers:
    """How alike all these lines are, each to each. `vectors` are of length 1; `shares` is how
    much of each line the encoder can read."""
    made = alike(vectors @ vectors.T, shape)
    turned = sparse.T.tocsc()
    for at in range(0, len(vectors), AT_ONCE):
        rows = slice(at, at + AT_ONCE)
        made[rows] += np.float32(shape.of_pieces) * (sparse[rows] @ turned).toarray()
    made *= shares[:, None]
    made *= shares
    return np.asarray(made, np.float32)


def learn(
    between: Numbers,
    shares: Numbers,
    sparse: Any,
    labels: NDArray[np.int64],
    *,
    classes: int,
    shape: Shape = SHAPE,
) -> Likeness:
    """What comes nearest to a 1 for the class of each line and a 0 for the others. `between` is
    the `kernel` of these lines; it is written over."""
    from scipy.linalg import cho_factor, cho_solve  # noqa: PLC0415 - the bot learns nothing

    wanted = np.zeros((len(labels), classes), np.float32)
    wanted[np.arange(len(labels)), labels] = 1
    taught = np.flatnonzero(np.bincount(labels, minlength=classes))
    wanted[:, taught] -= np.float32(1 / len(taught))
    between[np.diag_indices_from(between)] += np.float32(shape.looseness)
    solved = cho_solve(cho_factor(between, lower=True, overwrite_a=True), wanted)
    pull = np.asarray(solved * shares[:, None], np.float32)
    return Likeness(pull, np.asarray(shape.of_pieces * (sparse.T @ pull), np.float32))


def chosen(labels: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """The lines to compare, where there are more than can be: of each class as many as fit."""
    if len(labels) <= MOST_LINES:
        return np.arange(len(labels))
    random = np.random.default_rng(seed)
    turn = np.zeros(len(labels))
    for label in np.unique(labels):
        rows = random.permutation(np.flatnonzero(labels == label))
        turn[rows] = np.arange(len(rows))
    return np.sort(np.argsort(turn, kind="stable")[:MOST_LINES])
