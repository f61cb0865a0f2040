"""What is found in a line, and where: also where folding has changed its length."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class Entity:
    """A stretch of a line that means something: `line[start:end]`, and its value in one spelling.

    `is_named` says that the words around it leave no doubt; such a one beats whatever it touches.
    """

    kind: str
    start: int
    end: int
    value: str
    is_named: bool = False
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def length(self) -> int:
        return self.end - self.start


@dataclass(frozen=True)
class Folded:
    """A line in one spelling (NFKC), and where each of its characters stood before."""

    text: str
    places: Sequence[int]  # one more than characters: the last is the line's length

    def cut(self, longest: int) -> Folded:
        """The beginning of it: one sign may fold into eighteen."""
        return Folded(self.text[:longest], self.places[: longest + 1])

    def as_written(self, entity: Entity) -> Entity:
        """The same entity, with its positions in the line as it was written."""
        start, last = self.places[entity.start], self.places[entity.end - 1]
        end = next((p for p in self.places[entity.end :] if p > last), self.places[-1])
        return replace(entity, start=start, end=end)


def folded(line: str) -> Folded:
    """The line in NFKC. A letter and the marks on it are folded together, as NFKC wants it."""
    if line.isascii() or unicodedata.is_normalized("NFKC", line):
        return Folded(line, range(len(line) + 1))
    pieces: list[str] = []
    places: list[int] = []
    start = 0
    while start < len(line):
        end = start + 1
        while end < len(line) and unicodedata.combining(line[end]):
            end += 1
        piece = unicodedata.normalize("NFKC", line[start:end])
        pieces.append(piece)
        places += [start] * len(piece)
        start = end
    return Folded("".join(pieces), [*places, len(line)])


def without_overlaps(found: Iterable[Entity]) -> list[Entity]:
    """Of those that overlap only one stays: what is named as such, then the longest, then what
    came first. In the order of the line."""
    ranked = sorted(found, key=lambda each: (not each.is_named, -each.length))
    kept: list[Entity] = []
    taken = bytearray(max((each.end for each in ranked), default=0))
    for each in ranked:
        if not any(taken[each.start : each.end]):
            taken[each.start : each.end] = b"\1" * each.length
            kept.append(each)
    return sorted(kept, key=lambda each: each.start)
