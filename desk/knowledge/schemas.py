"""What owners of articles are shown."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

ARTICLE: dict[str, Any] = {
    "slug": "delivery-options",
    "language": "en",
    "title": "Delivery options and costs",
    "owner": "deliveries@example.com",
    "updated": "2026-11-18",
    "url": "/help/en/delivery-options",
    "shown": 48,
    "asked": 41,
    "solved": 22,
    "failed": 9,
    "left": 9,
    "open": 1,
    "person_after": 7,
    "failure_rate": 0.2903,
    "failure_rate_at_least": 0.1609,
}
GAP: dict[str, Any] = {
    "question": "do you ship on pallets",
    "language": "en",
    "count": 6,
    "last_asked_at": "2026-11-22T14:06:30Z",
    "nearest": "delivery-options",
}


def shown(example: dict[str, Any]) -> ConfigDict:
    """Read from values; `example` is what the documentation shows."""
    return ConfigDict(from_attributes=True, json_schema_extra={"examples": [example]})


class ArticleOut(BaseModel):
    """One article and what became of it. Where customers were `asked` whether it helped, they
    said `solved` or `failed`, `left` without a word, or may still answer (`open`).

    `failure_rate` is failed of solved and failed; `failure_rate_at_least` its lower bound at
    95 %, by which the list is sorted. An article that is gone has no title and no owner.
    """

    model_config = shown(ARTICLE)

    slug: str
    language: str
    title: str | None
    owner: str | None
    updated: date | None
    url: str | None
    shown: int
    asked: int
    solved: int
    failed: int
    left: int
    open: int
    person_after: int
    failure_rate: float | None
    failure_rate_at_least: float | None


class GapOut(BaseModel):
    """Questions that are alike and that no article answered. `question` is the newest of them,
    without personal data; `nearest` the article that came closest."""

    model_config = shown(GAP)

    question: str
    language: str
    count: int
    last_asked_at: datetime
    nearest: str | None


class ArticlesOut(BaseModel):
    """All articles, those that fail most first, and what is missing. `index` is null while no
    index can be read."""

    model_config = shown(
        {
            "since": "2026-10-25T15:04:05Z",
            "until": "2026-11-22T15:04:05Z",
            "index": "4e7a3690e9d4d5b4",
            "articles": [ARTICLE],
            "gaps": [GAP],
        }
    )

    since: datetime
    until: datetime
    index: str | None
    articles: list[ArticleOut]
    gaps: list[GapOut]
