"""What a line means: a head with its calibration. `Intents.learn`, `.understood`, `.save`, `.load`.

What the head says is calibrated on lines that were held out, and so is the score that tells what
is out of scope. Understanding needs numpy only.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from language import trials
from language.encoder import Encoder
from language.heads import Head, Lines, Look, Settings, lines_of
from language.likeness import Likeness
from language.linear import Softmax
from language.memory import Memory
from language.ngrams import Ngrams
from language.scope import THRESHOLD, Scope

OUT_OF_SCOPE = "out_of_scope"  # the intent of training lines that are no business of the bot
WORDS, NUMBERS = "intents.json", "intents.npz"
# Head and encoder agree more often than two strangers would, so their sum is too sure. Measured on
# 1,500 lines split off the training part of BANKING77.
LEANING_HEAT = 1.9
RANKED = 3  # as many as anybody looks at; every one is kept in the tracker of each turn


class Understood(NamedTuple):
    """The likeliest intents, best first, and how surely the line is in scope (0 to 1)."""

    ranking: list[tuple[str, float]]
    scope: float

    @property
    def is_in_scope(self) -> bool:
        return self.scope >= THRESHOLD


class Intents:
    """What the bot goes by."""

    def __init__(
        self, names: list[str], head: Head, heats: NDArray[np.float64], scope: Scope
    ) -> None:
        self.names, self.head, self.heats, self.scope = names, head, heats, scope

    @classmethod
    def learn(
        cls,
        texts: Sequence[str],
        intents: Sequence[str],
        encoder: Encoder,
        settings: Settings | None = None,
        validation: Sequence[tuple[str, str | None]] = (),
    ) -> Intents:
        """Lines of the intent `out_of_scope` are shown as such. `validation` sets the threshold
        of the scope instead of held-out training lines; without an intent: out of scope."""
        settings = settings or Settings()
        names = sorted(set(intents))
        labels = np.array([names.index(intent) for intent in intents])
        outside = names.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in names else None
        lines = lines_of(texts, encoder)
        column = {name: at for at, name in enumerate(encoder.facts.leans)}
        leans = np.array([column.get(name, -1) for name in names])

        def learn(rows: NDArray[np.int64]) -> Head:
            short = replace(settings, iterations=settings.fold_iterations)
            return Head.learn(lines.some(rows), labels[rows], len(names), short, outside, leans)

        tried = trials.held_out(
            lines, labels, outside, folds=settings.folds, seed=settings.seed, learn=learn
        )
        head = Head.learn(lines, labels, len(names), settings, outside, leans)
        others = _others(head, names, validation, encoder)
        return cls(names, head, trials.heats(tried), trials.scope_of(tried, others))

    def knows(self, word: str) -> bool:
        """Whether a word, in small letters, stands in what was learnt from."""
        return "w" + word in self.head.ngrams

    def understood(self, lines: Lines, most: int = RANKED) -> list[Understood]:
        """What each line means."""
        looks = (self.head.look(lines, row) for row in range(len(lines.counts)))
        return [self._understood(look, most) for look in looks]

    def _understood(self, look: Look, most: int) -> Understood:
        heat = self.heats[look.kind] * (LEANING_HEAT if any(look.leaning) else 1.0)
        odds = np.exp((look.scores - look.scores.max()) / heat)
        odds /= odds.sum()
        best = np.argsort(-odds)[:most]
        ranking = [(self.names[at], float(odds[at])) for at in best]
        return Understood(ranking, self.scope.score(self.head.signals(look), look.kind))

    def save(self, folder: Path) -> None:
        """Write two files."""
        head = self.head
        words = {
            "intents": self.names,
            "outside": head.outside,
            "settings": asdict(head.settings),
            "pieces": head.ngrams.words,
        }
        (folder / WORDS).write_text(json.dumps(words, ensure_ascii=False), "utf-8")
        np.savez(
            folder / NUMBERS,
            rarity=head.ngrams.rarity,
            centre=head.centre,
            bias=head.softmax.bias,
            dense=head.softmax.dense,
            leans=head.leans,
            sparse=head.softmax.sparse.astype(np.float16),
            pull=head.compared.pull,
            pull_of_pieces=head.compared.sparse.astype(np.float16),
            heats=self.heats,
            scope_weights=self.scope.weights,
            scope_offsets=self.scope.offsets,
            **{f"memory_{name}": value for name, value in vars(head.memory).items()},
        )

    @classmethod
    def load(cls, folder: Path) -> Intents:
        """Read what `save` wrote."""
        words = json.loads((folder / WORDS).read_text("utf-8"))
        with np.load(folder / NUMBERS, allow_pickle=False) as file:
            told = dict(file)
        settings = Settings(**words["settings"])
        memory = {k.removeprefix("memory_"): v for k, v in told.items() if k.startswith("memory_")}
        head = Head(
            settings,
            Ngrams(words["pieces"], told["rarity"], settings.doubt),
            told["centre"],
            Softmax(told["bias"], told["dense"], told["sparse"]),
            Likeness(told["pull"], told["pull_of_pieces"]),
            Memory(**memory),
            words["outside"],
            told["leans"],
        )
        scope = Scope(told["scope_weights"], told["scope_offsets"])
        return cls(words["intents"], head, told["heats"], scope)


def _others(
    head: Head,
    names: list[str],
    validation: Sequence[tuple[str, str | None]],
    encoder: Encoder,
) -> trials.Trials | None:
    if not validation:
        return None
    lines = lines_of([text for text, _ in validation], encoder)
    labels = [names.index(intent) if intent in names else -1 for _, intent in validation]
    return trials.of_others(head, lines, np.array(labels))
