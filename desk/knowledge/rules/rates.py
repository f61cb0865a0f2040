"""What figures about articles mean: rates with their uncertainty, and questions that are alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt

from desk.knowledge.rules.words import words

Z = 1.959964  # 95 %, two-sided
ALIKE = 0.5  # of the words of two questions together


@dataclass(frozen=True)
class Asked:
    """A question that was not answered, and when."""

    question: str
    language: str
    at: datetime
    nearest: str | None


@dataclass(frozen=True)
class Gap:
    """Questions that are alike; `question` is the newest of them."""

    question: str
    language: str
    count: int
    last_asked_at: datetime
    nearest: str | None


def rate_at_least(hits: int, of: int) -> float | None:
    """The lowest rate that `hits` of `of` leave plausible; None of nothing.

    Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927) 209-212: the
    lower bound of the score interval at 95 %.
    """
    if of == 0:
        return None
    share = hits / of
    middle = share + Z * Z / (2 * of)
    spread = Z * sqrt(share * (1 - share) / of + Z * Z / (4 * of * of))
    return max(0.0, (middle - spread) / (1 + Z * Z / of))


def gaps(asked: Sequence[Asked]) -> list[Gap]:
    """The questions in groups of the same language that share at least half of their words, the
    most frequent first. Each joins the first group whose first question is like it."""
    groups: list[tuple[frozenset[str], list[Asked]]] = []
    for each in sorted(asked, key=lambda one: one.at, reverse=True):
        mine = frozenset(words(each.question)) or frozenset([each.question])
        for theirs, group in groups:
            if group[0].language == each.language and _alike(mine, theirs):
                group.append(each)
                break
        else:
            groups.append((mine, [each]))
    told = [
        Gap(group[0].question, group[0].language, len(group), group[0].at, group[0].nearest)
        for _, group in groups
    ]
    return sorted(told, key=lambda gap: (gap.count, gap.last_asked_at), reverse=True)


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= ALIKE * len(one | other)
