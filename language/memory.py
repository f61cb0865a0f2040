"""The training lines themselves: how near a new line comes to those of an intent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from language.ngrams import Numbers, Pieces, Places


@dataclass(frozen=True)
class Memory:
    """Lines sorted by intent, each of length 1 over both blocks of features."""

    starts: Places  # [intents + 1]; the lines of intent i are starts[i] .. starts[i + 1]
    vectors: Numbers  # [lines, dimensions]
    ends: Places  # [lines + 1]; of each line in the next two
    places: Places
    values: Numbers

    @classmethod
    def of(
        cls, labels: NDArray[np.int64], vectors: Numbers, pieces: list[Pieces], intents: int
    ) -> Memory:
        order = np.argsort(labels, kind="stable")
        lengths = np.array([_length(vectors[at], pieces[at].values) for at in order], np.float32)
        values = [pieces[at].values / length for at, length in zip(order, lengths, strict=True)]
        return cls(
            starts=np.searchsorted(labels[order], np.arange(intents + 1)),
            vectors=np.asarray(vectors[order] / lengths[:, None], np.float32),
            ends=np.cumsum([0, *map(len, values)]),
            places=np.concatenate([pieces[at].places for at in order]),
            values=np.concatenate(values).astype(np.float32),
        )

    def nearness(
        self, vector: Numbers, pieces: Pieces, features: int, intents: Iterable[int]
    ) -> list[Numbers]:
        """For each of these intents the cosines between the line and all of its lines, the
        nearest first. `features`: how many kinds of pieces there are."""
        length = _length(vector, pieces.values)
        spread = np.zeros(features, np.float32)
        spread[pieces.places] = pieces.values / length
        return [self._cosines(vector / length, spread, intent) for intent in intents]

    def _cosines(self, vector: Numbers, spread: Numbers, intent: int) -> Numbers:
        first, last = self.starts[intent], self.starts[intent + 1]
        if first == last:
            return np.zeros(1, np.float32)
        cosines = self.vectors[first:last] @ vector
        begin, end = self.ends[first], self.ends[last]
        products = spread[self.places[begin:end]] * self.values[begin:end]
        sums = np.concatenate([[0], np.cumsum(products, dtype=np.float64)])
        bounds = self.ends[first : last + 1] - begin
        cosines = cosines + (sums[bounds[1:]] - sums[bounds[:-1]])
        return np.asarray(-np.sort(-cosines), np.float32)


def _length(vector: Numbers, values: Numbers) -> float:
    return float(np.sqrt((vector**2).sum() + (values**2).sum())) or 1.0
