"""Days as they are written in English, and in figures."""

from __future__ import annotations

import re
from datetime import date, timedelta

from language.entities.numerals import ENGLISH_NUMBER, any_number
from language.entities.reckoning import (
    Read,
    Reading,
    day_of_month,
    full_year,
    made,
    monday,
    stepped,
    whole,
)

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:r?uary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
_DAY_NAME = r"(?:mon|tues?|wednes|thurs?|fri|satur|sun)day"
_SHORT_DAY = r"mon|tues?|wed|thu(?:rs?)?|fri|sat|sun"
_WEEKDAY = rf"(?P<weekday>{_DAY_NAME}|{_SHORT_DAY})(?![a-z])"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_NUMBER = rf"(?P<number>\d{{1,3}}|an?|{ENGLISH_NUMBER})"


def _year_first(_: Reading, found: re.Match[str]) -> date | None:
    return made(int(found["year"]), int(found["month"]), int(found["day"]))


def _numbers(reading: Reading, found: re.Match[str]) -> date | None:
    first, second = int(found["first"]), int(found["second"])
    day, month = (second, first) if reading.is_chinese else (first, second)
    if month > 12:
        day, month = month, day
    if found["year"] is None:
        return reading.without_year(month, day, found) if month <= 12 else None
    return made(full_year(found["year"]), month, day)


def _month_named(reading: Reading, found: re.Match[str]) -> date | None:
    month = MONTHS.index(found["month"][:3].lower()) + 1
    day = int(found["day"])
    if found["year"]:
        return made(int(found["year"]), month, day)
    return reading.without_year(month, day, found)


def _whole_month(reading: Reading, found: re.Match[str]) -> tuple[date, str] | None:
    month = MONTHS.index(found["month"][:3].lower()) + 1
    if found["year"]:
        return date(int(found["year"]), month, 1), "month"
    if found["month"] in ("may", "march", "mar"):  # also words: the capital must say it
        return None
    day = reading.without_year(month, 1, found)
    return (day, "month") if day else None


_NAMED_DAYS = {
    "the day before yesterday": -2,
    "day before yesterday": -2,
    "the day after tomorrow": 2,
    "day after tomorrow": 2,
    "yesterday": -1,
    "last night": -1,
    "today": 0,
    "tonight": 0,
    "this morning": 0,
    "this afternoon": 0,
    "this evening": 0,
    "tomorrow": 1,
    "tmrw": 1,
    "yday": -1,
}


def _named_day(reading: Reading, found: re.Match[str]) -> date:
    name = " ".join(found.group().lower().split())
    return reading.today + timedelta(days=_NAMED_DAYS[name])


def _weekday(reading: Reading, found: re.Match[str]) -> date | None:
    wanted = DAYS.index(found["weekday"][:3].lower())
    since = (reading.today.weekday() - wanted) % 7
    which = (found["which"] or "").lower().strip()
    weeks = _weeks(found.groupdict().get("of") or "")
    if weeks is not None:
        return monday(reading.today) + timedelta(weeks=weeks, days=wanted)
    if which in ("next", "this", "coming", "this coming") or (
        not which and reading.looks_ahead(found)
    ):
        return reading.today + timedelta(days=-since % 7 or (7 if which == "next" else 0))
    if which:
        return reading.today - timedelta(days=since or 7)
    return reading.today - timedelta(days=since)


def _weeks(written: str) -> int | None:
    words = written.lower()
    return next((n for word, n in _TURNS.items() if word in words), None)


_TURNS = {"before last": -2, "last": -1, "past": -1, "previous": -1, "this": 0, "next": 1}


def _unit(reading: Reading, found: re.Match[str]) -> date | tuple[date, str]:
    turns = _TURNS[found["which"].lower()]
    if (found.groupdict().get("more") or "").strip():
        turns -= 1
    return whole(reading.today, found["unit"].lower(), turns)


_STEPS = {"d": "days", "f": "weeks", "w": "weeks", "m": "months", "y": "years"}


def _steps(reading: Reading, found: re.Match[str]) -> date | None:
    written = found["number"].lower()
    number = 1 if written in ("a", "an") else any_number(written)
    if number is None:
        return None
    unit = found["unit"].lower()
    count = int(number) * (2 if unit.startswith("fortnight") else 1)
    back = found.groupdict().get("back")
    return stepped(reading.today, _STEPS[unit[0]], -count if back else count)


DAYS_IN_FIGURES: tuple[tuple[re.Pattern[str], Read], ...] = (
    (re.compile(rf"(?<![\d.-]){_YEAR}([-/.])(?P<month>0?[1-9]|1[0-2])\2{_DAY}(?![\d-])"),
     _year_first),
    (re.compile(r"(?<![\d.,/€$£¥-])(?P<first>[0-3]?\d)([-/.])(?P<second>[0-3]?\d)\2"
                r"(?P<year>(?:19|20)?\d\d)(?![\d.,-]\d|\d)"), _numbers),
    (re.compile(r"(?<![\w./-])(?!24/7)(?P<first>[0-3]?\d)/(?P<second>[0-3]?\d)(?P<year>(?!))?"
                r"(?![\w/%]|[.,]\d)", re.A), _numbers),
)  # fmt: skip

ENGLISH_DAYS: tuple[tuple[re.Pattern[str], Read], ...] = (
    (re.compile(rf"(?<!\w)(?:(?:{_DAY_NAME}|{_SHORT_DAY})\.?,? )?(?:the )?{_DAY}(?:st|nd|rd|th)?"
                rf"\s?(?:of )?{_MONTH}(?:,? {_YEAR})?", re.I), _month_named),
    (re.compile(rf"(?<![a-z])(?:(?:{_DAY_NAME}|{_SHORT_DAY})\.?,? )?{_MONTH} (?:the )?{_DAY}"
                rf"(?:st|nd|rd|th)?(?![\w:]|[.,]\d)(?:,? {_YEAR}(?!\d))?", re.I), _month_named),
    (re.compile(rf"(?<![a-z]){_MONTH},? (?:of )?{_YEAR}(?!\d)", re.I), _whole_month),
    (re.compile(rf"(?:(?<=\bin )|(?<=\bsince )|(?<=\blast )|(?<=\buntil )){_MONTH}(?P<year>(?!))?",
                re.I), _whole_month),
    (re.compile(rf"(?:(?<=\bon the )|(?<=\bby the )|(?<=\bsince the )|(?<=\bfrom the ))"
                rf"{_DAY}(?:st|nd|rd|th)(?= *(?:$|[.,;!?)])| (?:and|but|i|it|we|of this)\b)",
                re.I), day_of_month),
    (re.compile(r"(?<![a-z])(?:(?:the )?day (?:before yesterday|after tomorrow)|yesterday|today"
                r"|tomorrow|tmrw|yday|last night|tonight|this (?:morning|afternoon|evening))"
                r"(?![a-z])", re.I), _named_day),
    (re.compile(rf"(?<![a-z])(?P<which>last|past|previous|next|this coming|this|coming) {_WEEKDAY}",
                re.I), _weekday),
    (re.compile(r"(?<![a-z])(?P<which>(?!))?"
                rf"(?P<weekday>{_DAY_NAME}),?(?P<of> (?:of )?(?:last|this|next|the previous) week)?"
                r"(?![a-z])", re.I), _weekday),
    (re.compile(rf"(?<![a-z])(?P<which>(?!))?(?P<of>(?:last|this|next) week )"
                rf"(?:on )?(?P<weekday>{_DAY_NAME})(?![a-z])", re.I), _weekday),
    (re.compile(r"(?<![a-z])(?:the )?(?P<which>last|past|previous|this|next) "
                r"(?P<unit>weekend|week|month|year)(?![a-z])", re.I), _unit),
    (re.compile(r"(?<![a-z])the (?P<unit>week|month|year|weekend) (?P<more>before )(?P<which>last)"
                r"(?![a-z])", re.I), _unit),
    (re.compile(rf"(?<![a-z\d.,]){_NUMBER} (?P<unit>days?|weeks?|fortnights?|months?|years?) "
                r"(?P<back>ago|back|earlier)(?![a-z])", re.I), _steps),
    (re.compile(rf"(?<![a-z\d])in {_NUMBER} (?P<unit>days?|weeks?|fortnights?|months?)"
                r"(?:'s? time)?(?![a-z])", re.I), _steps),
)  # fmt: skip
