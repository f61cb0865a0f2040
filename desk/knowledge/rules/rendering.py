"""Markdown as plain text for the chat, and as a page. Raw HTML in an article is shown as it is
typed, never carried out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

NAMED = re.compile(r"\s*\{#([a-z0-9-]+)\}\s*$")
_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")


@dataclass(frozen=True)
class Section:
    """What stands below one `##`; the first has no heading if the text begins without one."""

    heading: str
    anchor: str
    blocks: tuple[str, ...]  # paragraphs, lists and tables as plain text


def sections(body: str) -> list[Section]:
    """The text in order, cut at its headings, in plain words."""
    told: list[tuple[str, str, list[str]]] = [("", "", [])]
    for heading, anchor, block in _walk(_parsed(body)):
        if block is None:
            told.append((heading, anchor, []))
        else:
            told[-1][2].append(block)
    return [Section(heading, anchor, tuple(blocks)) for heading, anchor, blocks in told]


def page_of(body: str) -> str:
    """The same as HTML, with an id on every heading."""
    return str(_markdown.renderer.render(_parsed(body), _markdown.options, {}))


def _parsed(body: str) -> list[Token]:
    """The tokens, each heading with its anchor as `id` and without its `{#name}`."""
    tokens = _markdown.parse(body)
    taken: set[str] = set()
    for token, inside in pairwise(tokens):
        if token.type == "heading_open":
            token.attrSet("id", _anchor(inside, taken))
    return tokens


def _anchor(heading: Token, taken: set[str]) -> str:
    """`{#name}` at its end, or made of its Latin words, or counted; never the same twice."""
    children = heading.children or []
    last = children[-1] if children else None
    named = NAMED.search(last.content) if last is not None and last.type == "text" else None
    if named and last is not None:
        last.content = last.content[: named.start()]
        wish = named.group(1)
    else:
        wish = "-".join(re.findall(r"[a-z0-9]+", _inline(heading).lower())) or "section"
    anchor, count = wish, 1
    while anchor in taken:
        count += 1
        anchor = f"{wish}-{count}"
    taken.add(anchor)
    return anchor


def _walk(tokens: Sequence[Token]) -> Iterator[tuple[str, str, str | None]]:
    """Headings (without a block) and blocks, top level only."""
    start = 0
    while start < len(tokens):
        end = _end_of(tokens, start)
        block = tokens[start:end]
        if block[0].type == "heading_open":
            yield _inline(block[1]), str(block[0].attrGet("id")), None
        else:
            text = "\n".join(_lines(block)).strip()
            if text:
                yield "", "", text
        start = end


def _end_of(tokens: Sequence[Token], start: int) -> int:
    depth = 0
    for place in range(start, len(tokens)):
        depth += tokens[place].nesting
        if depth <= 0:
            return place + 1
    return len(tokens)


def _lines(block: Sequence[Token]) -> Iterator[str]:
    """A block's lines: lists with their marks, tables as `cell · cell`, all else as it reads."""
    marks: list[int | None] = []  # open lists: the next number, or None for a dot
    mark = ""
    cells: list[str] = []
    for token in block:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            first = int(token.attrGet("start") or 1)
            marks.append(first if token.type.startswith("ordered") else None)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            marks.pop()
        elif token.type == "list_item_open":
            number = marks[-1]
            mark = "  " * (len(marks) - 1) + ("• " if number is None else f"{number}. ")
            marks[-1] = None if number is None else number + 1
        elif token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            yield " · ".join(cells)
        elif token.type in ("fence", "code_block"):
            yield token.content.rstrip()
        elif token.type == "inline" and block[0].type == "table_open":
            cells.append(_inline(token))
        elif token.type == "inline":
            yield mark + _inline(token)
            mark = "  " * len(marks)


def _inline(token: Token) -> str:
    """The words of a line; a link to somewhere else keeps its address behind its words."""
    words: list[str] = []
    addresses: list[str] = []
    for child in token.children or []:
        if child.type in ("text", "code_inline"):
            words.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            words.append("\n" if child.type == "hardbreak" else " ")
        elif child.type == "image":
            words.append(child.content)
        elif child.type == "link_open":
            addresses.append(str(child.attrGet("href") or ""))
            words.append("\0")
        elif child.type == "link_close":
            address = addresses.pop()
            shown = "".join(words[words.index("\0") + 1 :])
            words.remove("\0")
            if address.startswith(("http://", "https://")) and address != shown:
                words.append(f" ({address})")
    return "".join(words).strip()


def link_to(desk_url: str, language: str, slug: str, anchor: str) -> str:
    """Where a section stands on the desk's own pages."""
    section = f"#{anchor}" if anchor else ""
    return f"{desk_url.rstrip('/')}/help/{language}/{slug}{section}"
