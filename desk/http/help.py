"""The articles as pages that anybody may read, with a search."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from limits import RateLimitItemPerMinute
from markupsafe import Markup

from desk.conversations.rules import readable
from desk.errors import Invalid
from desk.http.pages import POLICY
from desk.knowledge.queries import IndexMissing, article_at, articles_in, languages, search
from desk.knowledge.rules.articles import Article
from desk.knowledge.rules.rendering import link_to, page_of
from desk.people.routes import limit
from desk.settings import settings

router = APIRouter(prefix="/help", include_in_schema=False)

FALLBACK = "en"
NAMES = {"en": "English", "zh": "中文"}
FOUND_AT_MOST = 10
BEGINNING = 180  # characters of a passage below its link
SEARCHES = RateLimitItemPerMinute(60)
BUILT_TAGS = re.compile(
    r"<link rel=\"(?:icon|stylesheet|modulepreload)\"[^>]*>|<script[^>]*></script>"
)
WORDS = {
    "en": {
        "help": "Help",
        "languages": "Languages",
        "skip": "Skip to the text",
        "search": "Search",
        "placeholder": "What is it about?",
        "updated": "Last changed:",
        "all": "All articles",
        "found": "Found",
        "nothing": "Nothing found",
        "nothing_long": "Try other words, or ask in the chat. Below are all articles.",
        "gone": "This article is not here any more",
        "gone_long": "It may have been renamed or removed. Look for it above, or choose another.",
        "away": "The articles can't be shown at the moment",
        "away_long": "Please try again in a few minutes, or ask in the chat.",
    },
    "zh": {
        "help": "帮助中心",
        "languages": "语言",
        "skip": "跳到正文",
        "search": "搜索",
        "placeholder": "想了解什么？",
        "updated": "更新于",
        "all": "全部文章",
        "found": "搜索结果",
        "nothing": "没有找到",
        "nothing_long": "换个说法试试，或者在聊天中提问。下面是全部文章。",
        "gone": "这篇文章已经不在了",
        "gone_long": "它可能改了名字或已被删除。可以在上面搜索，或从下面选择。",
        "away": "暂时无法显示文章",
        "away_long": "请过几分钟再试，或者在聊天中提问。",
    },
}


@dataclass(frozen=True)
class Line:
    """A link in a list, with the beginning of what stands there."""

    href: str
    title: str
    text: str = ""


@router.get("")
def get_help(accept_language: Annotated[str, Header()] = "") -> Response:
    """The list of articles, in the language that the browser likes best."""
    wished = re.findall(r"[a-z]{2,3}", accept_language.lower())
    return RedirectResponse(f"/help/{next((w for w in wished if w in NAMES), FALLBACK)}")


@router.get("/{language}")
def get_articles(
    language: str, request: Request, q: Annotated[str, Query(max_length=2_000)] = ""
) -> Response:
    """All articles of a language, or those that a question finds."""
    try:
        asked = readable(q) if q.strip() else ""
    except Invalid:
        asked = ""
    try:
        if language not in languages():
            return _gone(language)
        if not asked:
            return _list(language, _words(language)["all"], lines=_all(language))
        limit(SEARCHES, "help", request.client.host if request.client else "")
        found = search(asked, language, FOUND_AT_MOST)
    except IndexMissing:
        return _away(language)
    lines = [
        Line(
            _href(hit.article, hit.passage.anchor),
            _title(hit.article, hit.passage.heading),
            _beginning(hit.passage.text),
        )
        for hit in found.hits
    ]
    words = _words(language)
    if not lines:
        told = words["nothing_long"]
        return _list(language, words["nothing"], lines=_all(language), told=told, question=asked)
    return _list(language, words["found"], lines=lines, question=asked)


@router.get("/{language}/{slug}")
def get_article(language: str, slug: str) -> Response:
    """One article. One that is gone says so in the reader's language."""
    try:
        found = article_at(language, slug)
        if found is None:
            return _gone(language)
        others = {each: _other(each, slug) for each in languages()}
    except IndexMissing:
        return _away(language)
    return _page(
        language,
        200,
        title=found.title,
        article=found,
        body=Markup(page_of(found.body)),
        elsewhere=others,
    )


def _gone(language: str) -> Response:
    spoken = language if language in languages() else FALLBACK
    words = _words(spoken)
    lines = _all(spoken)
    return _list(spoken, words["gone"], lines=lines, told=words["gone_long"], status=404)


def _away(language: str) -> Response:
    words = _words(language)
    return _list(language, words["away"], lines=[], told=words["away_long"], status=503)


def _list(
    language: str,
    heading: str,
    *,
    lines: list[Line],
    told: str = "",
    question: str = "",
    status: int = 200,
) -> Response:
    return _page(
        language,
        status,
        title=f"{heading} · {_words(language)['help']}",
        heading=heading,
        hits=lines,
        told=told,
        question=question,
        hidden=bool(question) or status != 200,
    )


def _page(language: str, status: int, **told: Any) -> Response:
    spoken = language if language in NAMES else FALLBACK
    filled = {
        "language": spoken,
        "languages": [*NAMES],
        "names": NAMES,
        "words": _words(language),
        "elsewhere": dict.fromkeys(NAMES, ""),
        "article": None,
        "question": "",
        "hidden": False,
        "built_tags": Markup(_built_tags(settings().web_folder)),
    } | told
    page = HTMLResponse(_template().render(**filled), status)
    page.headers["Content-Security-Policy"] = POLICY.format(ancestors="'none'")
    page.headers["Cache-Control"] = "no-cache"
    return page


def _all(language: str) -> list[Line]:
    try:
        return [Line(_href(each, ""), each.title) for each in articles_in(language)]
    except IndexMissing:
        return []


def _other(language: str, slug: str) -> str:
    return link_to("", language, slug, "") if article_at(language, slug) else f"/help/{language}"


def _href(article: Article, anchor: str) -> str:
    return article.url or link_to("", article.language, article.slug, anchor)


def _title(article: Article, heading: str) -> str:
    return article.title if heading == article.title else f"{article.title}: {heading}"


def _beginning(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= BEGINNING else line[:BEGINNING].rstrip() + " …"


def _words(language: str) -> dict[str, str]:
    return WORDS.get(language, WORDS[FALLBACK])


@cache
def _template() -> Any:
    place = FileSystemLoader(Path(__file__).parent / "templates")
    made = Environment(loader=place, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return made.get_template("help.html")


def _built_tags(web_folder: Path) -> str:
    """What the build of the pages adds to a head; nothing before they are built, so that the
    articles can be read all the same, only plainly. The script sets light or dark, so that the
    page is not drawn before it."""
    page = web_folder / "help" / "index.html"
    if not page.is_file():
        return ""
    tags = "\n    ".join(BUILT_TAGS.findall(page.read_text("utf-8")))
    return tags.replace("<script ", '<script blocking="render" ')
