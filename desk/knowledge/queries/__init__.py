"""Asking the articles."""

from desk.knowledge.queries.index import Hit, Index, IndexMissing
from desk.knowledge.queries.searching import (
    Found,
    article_at,
    articles_in,
    current_articles,
    intents_answered,
    languages,
    load,
    passage_for,
    search,
)

__all__ = [
    "Found",
    "Hit",
    "Index",
    "IndexMissing",
    "article_at",
    "articles_in",
    "current_articles",
    "intents_answered",
    "languages",
    "load",
    "passage_for",
    "search",
]
