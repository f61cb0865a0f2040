"""What an article is: Markdown with a head that names title, intents and owner, cut into
passages that can be an answer."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

from desk.errors import Invalid
from desk.knowledge.rules.rendering import Section, sections

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_PASSAGE = 900  # characters: what a customer reads in a chat bubble without scrolling
LONGEST_FILE = 200_000  # characters
KEYS = {"title", "answers", "keywords", "owner", "updated", "url"}


class BrokenArticle(Invalid):
    """An article that cannot be read; the message names file and line."""

    def __init__(self, file: str, line: int, why: str) -> None:
        super().__init__(f"{file}, line {line}: {why}")
        self.file, self.line, self.why = file, line, why


@dataclass(frozen=True)
class Passage:
    """A section of an article, or a part of a long one, as plain text. `anchor` leads to it on
    the article's page."""

    slug: str
    heading: str
    anchor: str
    text: str


@dataclass(frozen=True)
class Article:
    """`url` is where it stands instead of on the desk's own page, if it does."""

    slug: str
    language: str
    title: str
    owner: str
    updated: date
    answers: tuple[str, ...]
    keywords: tuple[str, ...]
    url: str | None
    body: str
    passages: tuple[Passage, ...] = field(repr=False)


def article(file: str, slug: str, language: str, text: str) -> Article:
    """Read one article; `file` is what complaints call it.

    Raises:
        BrokenArticle: the name, the head or the text will not do.
    """
    if not SLUG.fullmatch(slug):
        raise BrokenArticle(file, 1, "a file name consists of a-z, 0-9 and single hyphens")
    if len(text) > LONGEST_FILE:
        raise BrokenArticle(file, 1, f"longer than {LONGEST_FILE:,} characters; part it")
    head, body, first_line = _parted(file, text)
    known = _Head(file, head)
    title = known.text("title")
    passages = tuple(_passages(slug, title, body))
    if not passages:
        raise BrokenArticle(file, first_line, "there is no text below the head")
    return Article(
        slug=slug,
        language=language,
        title=title,
        owner=known.text("owner"),
        updated=known.day("updated"),
        answers=known.texts("answers"),
        keywords=known.texts("keywords"),
        url=known.address("url"),
        body=body,
        passages=passages,
    )


def need_one_answer_each(articles: list[Article], file_of: dict[str, str]) -> None:
    """See that no intent is answered by two articles of one language.

    Raises:
        BrokenArticle: one is; it names the later of the two.
    """
    first: dict[str, str] = {}
    for each in articles:
        for intent in each.answers:
            if intent in first:
                told = f"{first[intent]} answers {intent} already"
                raise BrokenArticle(file_of[each.slug], 1, told)
            first[intent] = each.slug


class _Head:
    """The lines between the two `---`."""

    def __init__(self, file: str, lines: list[str]) -> None:
        self._file, self._lines = file, lines
        try:
            known = yaml.safe_load("\n".join(lines))
        except yaml.YAMLError as broken:
            mark = getattr(broken, "problem_mark", None)
            line = mark.line + 2 if mark else 1
            why = getattr(broken, "problem", None) or "not readable as YAML"
            raise BrokenArticle(file, line, f"the head is no YAML: {why}") from broken
        if not isinstance(known, dict):
            raise BrokenArticle(file, 2, "the head must hold lines such as `title: Returns`")
        self._known: dict[str, Any] = known
        for key in known:
            if key not in KEYS:
                raise self._broken(str(key), f"{key} is none of {', '.join(sorted(KEYS))}")

    def text(self, key: str) -> str:
        told = self._known.get(key)
        if not isinstance(told, str) or not told.strip():
            raise self._broken(key, f"{key} must be a line of text")
        return told.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        told = self._known.get(key) or []
        if not isinstance(told, list) or not all(isinstance(one, str) for one in told):
            raise self._broken(key, f"{key} must be a list such as [one, two]")
        return tuple(one.strip() for one in told if one.strip())

    def day(self, key: str) -> date:
        told = self._known.get(key)
        if type(told) is not date:
            raise self._broken(key, f"{key} must be a day such as 2026-11-18")
        return told

    def address(self, key: str) -> str | None:
        told = self._known.get(key)
        if told is None:
            return None
        if not isinstance(told, str) or not re.fullmatch(r"https?://[^\s<>\"']+", told):
            raise self._broken(key, f"{key} must begin with https:// or http://")
        return told

    def _broken(self, key: str, why: str) -> BrokenArticle:
        places = (n for n, line in enumerate(self._lines, 2) if line.startswith(f"{key}:"))
        return BrokenArticle(self._file, next(places, 1), why)


def _parted(file: str, text: str) -> tuple[list[str], str, int]:
    """Head, body, and the line at which the body begins."""
    lines = text.removeprefix("\ufeff").splitlines()
    if not lines or lines[0].strip() != "---":
        raise BrokenArticle(file, 1, "an article begins with a line of three hyphens: ---")
    ends = (n for n, line in enumerate(lines[1:], 1) if line.strip() == "---")
    end = next(ends, None)
    if end is None:
        raise BrokenArticle(file, 1, "the head has no end: a second line of three hyphens")
    return lines[1:end], "\n".join(lines[end + 1 :]).strip(), end + 2


def _passages(slug: str, title: str, body: str) -> list[Passage]:
    """The lead stands before the first section: alone it would say little."""
    told = [section for section in sections(body) if section.blocks]
    if len(told) > 1 and not told[0].heading:
        lead, first = told[0], told[1]
        told = [Section(first.heading, first.anchor, (*lead.blocks, *first.blocks)), *told[2:]]
    return [
        Passage(slug, section.heading or title, section.anchor, text)
        for section in told
        for text in _parts(section.blocks)
    ]


def _parts(blocks: tuple[str, ...]) -> list[str]:
    """The blocks of a section, joined as long as they stay readable in one piece."""
    parts: list[str] = []
    for block in blocks:
        joined = f"{parts[-1]}\n\n{block}" if parts else block
        if parts and len(joined) <= LONGEST_PASSAGE:
            parts[-1] = joined
        else:
            parts.extend(_cut(block))
    return parts


def _cut(block: str) -> list[str]:
    """A block that is too long even alone, cut after lines, sentences or, at worst, anywhere."""
    pieces: list[str] = []
    rest = block
    while len(rest) > LONGEST_PASSAGE:
        window = rest[:LONGEST_PASSAGE]
        ends = (window.rfind(mark) + len(mark) for mark in ("\n", ". ", "。", " "))
        end = next((place for place in ends if place > LONGEST_PASSAGE // 3), LONGEST_PASSAGE)
        pieces.append(rest[:end].strip())
        rest = rest[end:].strip()
    return [*pieces, rest] if rest else pieces
