"""One line, read on one day: what the days in it can mean, in whichever language."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

_CHINESE_LETTER = re.compile("[\u4e00-\u9fff]")
SOON_DAYS = 31
AHEAD = re.compile(
    r"(?:\b(?:by|until|till|before|for|next|this|coming|on or before|no later than)\s(?:the\s)?"
    r"|(?:截止|到|最迟|最晚))$",
    re.I,
)
AHEAD_AFTER = re.compile(r"\s?(?:之前|以前|前(?!天)|送到|能到|到货|要用|要)")
LOOK_BACK = 20  # characters before a day that may say which one is meant


class Reading:
    """One line, read on one day."""

    def __init__(self, line: str, today: date) -> None:
        self.line, self.today = line, today
        self.is_chinese = _CHINESE_LETTER.search(line) is not None

    def looks_ahead(self, found: re.Match[str]) -> bool:
        before = self.line[max(0, found.start() - LOOK_BACK) : found.start()]
        after = self.line[found.end() : found.end() + 4]
        return bool(AHEAD.search(before) or AHEAD_AFTER.match(after))

    def without_year(self, month: int, day: int, found: re.Match[str]) -> date | None:
        """The year that is meant: see above."""
        past = made(self.today.year, month, day)
        if past is None and (month, day) != (2, 29):
            return None
        years = range(self.today.year + 4, self.today.year - 5, -1)
        days = [d for d in (made(year, month, day) for year in years) if d]
        if self.looks_ahead(found):
            return min(d for d in days if d >= self.today)
        return max(d for d in days if d <= self.today + timedelta(days=SOON_DAYS))


Meant = date | tuple[date, str] | None  # a day; or a first day, and of what: week, month, year
Read = Callable[[Reading, "re.Match[str]"], Meant]


def made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def whole(today: date, unit: str, turns: int) -> date | tuple[date, str]:
    if unit == "weekend":
        return monday(today) + timedelta(weeks=turns, days=5)
    if unit == "week":
        return monday(today) + timedelta(weeks=turns), "week"
    if unit == "month":
        return today.replace(day=1) + relativedelta(months=turns), "month"
    return date(today.year + turns, 1, 1), "year"


def stepped(today: date, unit: str, count: int) -> date | None:
    try:
        later: date = today + relativedelta(**{unit: count})
    except (ValueError, OverflowError):
        return None
    return later


def full_year(written: str) -> int:
    digits = written if written.isascii() else _chinese_year(written)
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _chinese_year(written: str) -> str:
    return "".join(str(_place(letter, "零一二三四五六七八九", "〇")) for letter in written)


def _place(letter: str, letters: str, nought: str) -> int:
    return 0 if letter == nought else letters.index(letter)


def day_of_month(reading: Reading, found: re.Match[str]) -> date | None:
    day = int(found["day"])
    month = reading.today.replace(day=1)
    months = [month + relativedelta(months=n) for n in (-2, -1, 0, 1, 2)]
    days = [d for d in (made(m.year, m.month, day) for m in months) if d]
    if reading.looks_ahead(found):
        return min(d for d in days if d >= reading.today)
    return max(d for d in days if d <= reading.today)
