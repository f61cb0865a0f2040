"""What a head says of lines that were kept from it: by this, and nothing else, it is calibrated."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from language import scope
from language.heads import Head, Lines, Look
from language.ngrams import Numbers
from language.scope import KINDS, LEAST_TRIALS, Scope

Learn = Callable[[NDArray[np.int64]], Head]
OUTSIDE, KEPT_AWAY = -1, -2  # labels: lines of the intent for it; lines of an intent held out
KEPT_OUT = 0.9  # of what is beyond the bot, where lines that nobody learnt from tell
HEATS = np.geomspace(0.2, 5, 60)


class Trials(NamedTuple):
    """Lines that were held out. A label below 0: nothing that the head was trained for."""

    scores: list[Numbers]
    signals: Numbers
    kinds: NDArray[np.int64]
    labels: NDArray[np.int64]
    is_right: NDArray[np.bool_]
    is_caught: NDArray[np.bool_]  # taken to be out of scope by the head alone


def held_out(
    lines: Lines,
    labels: NDArray[np.int64],
    outside: int | None,
    *,
    folds: int,
    seed: int,
    learn: Learn,
) -> Trials:
    """Each fold keeps back a part of the lines, and a part of the intents altogether: the lines
    of those stand for what customers will say that nobody thought of."""
    random = np.random.default_rng(seed)
    part = _dealt(labels, folds, random)
    names = np.unique(labels)
    kept_away = dict(zip(names, random.permutation(len(names)) % folds, strict=True))
    if outside is not None:
        kept_away[outside] = -1
    away = np.array([kept_away[label] for label in labels])
    tried: list[tuple[Look, Numbers, int]] = []
    for fold in range(folds):
        head = learn(np.flatnonzero((part != fold) & (away != fold)))
        rows = np.flatnonzero(part == fold)
        truth = np.where(away[rows] == fold, KEPT_AWAY, labels[rows])
        tried += [_without_leaning(head, *each) for each in _tried(head, lines, rows, truth)]
    return _trials(tried, outside)


def of_others(head: Head, lines: Lines, labels: NDArray[np.int64]) -> Trials:
    """Of lines that belong to no training at all."""
    rows = np.arange(len(labels))
    return _trials(list(_tried(head, lines, rows, labels)), head.outside)


def heats(trials: Trials) -> NDArray[np.float64]:
    """For each kind of lines, by what to divide scores so that chances come true."""
    found = np.ones(KINDS)
    for kind in range(KINDS):
        mine = (trials.kinds == kind) & (trials.labels >= 0)
        if mine.sum() < LEAST_TRIALS:
            mine = trials.labels >= 0
        if mine.any():
            losses = [_surprise(trials, np.flatnonzero(mine), heat) for heat in HEATS]
            found[kind] = HEATS[int(np.argmin(losses))]
    return found


def scope_of(trials: Trials, others: Trials | None = None) -> Scope:
    """The score learnt from the trials. Its threshold is set by `others` where they are given,
    else by the trials without the intents that were held out, which are nearer to the bot's
    business than most of what it hears beside it. With a fine-tuned encoder, which has seen what
    was tried, `others` decide how everything is weighed."""
    leans = others is not None and others.signals[:, -1].any()
    made = scope.learn(*_for_scope(others if others and leans else trials, KEPT_AWAY))
    if others is not None:
        return _moved(made, others, keeping_out=KEPT_OUT)
    # Whatever the threshold, these are kept out: the rest is what it decides on.
    asked = ~trials.is_caught
    return _moved(made, _some(trials, asked), keeping_out=None)


def _moved(made: Scope, judges: Trials, *, keeping_out: float | None) -> Scope:
    for nearest in (OUTSIDE, KEPT_AWAY):
        if np.sum((judges.labels < 0) & (judges.labels >= nearest)) >= LEAST_TRIALS:
            return scope.moved(made, *_for_scope(judges, nearest), keeping_out=keeping_out)
    return made


def _some(trials: Trials, rows: NDArray[np.bool_]) -> Trials:
    scores = [each for each, wanted in zip(trials.scores, rows, strict=True) if wanted]
    kinds, labels = trials.kinds[rows], trials.labels[rows]
    signals, right, caught = (
        trials.signals[rows],
        trials.is_right[rows],
        trials.is_caught[rows],
    )
    return Trials(scores, signals, kinds, labels, right, caught)


def _for_scope(trials: Trials, least: int) -> tuple[Numbers, NDArray[np.int64], NDArray[np.bool_]]:
    """Lines in scope that were taken for another intent say nothing of either side."""
    counts = (trials.labels >= least) & ((trials.labels < 0) | trials.is_right)
    return trials.signals[counts], trials.kinds[counts], trials.labels[counts] >= 0


def _dealt(labels: NDArray[np.int64], folds: int, random: np.random.Generator) -> NDArray[np.int64]:
    """A part for each line, so that every part has its share of every intent."""
    part = np.zeros(len(labels), np.int64)
    for label in np.unique(labels):
        rows = random.permutation(np.flatnonzero(labels == label))
        part[rows] = (np.arange(len(rows)) + random.integers(folds)) % folds
    return part


def _tried(
    head: Head, lines: Lines, rows: NDArray[np.int64], truth: NDArray[np.int64]
) -> Iterator[tuple[Look, Numbers, int]]:
    for row, label in zip(rows, truth, strict=True):
        look = head.look(lines, int(row))
        yield look, head.signals(look), OUTSIDE if label == head.outside else int(label)


def _without_leaning(head: Head, look: Look, _: Numbers, label: int) -> tuple[Look, Numbers, int]:
    """A fine-tuned encoder has seen the lines that were kept from the head, so what it says of
    them proves nothing."""
    look = look._replace(scores=look.plain, leaning=(0.0, 0.0))
    return look, head.signals(look), label


def _trials(tried: Sequence[tuple[Look, Numbers, int]], outside: int | None) -> Trials:
    scores = [look.scores for look, _, _ in tried]
    labels = np.array([label for _, _, label in tried])
    inside = [s if outside is None else np.where(np.arange(len(s)) == outside, -np.inf, s)
              for s in scores]  # fmt: skip
    return Trials(
        scores,
        np.array([signals for _, signals, _ in tried]),
        np.array([look.kind for look, _, _ in tried]),
        labels,
        np.array([each.argmax() for each in inside]) == labels,
        np.array([each.argmax() == outside for each in scores]),
    )


def _surprise(trials: Trials, rows: NDArray[np.int64], heat: float) -> float:
    total = 0.0
    for row in rows:
        scores = trials.scores[row] / heat
        top = scores.max()
        total += top + np.log(np.exp(scores - top).sum()) - scores[trials.labels[row]]
    return float(total)
