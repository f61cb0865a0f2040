"""What owners of articles ask: which of them fail, and what is missing."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session

from desk import clock
from desk.durable import reading
from desk.knowledge.queries import IndexMissing, current_articles
from desk.knowledge.queries.figures import Tally, tallies, unanswered
from desk.knowledge.rules.articles import Article
from desk.knowledge.rules.rates import Asked, gaps, rate_at_least
from desk.knowledge.rules.rendering import link_to
from desk.knowledge.schemas import ArticleOut, ArticlesOut, GapOut
from desk.people.routes import Staff

router = APIRouter(prefix="/knowledge", tags=["articles"])

Days = Annotated[
    int, Query(ge=1, le=366, description="How many days back, to this moment.", examples=[28])
]
Owner = Annotated[
    str | None,
    Query(
        max_length=200,
        description="Only the articles of this owner, as named in their heads.",
        examples=["deliveries@example.com"],
    ),
]
MOST_GAPS = 100


@router.get("/articles")
def get_articles(asker: Staff, days: Days = 28, owner: Owner = None) -> ArticlesOut:
    """Every article with its figures, those that fail most first, and what customers asked
    that no article answers. For everybody on the staff."""
    until = clock.now()
    since = until - timedelta(days=days)
    try:
        index, known = current_articles()
    except IndexMissing:
        index, known = None, []
    counted, missing = reading(_read, since, until)
    lines = _lines(known, counted)
    if owner is not None:
        lines = [line for line in lines if line.owner == owner]
    return ArticlesOut(
        since=since,
        until=until,
        index=index,
        articles=lines,
        gaps=[GapOut.model_validate(gap) for gap in gaps(missing)[:MOST_GAPS]],
    )


def _read(session: Session, since: datetime, until: datetime) -> tuple[list[Tally], list[Asked]]:
    asked = [
        Asked(each.question, each.language, each.created_at, each.nearest)
        for each in unanswered(session, since, until)
    ]
    return tallies(session, since, until), asked


def _lines(known: list[Article], counted: list[Tally]) -> list[ArticleOut]:
    """Articles that were never shown stand below, those that are gone with what they left."""
    tally_of = {(tally.language, tally.slug): tally for tally in counted}
    articles = {(each.language, each.slug): each for each in known}
    lines = [
        _line(language, slug, articles.get((language, slug)), tally_of.get((language, slug)))
        for language, slug in {**articles, **tally_of}
    ]
    return sorted(
        lines,
        key=lambda each: (
            -(each.failure_rate_at_least or 0.0),
            -each.failed,
            -each.shown,
            each.slug,
            each.language,
        ),
    )


def _line(language: str, slug: str, known: Article | None, tally: Tally | None) -> ArticleOut:
    counted = tally or Tally(slug, language, 0, 0, 0, 0, 0, 0, 0)
    said = counted.solved + counted.failed
    lowest = rate_at_least(counted.failed, said)
    return ArticleOut(
        **vars(counted),
        title=known.title if known else None,
        owner=known.owner if known else None,
        updated=known.updated if known else None,
        url=(known.url or link_to("", language, slug, "")) if known else None,
        failure_rate=round(counted.failed / said, 4) if said else None,
        failure_rate_at_least=None if lowest is None else round(lowest, 4),
    )
