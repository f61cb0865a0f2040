"""How well names, addresses and products are found: precision, recall and F1 of whole spans."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from language.entities.examples import LABELS, Annotated
from language.entities.spans import Entity


@dataclass
class Score:
    """Counts of spans; a span counts only where both ends and its label are right."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)


def measured(
    messages: Iterable[Annotated], find: Callable[[str], Iterable[Entity]]
) -> dict[str, Score]:
    """The score of each label over all messages."""
    scores = {label: Score() for label in LABELS}
    for message in messages:
        wanted = set(message.spans)
        found = {(e.start, e.end, e.kind) for e in find(message.text) if e.kind in LABELS}
        for label in LABELS:
            mine, theirs = ({s for s in spans if s[2] == label} for spans in (found, wanted))
            scores[label].right += len(mine & theirs)
            scores[label].wrong += len(mine - theirs)
            scores[label].missed += len(theirs - mine)
    return scores
