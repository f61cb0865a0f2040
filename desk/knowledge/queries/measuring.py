"""How well the search does on labelled questions: what makes the scale, and what reports it."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from desk.errors import Invalid
from desk.integrations.encoder import Sentences, Vectors
from desk.knowledge.queries.index import Collection, Index
from desk.knowledge.queries.sources import Sources
from desk.knowledge.rules.ranking import WEIGHTS, Scale, Scores, fused, scale_of, weight_of

CHOOSE, HELD = "choose", "held"  # for weight and threshold; never looked at while choosing
NOWHERE = "-"
BOTH, WORDS_ONLY = "both", "words"  # the two scales of a collection
COLUMNS = ("part", "article", "question")


class BrokenQuestions(Invalid):
    """A line of the labelled questions has another form."""


@dataclass(frozen=True)
class Question:
    """`article` is None for what no article answers."""

    article: str | None
    text: str


Questions = list[Question]


@dataclass(frozen=True)
class Report:
    """Of the questions that an article answers (`answerable`) and those that none does.
    `wrong` were answered with another article, `unfounded` answered although none does."""

    answerable: int
    unanswerable: int
    recall_at_1: float
    recall_at_3: float
    right: int
    wrong: int
    unfounded: int
    threshold: float

    @property
    def precision(self) -> float:
        """Of what was said, how much was right."""
        said = self.right + self.wrong + self.unfounded
        return self.right / said if said else 1.0


def questions_in(text: str, part: str) -> Questions:
    """The questions of one part of a file with the columns part, article and question.

    Raises:
        BrokenQuestions: a line that is none; the message names it.
    """
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        cells = line.split("\t")
        if number == 1 and tuple(cells) == COLUMNS:
            continue
        if len(cells) != 3 or cells[0] not in (CHOOSE, HELD) or not cells[2].strip():
            raise BrokenQuestions(
                f"Line {number} of the questions: expected {CHOOSE} or {HELD}, a tab, an article "
                f"or {NOWHERE}, a tab, the question."
            )
        if cells[0] == part:
            found.append(Question(None if cells[1] == NOWHERE else cells[1], cells[2]))
    return found


def scales(collection: Collection, asked: Questions, vectors: Vectors | None) -> dict[str, Scale]:
    """The scale for words and meaning together, with the weight that ranks best, and the one for
    words alone. Empty if the questions are too few. Questions about articles that are gone
    count for nothing."""
    kept = [
        row for row, q in enumerate(asked) if q.article is None or q.article in collection.articles
    ]
    by_words = [collection.word_scores(asked[row].text) for row in kept]
    by_meaning = [
        None if vectors is None else collection.meaning_scores(vectors[row]) for row in kept
    ]
    rows = [
        _Row(asked[row].article, words, meaning)
        for row, words, meaning in zip(kept, by_words, by_meaning, strict=True)
    ]
    made = {}
    weight = weight_of({each: _reciprocal_ranks(collection, rows, each) for each in WEIGHTS})
    for name, chosen in ((BOTH, weight), (WORDS_ONLY, 0.0)):
        scale = scale_of(
            chosen,
            [collection.evidence(row.by_words, row.by_meaning, chosen) for row in rows],
            [_is_right(collection, row, chosen) for row in rows],
        )
        if scale is not None:
            made[name] = scale
    return made


def report(
    collection: Collection, asked: Questions, vectors: Vectors | None, scale: Scale
) -> Report:
    """What these questions find, and what would be said to them."""
    rows = [
        _Row(
            q.article,
            collection.word_scores(q.text),
            None if vectors is None else collection.meaning_scores(vectors[number]),
        )
        for number, q in enumerate(asked)
    ]
    weight = scale.weight
    ranks = [_rank(collection, row, weight) for row in rows if row.article is not None]
    right = wrong = unfounded = 0
    for row in rows:
        chance = scale.chance(collection.evidence(row.by_words, row.by_meaning, weight))
        if chance < scale.threshold:
            continue
        right += _is_right(collection, row, weight)
        unfounded += row.article is None
        wrong += row.article is not None and not _is_right(collection, row, weight)
    return Report(
        answerable=len(ranks),
        unanswerable=len(rows) - len(ranks),
        recall_at_1=_share(ranks, 1),
        recall_at_3=_share(ranks, 3),
        right=right,
        wrong=wrong,
        unfounded=unfounded,
        threshold=scale.threshold,
    )


def held_out(index: Index, sources: Sources, encoder: Sentences) -> dict[str, dict[str, Any]]:
    """The reports on the questions held out, by language, as JSON; those that were used to choose
    weight and threshold have no part in it."""
    told = {}
    for language, collection in index.collections.items():
        asked = questions_in(sources.questions.get(language, ""), HELD)
        scale = collection.scales.get(BOTH)
        if asked and scale is not None:
            vectors = encoder.encode([q.text for q in asked])
            found = report(collection, asked, vectors, scale)
            told[language] = asdict(found) | {"precision": round(found.precision, 4)}
    return told


@dataclass(frozen=True)
class _Row:
    article: str | None
    by_words: Scores
    by_meaning: Scores | None


def _share(ranks: list[int], places: int) -> float:
    return round(sum(0 < rank <= places for rank in ranks) / len(ranks), 4) if ranks else 0.0


def _rank(collection: Collection, row: _Row, weight: float) -> int:
    """The place of the right article, from 1; 0 if it is not among the first ten."""
    scores = fused(row.by_words, row.by_meaning, weight)
    found = [hit.article.slug for hit in collection.best(scores, 10) if hit.score > 0]
    return found.index(row.article) + 1 if row.article in found else 0


def _is_right(collection: Collection, row: _Row, weight: float) -> bool:
    return row.article is not None and _rank(collection, row, weight) == 1


def _reciprocal_ranks(collection: Collection, rows: list[_Row], weight: float) -> Scores:
    ranks = [_rank(collection, row, weight) for row in rows if row.article is not None]
    return np.array([1 / rank if rank else 0.0 for rank in ranks])
