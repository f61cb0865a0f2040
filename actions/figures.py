"""Amounts, days, lists and quotations as people of a language write them."""

import re
from collections.abc import Iterable
from datetime import date

from desk.jobs.rules import money

CHINESE_CURRENCY = {"EUR": "欧元", "USD": "美元", "GBP": "英镑", "CNY": "元", "JPY": "日元"}
FULL_WIDTH = {",": "，", ":": "：", ";": "；", "!": "！", "?": "？"}
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def amount(minor: int, currency: str, language: str) -> str:
    """`1,290.00 EUR`, and in Chinese `1,290.00 欧元`; an unnamed currency keeps its code."""
    number = money(minor, currency).rsplit(" ", 1)[0]
    name = CHINESE_CURRENCY.get(currency, currency) if language == "zh" else currency
    return f"{number} {name}"


def day(known: date | None, language: str) -> str:
    """`18 November 2026`, and in Chinese `2026年11月18日`; empty for an unknown day."""
    if known is None:
        return ""
    if language == "zh":
        return f"{known.year}年{known.month}月{known.day}日"
    return f"{known.day} {MONTHS[known.month - 1]} {known.year}"


def listed(things: Iterable[str], language: str) -> str:
    """One after the other: `a, b`, and in Chinese `a、b`."""
    return ("、" if language == "zh" else ", ").join(things)


def as_written(text: str) -> str:
    """A customer's words for quoting: reading folds full-width marks, which Chinese wants back."""
    return re.sub(r"(?<=[\u4e00-\u9fff])[,:;!?]", lambda mark: FULL_WIDTH[mark.group()], text)
