"""Amounts of money: digits or words, before or after their currency, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from language.entities.numerals import (
    CHINESE_NUMBER,
    ENGLISH_NUMBER,
    chinese_number,
    english_number,
)
from language.entities.spans import Entity

# `$` is taken for the US dollar and `¥` for the yuan: the shop sells in euros, and of its
# customers those who write ¥ are Chinese.
CURRENCIES = {
    "EUR": r"€|euros?|eur|欧元",
    "USD": r"us ?\$|\$|usd|us dollars?|dollars?|bucks?|美元|美金|美刀|刀",
    "GBP": r"£|gbp|pounds? sterling|pounds?|quid|英镑",
    "HKD": r"hk ?\$|hkd|港币|港元",
    "JPY": r"jpy|yen|日元",
    "CHF": r"chf|swiss francs?|瑞士法郎",
    "CNY": r"cny|rmb|cn¥|[¥￥]|yuan|renminbi|人民币|块钱|元钱|块|元",
}
_ANY = {code: re.compile(words, re.I) for code, words in CURRENCIES.items()}
_CURRENCY = "|".join(
    sorted("|".join(CURRENCIES.values()).split("|"), key=lambda word: (-len(word), word))
)
_BEFORE = r"us ?\$|hk ?\$|cn¥|[€$£¥￥]|(?:eur|usd|gbp|hkd|jpy|chf|cny|rmb)"
_DIGITS = r"\d{1,3}(?:[,.' ]\d{3}){1,3}(?:[.,]\d{1,2})?(?!\d)|\d{1,9}(?:[.,]\d{1,2})?(?!\d)"
_CENTS = r"\s?(?:and )?(?P<cents>\d{1,2}|[a-z]+(?:-[a-z]+)?) ?(?:cents?|pence)(?![a-z])"
# 三块五, 12块8毛, 一百二十元五角: the small change behind the large.
_CHANGE = r"(?P<change>\d{1,2}|[一二三四五六七八九])(?P<fen>[毛角分])?(?![\d十百千万天个件号])"

SYMBOL_FIRST = re.compile(
    rf"(?<![a-z0-9])(?P<currency>{_BEFORE})\s?(?P<number>{_DIGITS})(?P<k>k(?![a-z]))?(?![\d%])",
    re.I,
)
NUMBER_FIRST = re.compile(
    rf"(?<![\w.,/-])(?P<number>{_DIGITS})(?P<k>k(?= ))?[ -]?(?P<wan>万)?"
    rf"(?P<currency>{_CURRENCY})(?![a-z])(?:{_CENTS}|{_CHANGE})?",
    re.I | re.A,
)
ENGLISH_WORDS = re.compile(
    rf"(?<![a-z])(?P<number>{ENGLISH_NUMBER})[ -](?P<currency>{_CURRENCY})(?![a-z])(?:{_CENTS})?",
    re.I,
)
CHINESE_WORDS = re.compile(
    rf"(?<![第每几〇零一二两三四五六七八九十百千万亿])(?P<number>{CHINESE_NUMBER})"
    rf"(?P<about>[多来几])?(?P<currency>{_CURRENCY})(?![a-z])(?:{_CHANGE})?",
    re.I,
)
SMALL_CHANGE = re.compile(
    r"(?<![\w.])(?P<number>\d{1,2})\s?(?P<small>cents|p(?![a-z])|毛钱?|角钱?)", re.I | re.A
)
_SMALL = {"c": ("USD", 100), "p": ("GBP", 100), "毛": ("CNY", 10), "角": ("CNY", 10)}
# 一块 is a dollar, and also "together" and "a piece of": only with money around it is it an amount.
_NO_MONEY = re.compile(r"一块(?!钱)")


def amounts(line: str) -> Iterator[Entity]:
    """Every amount in a folded line; the value is like `12.90 EUR`."""
    for pattern in (SYMBOL_FIRST, NUMBER_FIRST, ENGLISH_WORDS, CHINESE_WORDS):
        for found in pattern.finditer(line):
            entity = _read(found)
            if entity is not None:
                yield entity
    for found in SMALL_CHANGE.finditer(line):
        currency, parts = _SMALL[found["small"][0].lower()]
        yield _entity(found, Decimal(found["number"]) / parts, currency)


def _read(found: re.Match[str]) -> Entity | None:
    parts = found.groupdict()
    if _NO_MONEY.fullmatch(found.group()):
        return None
    number = _number(parts["number"])
    if number is None:
        return None
    if parts.get("k"):
        number *= 1_000
    if parts.get("wan"):
        number *= 10_000
    if parts.get("cents"):
        cents = parts["cents"]
        spoken = Decimal(cents) if cents.isdecimal() else english_number(cents)
        if spoken is None or spoken >= 100:
            return None
        number += spoken / 100
    if parts.get("change"):
        number += _change(parts["change"], parts.get("fen"))
    return _entity(found, number, currency_of(parts["currency"]))


def currency_of(written: str) -> str:
    """The ISO code of a currency as a customer writes it."""
    return next(code for code, words in _ANY.items() if words.fullmatch(written))


def _entity(found: re.Match[str], number: Decimal, currency: str) -> Entity:
    value = f"{number:.2f} {currency}"
    return Entity("amount_of_money", *found.span(), value, is_named=True)


def _change(written: str, unit: str | None) -> Decimal:
    number = Decimal(written) if written.isdecimal() and written.isascii() else None
    number = chinese_number(written) if number is None else number
    assert number is not None  # one character of a list
    if len(written) == 2 or unit == "分":
        return number / 100
    return number / 10


def _number(written: str) -> Decimal | None:
    if written[0].isascii() and written[0].isdigit():
        return digits_number(written)
    return english_number(written) if written.isascii() else chinese_number(written)


def digits_number(written: str) -> Decimal:
    """1,299.00 and 1.299,00 and 1 299: a mark before three last digits parts thousands, unless
    it is the only one and a nought leads."""
    digits = re.sub(r"[ ']", "", written)
    last = max(digits.rfind("."), digits.rfind(","))
    if last >= 0 and len(digits) - last - 1 != 3:
        whole = re.sub(r"[.,]", "", digits[:last])
        return Decimal(f"{whole}.{digits[last + 1 :]}")
    return Decimal(re.sub(r"[.,]", "", digits))
