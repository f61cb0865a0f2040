"""How many: "two of the mugs", "3x", 三件."""

from __future__ import annotations

import re
from collections.abc import Iterator

from language.entities.numerals import (
    CHINESE_NUMBER,
    ENGLISH_NUMBER,
    any_number,
    plain_number,
)
from language.entities.spans import Entity

_NUMBER = (
    rf"(?P<number>(?<![\d.,/:-])\d{{1,4}}|(?<![a-z]){ENGLISH_NUMBER}|(?<![a-z])both|(?<![a-z])an?)"
)
_THINGS = (
    r"pieces?|pcs|items?|articles?|units?|pairs?|sets?|packs?|packets?|packages?|bags?|box(?:es)?"
    r"|tins?|cans?|bottles?|cups?|mugs?|teacups?|glass(?:es)?|tea ?pots?|pots?|kettles?|trays?"
    r"|parcels?|copies|bowls?|lids?|saucers?|products?|teas?|books?|shirts?|things"
)
_KINDS = r"(?:[a-z]+[ -]){0,2}?"  # two *porcelain tea* cups
OF_THEM = re.compile(rf"{_NUMBER} of (?:the |them|those|these|my |your |this |that )", re.I)
THINGS = re.compile(rf"{_NUMBER}[ -](?:x )?{_KINDS}(?P<thing>{_THINGS})(?![a-z])", re.I)
TIMES = re.compile(
    r"(?<![\w.,/-])(?P<number>\d{1,3}) ?[x×](?![a-z0-9])"
    r"|(?<![\w])[x×] ?(?P<after>\d{1,3})(?![\w.,])"
    r"|(?:quantity|qty|数量)(?: is| of|[:：]|是|为|改成|改为)? ?(?P<told>\d{1,4})(?!\d)",
    re.I,
)
_MEASURE = r"[件个只把套对盒包罐瓶份双袋台箱组壶杯](?![月星礼小钟问人字回次工电地帐账订快包投天半])"
MEASURES = re.compile(
    rf"(?<![第每这那哪几\d.〇零一二两三四五六七八九十百千万])(?P<words>{CHINESE_NUMBER}){_MEASURE}"
    rf"|(?<![\w.,/-])(?P<digits>\d{{1,4}})\s?{_MEASURE}",
    re.A,
)
_A_FEW = {"both": "2", "a": "1", "an": "1"}


def quantities(line: str) -> Iterator[Entity]:
    """Every number of things in a folded line; the value is in digits."""
    for pattern in (OF_THEM, THINGS):
        for found in pattern.finditer(line):
            number = found["number"].lower()
            if number in ("a", "an") and not _is_measure(found):
                continue
            if (value := _A_FEW.get(number) or _value(number)) is not None:
                yield _entity(found, value)
    for found in TIMES.finditer(line):
        yield _entity(found, next(group for group in found.groups() if group))
    for found in MEASURES.finditer(line):
        written = found["digits"] or found["words"]
        if (value := _value(written)) is not None and not _is_idle(line, found, written):
            yield _entity(found, value)


def _entity(found: re.Match[str], value: str) -> Entity:
    end = found.end()
    if found.re is OF_THEM:
        end = found.start() + len(found["number"])
    elif found.re is THINGS:  # the thing itself may be a product
        end = found.end("number")
    return Entity("quantity", found.start(), end, value)


def _is_measure(found: re.Match[str]) -> bool:
    """A pair of cups is one pair; a cup is just a cup."""
    thing = (found.groupdict().get("thing") or "").lower()
    return (
        thing in ("pair", "set", "pack", "packet", "box", "dozen")
        and " of" in found.string[found.end() : found.end() + 3]
    )


def _is_idle(line: str, found: re.Match[str], written: str) -> bool:
    """一个 and 一件 mostly mean no more than "a"."""
    if written not in ("一", "1"):
        return False
    before = line[max(0, found.start() - 2) : found.start()]
    return not re.search(r"[要买退换订加减剩留拿共]$|只有$|其中$", before)


def _value(written: str) -> str | None:
    number = any_number(written.lower())
    return None if number is None else plain_number(number)
