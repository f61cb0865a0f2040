"""Personal data in what people write: where it stands, and the same text without it.

What a shop needs in order to help stays readable: order numbers, amounts, days, products. Where
in doubt, what may be personal is taken out: a log can do without a word, a person not without
their privacy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from language.entities import Entity, written
from language.entities.spans import folded, without_overlaps
from language.entities.trained import NotTrained, Trained, is_worth_a_look, made_once
from language.text import CHINESE, EMAIL

KINDS = ("name", "card", "iban", "phone", "e-mail", "address", "id")
_AS_KIND = {"person_name": "name", "phone": "phone", "email": "e-mail", "address": "address"}
READABLE = ("order_number", "amount_of_money", "date", "product", "quantity")
CHUNK = 1_500  # characters read at a time; logs and mails are longer than messages
AROUND = 200  # characters before and after them, that no personal data are longer than
_CHINESE = re.compile(f"[{CHINESE}]")


@dataclass(frozen=True)
class Span:
    """A stretch of personal data, `text[start:end]`; `kind` is one of `KINDS`."""

    kind: str
    start: int
    end: int


def redact(text: str, *, thoroughly: bool = True) -> str:
    """`text` with `[name]`, `[card]`, … in place of all personal data that is found in it."""
    pieces, at = [], 0
    for span in find(text, thoroughly=thoroughly):
        pieces += [text[at : span.start], f"[{span.kind}]"]
        at = span.end
    return "".join([*pieces, text[at:]])


def find(text: str, *, thoroughly: bool = True) -> list[Span]:
    """All personal data in `text`, in order, without overlaps.

    Thoroughly means with the trained part, which is loaded at the first call (a second) and where
    it has not been made is done without: then names that no rule knows stay. Otherwise only the
    rules look, in a millisecond.
    """
    spans: list[Span] = []
    for start in range(0, len(text), CHUNK):
        # Read with what stands around it, or a name at its edge would be cut in two.
        offset = max(0, start - AROUND)
        read = folded(text[offset : start + CHUNK + AROUND])
        for each in _private(read.text, thoroughly=thoroughly):
            placed = read.as_written(each)
            span = Span(each.kind, offset + placed.start, offset + placed.end)
            if start <= span.start < start + CHUNK and (not spans or span.start >= spans[-1].end):
                spans.append(span)
    return spans


def _private(line: str, *, thoroughly: bool) -> list[Entity]:
    found = [*_as_private(written(line, date.today())), *numbers(line), *obfuscated(line)]  # noqa: DTZ011
    found += contexts(line)
    if thoroughly:
        found += _as_private(learned(line))
    kept = without_overlaps(found)
    return [each for each in kept if each.kind in KINDS]


def _as_private(found: Iterable[Entity]) -> Iterator[Entity]:
    for each in found:
        if each.kind == "quantity":
            continue
        kind = _AS_KIND.get(each.kind, each.kind)
        is_named = each.is_named and kind not in ("name", "phone")
        yield Entity(kind, each.start, each.end, each.value, is_named=is_named)


# ------------------------------------------------------------------- cards, accounts, ids

_DIGITS = re.compile(
    r"(?<![\dA-Za-z.\-])(?:\d(?:[ \u00a0\-]{0,2}\d){10,18}|\d{4}(?:\.\d{4}){3})"
    r"(?![\dA-Za-z]|\.\d|[Xx](?!\w))"
)
_CALLED_CARD = re.compile(
    r"(?:card|visa|mastercard|amex|maestro|pan|credit|debit|卡号|银行卡|信用卡|储蓄卡|账号|帐号"
    r"|账户|卡)[^\d\n]{0,20}$",
    re.I,
)
_CARD_CODE = re.compile(
    r"(?:cvv2?|cvc2?|csc|security code|card code|安全码|验证码"
    r"|校验码)[^\d\n]{0,12}(?P<code>\d{3,6})(?!\d)",
    re.I,
)
_IBAN = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ \-]?[A-Za-z0-9]{2,4}){2,8}(?:[ \-]?[A-Za-z0-9])?(?![A-"
    r"Za-z0-9])"
)
_CALLED_IBAN = re.compile(
    r"(?:iban|account(?: number| no\.?)?|konto|bank)[^\dA-Za-z\n]{0,4}(?:is |: ?)?$", re.I
)
_RESIDENT_ID = re.compile(
    r"(?<![\dA-Za-z])[1-9]\d{5}[ -]?(?:18|19|20)\d{6}[ -]?\d{3}[\dXx](?![\dA-Za-z])"
)
_SSN = re.compile(r"(?<![\d-])\d{3}([- ])\d{2}\1\d{4}(?![\d-])")
_NINO = re.compile(
    r"(?<![A-Za-z0-9])(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
    r" ?\d{2} ?\d{2} ?\d{2} ?[A-D](?![A-Za-z0-9])",
    re.I,
)
_TAX_ID = re.compile(r"(?<![\d+A-Za-z])[1-9]\d[ /]?\d{3}[ /]?\d{3}[ /]?\d{3}(?![\dA-Za-z])")
_CALLED_ID = re.compile(
    r"(?:passport|driving licen[cs]e|driver'?s licen[cs]e|licen[cs]e (?:no|number)|identity card"
    r"|id card|national id|personal id|\bid (?:no|number)|social security|ssn|national insurance"
    r"|ni number|nino|tax (?:id|number)|steuer-?id(?:nr)?|steuernummer|personalausweis|ausweis"
    r"|护照|身份证|证件|驾驶证|驾照|社保|通行证|居住证|统一编号)(?:号码?"
    r"|编号)?[^\dA-Za-z\n]{0,12}(?:(?:is|number|no\.?|nr\.?|card)[ :.]{0,3}){0,2}"
    r"(?P<id>(?-i:[A-Z]{5}\d{6}[A-Z0-9]{3,7})"
    r"|[A-Za-z]{0,3}[\- ]?\d(?:[ \-/]?[\dA-Za-z]){4,20})(?![A-Za-z0-9])",
    re.I,
)
LOOK_BACK = 40


def numbers(line: str) -> Iterator[Entity]:
    """Cards, bank accounts and national ids: by their check digits, or by what they are called."""
    yield from _cards(line)
    yield from _ibans(line)
    yield from _ids(line)


def _cards(line: str) -> Iterator[Entity]:
    for found in _DIGITS.finditer(line):
        digits = re.sub(r"\D", "", found.group())
        before = line[max(0, found.start() - LOOK_BACK) : found.start()]
        is_called = _CALLED_CARD.search(before) is not None
        if len(digits) >= 12 and (is_called or (len(digits) >= 13 and luhn(digits))):
            yield Entity("card", *found.span(), "", is_named=True)
    for found in _CARD_CODE.finditer(line):
        yield Entity("card", *found.span("code"), "", is_named=True)


def luhn(digits: str) -> bool:
    """Whether the last digit fits the others, and they are not all the same."""
    from stdnum import luhn as checks  # noqa: PLC0415 - only where a long number stands

    return len(set(digits)) > 1 and bool(checks.is_valid(digits))


def _ibans(line: str) -> Iterator[Entity]:
    for found in _IBAN.finditer(line):
        before = line[max(0, found.start() - LOOK_BACK) : found.start()]
        end = _end_of_iban(line, *found.span())
        if end is None and _CALLED_IBAN.search(before):
            end = found.end()
        if end is not None:
            yield Entity("iban", found.start(), end, "", is_named=True)


def _end_of_iban(line: str, start: int, end: int) -> int | None:
    """Where a valid one ends: the words after it may look like more of it."""
    from stdnum import iban  # noqa: PLC0415 - only where a long number stands

    ends = (last for last in range(end, start + 14, -1) if not line[last : last + 1].isalnum())
    return next((e for e in ends if iban.is_valid(line[start:e], check_country=False)), None)


def _ids(line: str) -> Iterator[Entity]:
    for found in _RESIDENT_ID.finditer(line):
        if _is_day(re.sub(r"\D", "", found.group())[6:14]):
            yield Entity("id", *found.span(), "", is_named=True)
    for found in _SSN.finditer(line):
        if _is_ssn(found.group()):
            yield Entity("id", *found.span(), "", is_named=True)
    for found in _NINO.finditer(line):
        yield Entity("id", *found.span(), "", is_named=True)
    for found in _TAX_ID.finditer(line):
        if _is_tax_id(found.group()):
            yield Entity("id", *found.span(), "")
    for found in _CALLED_ID.finditer(line):
        yield Entity("id", *found.span("id"), "", is_named=True)


def _is_day(digits: str) -> bool:
    return 1 <= int(digits[4:6]) <= 12 and 1 <= int(digits[6:8]) <= 31


def _is_ssn(written_as: str) -> bool:
    from stdnum.us import ssn  # noqa: PLC0415 - only where a number looks like one

    return bool(ssn.is_valid(re.sub(r"\D", "", written_as)))


def _is_tax_id(written_as: str) -> bool:
    from stdnum.de import idnr  # noqa: PLC0415 - only where a number looks like one

    return bool(idnr.is_valid(re.sub(r"\D", "", written_as)))


# -------------------------------------------------------------- what is written in other ways

_OBFUSCATED = re.compile(
    r"(?<![\w.+-])[a-z0-9][\w.+-]{1,40}\s?(?:\(at\)|\[at\]|\{at\}| at |艾特|＠|@)\s?"
    r"[a-z0-9-]{2,30}(?:\s?(?:\.|\(dot\)|\[dot\]| dot |点)\s?[a-z0-9-]{2,20}){1,3}(?![\w])",
    re.I | re.A,
)
_BROKEN_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{2,40}@[\w-]{2,40}(?:\.[\w-]{1,20})*", re.A)
_POSTCODE_CALLED = re.compile(
    r"(?:post ?code|zip(?: code)?|postal code|plz|邮编|邮政编码)(?: is| should be|是"
    r"|为)?[\s:：=\"]{0,3}"
    r"(?P<code>[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|\d{5,6}(?:-\d{4})?)(?![\dA-Za-z])",
    re.I,
)
_BRITISH_POSTCODE = re.compile(r"(?<![\w-])(?-i:[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2})(?!\w)")
_PRIVATE_KEYS = re.compile(
    r"[\"']?(?P<key>(?:first|last|full|family|given|customer|user|recipient|contact)?_?name|姓名"
    r"|收件人|收货人"
    r"|address|street|shipping_?(?:to|address)|ship_?to|地址|收货地址|phone|mobile|tel|电话"
    r"|手机)[\"']?\s?[:=：]\s?"
    r"(?:\"(?P<quoted>[^\"\n]{2,120})\"|'(?P<single>[^'\n]{2,120})')",
    re.I,
)
_IDENTIFIER = re.compile(r"/?[a-z]+(?:_[a-z0-9]+)+|/\w+")  # of an intent, an action, a slot
_KEYS = {"name": "name", "姓": "name", "收件人": "name", "收货人": "name"}
_KEYS |= {"address": "address", "street": "address", "ship": "address", "地址": "address"}
_KEYS |= {"phone": "phone", "mobile": "phone", "tel": "phone", "电话": "phone", "手机": "phone"}


def obfuscated(line: str) -> Iterator[Entity]:
    """E-mail addresses that are spelt out, cut off or broken."""
    for pattern in (_OBFUSCATED, _BROKEN_EMAIL):
        for found in pattern.finditer(line):
            if not EMAIL.fullmatch(found.group()):
                yield Entity("e-mail", *found.span(), "")


def contexts(line: str) -> Iterator[Entity]:
    """What the words or the key before it call a name, an address or a number."""
    for found in _POSTCODE_CALLED.finditer(line):
        yield Entity("address", *found.span("code"), "", is_named=True)
    for found in _BRITISH_POSTCODE.finditer(line):
        yield Entity("address", *found.span(), "")
    for found in _PRIVATE_KEYS.finditer(line):
        group = "quoted" if found["quoted"] else "single"
        if _IDENTIFIER.fullmatch(found[group]):
            continue
        kind = next(k for part, k in _KEYS.items() if part in found["key"].lower())
        yield Entity(kind, *found.span(group), "", is_named=True)


# --------------------------------------------------------------------------- the trained part


@lru_cache(maxsize=1)
def _trained() -> Trained:
    return Trained(made_once())


def learned(line: str) -> list[Entity]:
    """What the trained part sees in a folded line; nothing where it has not been made."""
    language = "zh" if _CHINESE.search(line) else "en"
    if language == "en" and not is_worth_a_look(line, language):
        return []
    try:
        return _trained().find(line, language)
    except NotTrained:
        return []
