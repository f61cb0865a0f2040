"""Searching the articles, and looking one up."""

import threading
from contextlib import suppress
from dataclasses import dataclass, replace

from desk.knowledge.queries.index import Collection, Hit, Index, IndexMissing
from desk.knowledge.queries.measuring import BOTH, WORDS_ONLY
from desk.knowledge.queries.shelf import Shelf, shelf
from desk.knowledge.rules.articles import Article, Passage
from desk.knowledge.rules.ranking import Scores, fused
from desk.knowledge.rules.words import LONGEST_QUESTION

NEVER = 1.0


@dataclass(frozen=True)
class Found:
    """What a question found, best first, one passage per article. `chance` is that the first
    is of the right article; below `threshold` it is no answer."""

    hits: tuple[Hit, ...]
    chance: float
    threshold: float
    language: str

    @property
    def answer(self) -> Hit | None:
        """The passage that may be said."""
        return self.hits[0] if self.hits and self.chance >= self.threshold else None


def search(question: str, language: str, count: int = 3) -> Found:
    """The passages that fit a customer's question, in their language; where none of those is
    an answer and another language has one, that language's. May be called from any thread.

    Raises:
        IndexMissing: there is no index; the message says how to make one.
    """
    known = shelf()
    index = known.index()
    told = question[:LONGEST_QUESTION].strip()
    first = _search(known, index, told, language, count)
    if first.answer is not None or not told:
        return first
    others = (_search(known, index, told, each, count) for each in _others(index, language))
    return next((found for found in others if found.answer is not None), first)


def passage_for(intent: str, question: str, language: str) -> Hit | None:
    """Of the article that answers `intent`, the passage that fits the question best; without a
    question its beginning. None if no article does. In the customer's language, or in another.

    Raises:
        IndexMissing: there is no index.
    """
    known = shelf()
    index = known.index()
    for each in (language, *_others(index, language)):
        collection = index.collections.get(each)
        found = collection.answering(intent) if collection else None
        if collection is not None and found is not None:
            return Hit(found, _passage(known, index, collection, found.slug, question), 0.0)
    return None


def intents_answered() -> frozenset[str]:
    """The intents that some article names; none while there is no index."""
    with suppress(IndexMissing):
        collections = shelf().index().collections.values()
        articles = (each for collection in collections for each in collection.articles.values())
        return frozenset(intent for each in articles for intent in each.answers)
    return frozenset()


def article_at(language: str, slug: str) -> Article | None:
    """One article, if it stands in the index.

    Raises:
        IndexMissing: there is no index.
    """
    collection = shelf().index().collections.get(language)
    return collection.articles.get(slug) if collection else None


def articles_in(language: str) -> list[Article]:
    """All articles of a language, by title.

    Raises:
        IndexMissing: there is no index.
    """
    collection = shelf().index().collections.get(language)
    found = collection.articles.values() if collection else ()
    return sorted(found, key=lambda each: each.title)


def languages() -> list[str]:
    """Those that there are articles in.

    Raises:
        IndexMissing: there is no index.
    """
    return list(shelf().index().collections)


def current_articles() -> tuple[str, list[Article]]:
    """The name of the index in force, and every article in it.

    Raises:
        IndexMissing: there is none.
    """
    index = shelf().index()
    found = [each for c in index.collections.values() for each in c.articles.values()]
    return index.digest, found


def load() -> None:
    """Begin to load index and encoder beside whatever this process does."""

    def both() -> None:
        with suppress(IndexMissing):
            shelf().wait_for_reader()

    threading.Thread(target=both, name="articles", daemon=True).start()


def _others(index: Index, language: str) -> list[str]:
    return [each for each in index.collections if each != language]


def _search(known: Shelf, index: Index, question: str, language: str, count: int) -> Found:
    collection = index.collections.get(language)
    if collection is None or not question:
        return Found((), 0.0, NEVER, language)
    by_words = collection.word_scores(question)
    by_meaning = _by_meaning(known, index, collection, question)
    scale = collection.scales.get(BOTH if by_meaning is not None else WORDS_ONLY)
    weight = scale.weight if scale else 0.0
    scores = fused(by_words, by_meaning, weight)
    hits = tuple(
        replace(
            hit,
            passage=collection.passage_of(hit.article.slug, question, by_meaning, weight),
        )
        for hit in collection.best(scores, count)
        if hit.score > 0
    )
    if scale is None or not hits:
        return Found(hits, 0.0, NEVER, language)
    chance = scale.chance(collection.evidence(by_words, by_meaning, weight))
    return Found(hits, chance, scale.threshold, language)


def _passage(
    known: Shelf, index: Index, collection: Collection, slug: str, question: str
) -> Passage:
    asked = question[:LONGEST_QUESTION].strip()
    by_meaning = _by_meaning(known, index, collection, asked) if asked else None
    scale = collection.scales.get(BOTH)
    return collection.passage_of(slug, asked, by_meaning, scale.weight if scale else 0.0)


def _by_meaning(known: Shelf, index: Index, collection: Collection, question: str) -> Scores | None:
    """None where meaning has no say in this language: then the encoder is not asked."""
    scale = collection.scales.get(BOTH)
    if scale is None or scale.weight == 0.0:
        return None
    vector = known.vector(index, question)
    return None if vector is None else collection.meaning_scores(vector)
