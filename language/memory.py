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
    readable: Places  # of the lines: those with a vector
    vectors: Numbers  # [readable, dimensions], of length 1
    shares: Numbers  # [readable]; how much of a line the vector stands for
    weights: Numbers  # [readable]; its length beside the pieces
    ends: Places  # [lines + 1]; of each line in the next two
    places: Places
    values: Numbers

    @classmethod
    def of(
        cls,
        labels: NDArray[np.int64],
        vectors: Numbers,
        shares: Numbers,
        pieces: list[Pieces],
        intents: int,
    ) -> Memory:
        """Of lines in the order of their labels; each vector is as long as its line's share."""
        lengths = np.array(
            [_length(share, line.values) for share, line in zip(shares, pieces, strict=True)],
            np.float32,
        )
        values = [line.values / length for line, length in zip(pieces, lengths, strict=True)]
        readable = np.flatnonzero((shares > 0) & vectors.any(axis=1))
        known = shares[readable].astype(np.float32)
        return cls(
            starts=np.searchsorted(labels, np.arange(intents + 1)),
            readable=readable,
            vectors=np.asarray(vectors[readable] / known[:, None], np.float32),
            shares=known,
            weights=np.asarray(known / lengths[readable], np.float32),
            ends=np.cumsum([0, *map(len, values)]),
            places=np.concatenate([line.places for line in pieces]),
            values=np.concatenate(values).astype(np.float32),
        )

    def cosines(self, vector: Numbers, share: float) -> Numbers:
        """Between a vector, as long as its line's share, and that of every readable line."""
        if not share:
            return np.zeros(len(self.vectors), np.float32)
        return np.asarray(self.vectors @ (vector / np.float32(share)), np.float32)

    def nearness(
        self, share: float, pieces: Pieces, features: int, intents: Iterable[int], cosines: Numbers
    ) -> list[Numbers]:
        """For each of these intents the cosines, over both blocks, between the line and all of
        its lines, the nearest first. `features`: how many kinds of pieces there are; `cosines`:
        of the line's vector, as above."""
        length = _length(share, pieces.values)
        spread = np.zeros(features, np.float32)
        spread[pieces.places] = pieces.values / length
        return [self._near(cosines, share / length, spread, intent) for intent in intents]

    def _near(self, cosines: Numbers, weight: float, spread: Numbers, intent: int) -> Numbers:
        first, last = self.starts[intent], self.starts[intent + 1]
        if first == last:
            return np.zeros(1, np.float32)
        begin, end = self.ends[first], self.ends[last]
        products = spread[self.places[begin:end]] * self.values[begin:end]
        sums = np.concatenate([[0], np.cumsum(products, dtype=np.float64)])
        bounds = self.ends[first : last + 1] - begin
        near = sums[bounds[1:]] - sums[bounds[:-1]]
        one, other = np.searchsorted(self.readable, (first, last))
        mine = cosines[one:other] * self.weights[one:other] * weight
        near[self.readable[one:other] - first] += mine
        return np.asarray(-np.sort(-near), np.float32)


def _length(share: float, values: Numbers) -> float:
    return float(np.sqrt(share**2 + (values**2).sum())) or 1.0
