"""From what was understood to figures: shares between 0 and 1."""

from __future__ import annotations

import statistics
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Any

from bench.sets import OUT_OF_SCOPE, Line

# Names that stand for "not understood"; none of them can be right for a message in scope.
NO_INTENT = frozenset({"nlu_fallback", "foreign_language", OUT_OF_SCOPE})

Answer = dict[str, Any]  # as bench.inside_rasa gives it


def accuracy(lines: Sequence[Line], answers: Sequence[Answer]) -> float:
    """Nothing rejected: how often the likeliest intent is the right one, of messages in scope."""
    inside = [pair for pair in zip(lines, answers, strict=True) if pair[0].intent]
    return _share(likeliest(answer) == line.intent for line, answer in inside)


def acted_upon(lines: Sequence[Line], answers: Sequence[Answer]) -> float:
    """How often the bot itself goes by the right intent; a fallback counts as a mistake."""
    inside = [pair for pair in zip(lines, answers, strict=True) if pair[0].intent]
    return _share(answer["intent"] == line.intent for line, answer in inside)


def at_threshold(lines: Sequence[Line], answers: Sequence[Answer]) -> dict[str, float]:
    """With the pipeline's own threshold on its own score: the share of messages in scope that
    are let in and right, and of those out of scope that are kept out."""
    pairs = list(zip(lines, answers, strict=True))
    return {
        "in_scope": _share(
            is_let_in(answer) and likeliest(answer) == line.intent
            for line, answer in pairs
            if line.intent
        ),
        "oos_recall": _share(not is_let_in(answer) for line, answer in pairs if not line.intent),
    }


def auroc(lines: Sequence[Line], answers: Sequence[Answer]) -> float:
    """How likely a message in scope has a higher score than one out of scope; ties count half."""
    inside, outside = (
        [score(a) for line, a in zip(lines, answers, strict=True) if bool(line.intent) is wanted]
        for wanted in (True, False)
    )
    outside.sort()
    beaten = sum(bisect_left(outside, each) + bisect_right(outside, each) for each in inside)
    return beaten / 2 / (len(inside) * len(outside))


def likeliest(answer: Answer) -> str | None:
    """The best intent that was trained, whatever the pipeline did with it afterwards."""
    return next((name for name, _ in answer["ranking"] if name not in NO_INTENT), None)


def score(answer: Answer) -> float:
    """Higher: more in scope. A pipeline without such a score has its confidence."""
    if answer["scope"]:
        return float(answer["scope"]["score"])
    best = (confidence for name, confidence in answer["ranking"] if name not in NO_INTENT)
    return float(next(best, 0.0))


def is_let_in(answer: Answer) -> bool:
    """By the threshold on the score alone; a pipeline without one has its fallback."""
    if answer["scope"]:
        return float(answer["scope"]["score"]) >= float(answer["scope"]["threshold"])
    return not not_taken(answer)


def not_taken(answer: Answer) -> bool:
    """Whether the bot goes by no trained intent."""
    return answer["intent"] in NO_INTENT


def threshold(answers: Sequence[Answer]) -> float | None:
    """The one threshold that all answers were given under."""
    found = {answer["scope"]["threshold"] for answer in answers if answer["scope"]}
    assert len(found) <= 1, f"one threshold for all messages, not {sorted(found)}"
    return found.pop() if found else None


def all_of(lines: Sequence[Line], answers: Sequence[Answer]) -> dict[str, float]:
    """Every figure that these lines allow."""
    found = {"accuracy": accuracy(lines, answers), "acted_upon": acted_upon(lines, answers)}
    if any(line.intent is None for line in lines):
        let_in = at_threshold(lines, answers)
        found |= {"at_threshold": let_in["in_scope"], "oos_recall": let_in["oos_recall"]}
        found["oos_auroc"] = auroc(lines, answers)
    limit = threshold(answers)
    if limit is not None:
        found["threshold"] = limit
    return {name: round(value, 5) for name, value in found.items()}


def medians(seeds: Sequence[dict[str, float]]) -> dict[str, float]:
    """Of each figure on its own, over all seeds."""
    return {name: round(statistics.median(s[name] for s in seeds), 5) for name in seeds[0]}


def _share(right: Any) -> float:
    counted = list(right)
    return sum(counted) / len(counted)
