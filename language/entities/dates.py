"""Days that a customer names, as an ISO date: absolute ones, and relative ones from today.

dateparser was tried first and not taken: the version that Rasa's pins allow reads 2024年3月5日 as
the 3rd of May and knows neither "last Tuesday" nor 上周二 nor 三月五号, and the newer one reads
most Chinese days not at all. What is written is narrow enough for patterns; the arithmetic is
dateutil's.

Readings, where there are several:
- 03/04 is the 3rd of April; in a Chinese line it is the 4th of March (月/日).
- A day without a year, or a weekday alone, has passed, unless it is less than a month ahead or
  the words before it look ahead ("by", "until", 之前). Customers mostly speak of what they bought.
- "last Tuesday" is the latest one before today, "next Tuesday" the first one after today;
  上周二 and 下周二 are those of the week before and after, as weeks begin on Monday.
- A week, month or year is its first day; `more["grain"]` then says `week`, `month` or `year`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from language.entities.numerals import CHINESE_NUMBER, ENGLISH_NUMBER, any_number
from language.entities.spans import Entity

_CHINESE_LETTER = re.compile("[\u4e00-\u9fff]")
SOON_DAYS = 31
FARTHEST_YEARS = 100

MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
DAYS = "mon tue wed thu fri sat sun".split()
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
_ZH_NUMBER = rf"(?P<number>\d{{1,3}}|{CHINESE_NUMBER})"
_ZH_DAY = r"(?P<day>[12]\d|3[01]|0?[1-9]|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_ZH_MONTH = r"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_ZH_YEAR = r"(?P<year>(?:19|20)?\d\d|[一二][〇零九]?[〇零一二三四五六七八九]{2,3})"
_ZH_WEEKDAY = r"(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末])"
_ZH_UNIT = r"(?P<unit>天|日(?!元)|个?星期|个?礼拜|周|个半?月|年)"

AHEAD = re.compile(
    r"(?:\b(?:by|until|till|before|for|next|this|coming|on or before|no later than)\s(?:the\s)?"
    r"|(?:截止|到|最迟|最晚))$",
    re.I,
)
AHEAD_AFTER = re.compile(r"\s?(?:之前|以前|前(?!天)|送到|能到|到货|要用|要)")
LOOK_BACK = 20  # characters before a day that may say which one is meant


class _Reading:
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
        past = _made(self.today.year, month, day)
        if past is None and (month, day) != (2, 29):
            return None
        years = range(self.today.year + 4, self.today.year - 5, -1)
        days = [d for d in (_made(year, month, day) for year in years) if d]
        if self.looks_ahead(found):
            return min(d for d in days if d >= self.today)
        return max(d for d in days if d <= self.today + timedelta(days=SOON_DAYS))


_Read = Callable[[_Reading, "re.Match[str]"], "date | tuple[date, str] | None"]


def dates(line: str, today: date) -> Iterator[Entity]:
    """Every day that a folded line names; the value is an ISO date."""
    reading = _Reading(line, today)
    for pattern, read in (*_BOTH, *(_CHINESE if reading.is_chinese else ()), *_ENGLISH):
        for found in pattern.finditer(line):
            meant = read(reading, found)
            if meant is None:
                continue
            day, grain = meant if isinstance(meant, tuple) else (meant, "day")
            if abs(day.year - today.year) <= FARTHEST_YEARS:
                more = {} if grain == "day" else {"grain": grain}
                yield Entity("date", *found.span(), day.isoformat(), is_named=True, more=more)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _full_year(written: str) -> int:
    digits = written if written.isascii() else _chinese_year(written)
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _chinese_year(written: str) -> str:
    return "".join(str(_place(letter, "零一二三四五六七八九", "〇")) for letter in written)


def _place(letter: str, letters: str, nought: str) -> int:
    return 0 if letter == nought else letters.index(letter)


def _year_first(_: _Reading, found: re.Match[str]) -> date | None:
    return _made(int(found["year"]), int(found["month"]), int(found["day"]))


def _numbers(reading: _Reading, found: re.Match[str]) -> date | None:
    first, second = int(found["first"]), int(found["second"])
    day, month = (second, first) if reading.is_chinese else (first, second)
    if month > 12:
        day, month = month, day
    if found["year"] is None:
        return reading.without_year(month, day, found) if month <= 12 else None
    return _made(_full_year(found["year"]), month, day)


def _month_named(reading: _Reading, found: re.Match[str]) -> date | None:
    month = MONTHS.index(found["month"][:3].lower()) + 1
    day = int(found["day"])
    if found["year"]:
        return _made(int(found["year"]), month, day)
    return reading.without_year(month, day, found)


def _whole_month(reading: _Reading, found: re.Match[str]) -> tuple[date, str] | None:
    month = MONTHS.index(found["month"][:3].lower()) + 1
    if found["year"]:
        return date(int(found["year"]), month, 1), "month"
    if found["month"] in ("may", "march", "mar"):  # also words: the capital must say it
        return None
    day = reading.without_year(month, 1, found)
    return (day, "month") if day else None


def _day_of_month(reading: _Reading, found: re.Match[str]) -> date | None:
    day = int(found["day"])
    month = reading.today.replace(day=1)
    months = [month + relativedelta(months=n) for n in (-2, -1, 0, 1, 2)]
    days = [d for d in (_made(m.year, m.month, day) for m in months) if d]
    if reading.looks_ahead(found):
        return min(d for d in days if d >= reading.today)
    return max(d for d in days if d <= reading.today)


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
    **{"大前天": -3, "前天": -2, "前日": -2, "前晚": -2, "昨天": -1, "昨日": -1, "昨晚": -1},
    **{"昨夜": -1, "今天": 0, "今日": 0, "今早": 0, "今晚": 0, "今晨": 0, "当天": 0, "明天": 1},
    **{"明日": 1, "明早": 1, "明晚": 1, "后天": 2, "大后天": 3},
}


def _named_day(reading: _Reading, found: re.Match[str]) -> date:
    name = " ".join(found.group().lower().split())
    return reading.today + timedelta(days=_NAMED_DAYS[name])


def _weekday(reading: _Reading, found: re.Match[str]) -> date | None:
    wanted = DAYS.index(found["weekday"][:3].lower())
    since = (reading.today.weekday() - wanted) % 7
    which = (found["which"] or "").lower().strip()
    weeks = _weeks(found.groupdict().get("of") or "")
    if weeks is not None:
        return _monday(reading.today) + timedelta(weeks=weeks, days=wanted)
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


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _unit(reading: _Reading, found: re.Match[str]) -> date | tuple[date, str]:
    turns = _TURNS[found["which"].lower()]
    if (found.groupdict().get("more") or "").strip():
        turns -= 1
    return _whole(reading.today, found["unit"].lower(), turns)


def _whole(today: date, unit: str, turns: int) -> date | tuple[date, str]:
    if unit == "weekend":
        return _monday(today) + timedelta(weeks=turns, days=5)
    if unit == "week":
        return _monday(today) + timedelta(weeks=turns), "week"
    if unit == "month":
        return today.replace(day=1) + relativedelta(months=turns), "month"
    return date(today.year + turns, 1, 1), "year"


_STEPS = {"d": "days", "f": "weeks", "w": "weeks", "m": "months", "y": "years"}


def _steps(reading: _Reading, found: re.Match[str]) -> date | None:
    written = found["number"].lower()
    number = 1 if written in ("a", "an") else any_number(written)
    if number is None:
        return None
    unit = found["unit"].lower()
    count = int(number) * (2 if unit.startswith("fortnight") else 1)
    back = found.groupdict().get("back")
    return _stepped(reading.today, _STEPS[unit[0]], -count if back else count)


def _stepped(today: date, unit: str, count: int) -> date | None:
    try:
        return today + relativedelta(**{unit: count})  # type: ignore[arg-type]
    except (ValueError, OverflowError):
        return None


# ------------------------------------------------------------------------------- Chinese

_TURNS_ZH = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}
_YEARS_ZH = {"大前年": -3, "前年": -2, "去年": -1, "今年": 0, "明年": 1, "后年": 2}
_ABOUT = re.compile("^[一二两三四五六七八](?=[二两三四五六七八九]$)")  # 两三天: the more of both
_UNITS_ZH = {"周": "week", "星期": "week", "礼拜": "week", "月": "month"}


def _chinese(written: str) -> int | None:
    number = any_number(written)
    return None if number is None else int(number)


def _day_zh(reading: _Reading, found: re.Match[str]) -> date | None:
    month, day = _chinese(found["month"]), _chinese(found["day"])
    if month is None or day is None:
        return None
    parts = found.groupdict()
    if parts.get("year"):
        return _made(_full_year(parts["year"]), month, day)
    if parts.get("named"):
        return _made(reading.today.year + _YEARS_ZH[parts["named"]], month, day)
    return reading.without_year(month, day, found)


def _month_zh(reading: _Reading, found: re.Match[str]) -> tuple[date, str] | None:
    month = _chinese(found["month"])
    if month is None:
        return None
    parts = found.groupdict()
    year = (
        _full_year(parts["year"])
        if parts["year"]
        else reading.today.year + _YEARS_ZH[parts["named"]]
    )
    day = _made(year, month, 1)
    return (day, "month") if day else None


def _day_of_turned_month_zh(reading: _Reading, found: re.Match[str]) -> date | None:
    first = reading.today.replace(day=1) + relativedelta(months=_TURNS_ZH[found["which"]])
    day = _chinese(found["day"])
    return None if day is None else _made(first.year, first.month, day)


def _day_of_month_zh(reading: _Reading, found: re.Match[str]) -> date | None:
    return _day_of_month(reading, found) if found["day"].isascii() else None


def _weekday_zh(reading: _Reading, found: re.Match[str]) -> date:
    wanted = 5 if found["weekday"] == "末" else "一二三四五六日".find(found["weekday"])
    wanted = 6 if wanted < 0 else wanted  # 星期天
    if found["which"]:
        weeks = _TURNS_ZH[found["which"]]
        return _monday(reading.today) + timedelta(weeks=weeks, days=wanted)
    since = (reading.today.weekday() - wanted) % 7
    if reading.looks_ahead(found):
        return reading.today + timedelta(days=-since % 7)
    return reading.today - timedelta(days=since)


def _unit_zh(reading: _Reading, found: re.Match[str]) -> date | tuple[date, str]:
    unit = next(english for chinese, english in _UNITS_ZH.items() if chinese in found["unit"])
    return _whole(reading.today, unit, _TURNS_ZH[found["which"]])


def _steps_zh(reading: _Reading, found: re.Match[str]) -> date | None:
    unit = found["unit"]
    count = any_number(_ABOUT.sub("", found["number"]))
    if count is None:
        return None
    sign = 1 if "后" in found["way"] else -1
    if "半月" in unit or found["number"] == "半":
        return reading.today + timedelta(days=sign * 15 * max(1, int(count)))
    name = {"天": "days", "日": "days", "月": "months", "年": "years"}.get(unit[-1], "weeks")
    return _stepped(reading.today, name, sign * int(count))


_BOTH: tuple[tuple[re.Pattern[str], _Read], ...] = (
    (re.compile(rf"(?<![\d.-]){_YEAR}([-/.])(?P<month>0?[1-9]|1[0-2])\2{_DAY}(?![\d-])"), _year_first),
    (re.compile(r"(?<![\d.,/€$£¥-])(?P<first>[0-3]?\d)([-/.])(?P<second>[0-3]?\d)\2"
                r"(?P<year>(?:19|20)?\d\d)(?![\d.,-]\d|\d)"), _numbers),
    (re.compile(r"(?<![\w./-])(?!24/7)(?P<first>[0-3]?\d)/(?P<second>[0-3]?\d)(?P<year>(?!))?"
                r"(?![\w/%]|[.,]\d)", re.A), _numbers),
)  # fmt: skip

_ENGLISH: tuple[tuple[re.Pattern[str], _Read], ...] = (
    (re.compile(rf"(?<!\w)(?:(?:{_DAY_NAME}|{_SHORT_DAY})\.?,? )?(?:the )?{_DAY}(?:st|nd|rd|th)?"
                rf"\s?(?:of )?{_MONTH}(?:,? {_YEAR})?", re.I), _month_named),
    (re.compile(rf"(?<![a-z])(?:(?:{_DAY_NAME}|{_SHORT_DAY})\.?,? )?{_MONTH} (?:the )?{_DAY}"
                rf"(?:st|nd|rd|th)?(?![\w:]|[.,]\d)(?:,? {_YEAR}(?!\d))?", re.I), _month_named),
    (re.compile(rf"(?<![a-z]){_MONTH},? (?:of )?{_YEAR}(?!\d)", re.I), _whole_month),
    (re.compile(rf"(?:(?<=\bin )|(?<=\bsince )|(?<=\blast )|(?<=\buntil )){_MONTH}(?P<year>(?!))?",
                re.I), _whole_month),
    (re.compile(rf"(?:(?<=\bon the )|(?<=\bby the )|(?<=\bsince the )|(?<=\bfrom the ))"
                rf"{_DAY}(?:st|nd|rd|th)(?= *(?:$|[.,;!?)])| (?:and|but|i|it|we|of this)\b)",
                re.I), _day_of_month),
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

_CHINESE: tuple[tuple[re.Pattern[str], _Read], ...] = (
    (re.compile(rf"(?<![\d〇零一二三四五六七八九]){_ZH_YEAR}\s?年\s?{_ZH_MONTH}\s?月(?:份)?\s?"
                rf"{_ZH_DAY}\s?[日号]?"), _day_zh),
    (re.compile(rf"(?P<named>大前年|前年|去年|今年|明年|后年)?(?<![\d个十〇零一二三四五六七八九])"
                rf"{_ZH_MONTH}\s?月(?:份)?(?:的)?\s?{_ZH_DAY}\s?[日号]"), _day_zh),
    (re.compile(rf"(?<!\d)(?:(?P<named>大前年|前年|去年|今年|明年|后年)|{_ZH_YEAR}年)"
                rf"{_ZH_MONTH}月(?!\d)(?:份)?"), _month_zh),
    (re.compile(rf"(?P<which>上上|上|这|本|下)个?月(?:的)?{_ZH_DAY}[日号]?"
                ), _day_of_turned_month_zh),
    (re.compile(rf"(?<![\d路街弄巷道村院楼座栋线第])(?<!\d[ -]){_ZH_DAY}号(?=下|买|订|收|付|签|发|寄|就|前|之前"
                r"|以前|的时候|晚|早|上午|下午|那天|到|拍|退|换|申)"), _day_of_month_zh),
    (re.compile("|".join(sorted((n for n in _NAMED_DAYS if not n.isascii()), key=len,
                                reverse=True))), _named_day),
    (re.compile(rf"(?P<which>上上|上|这|本|下下|下)?个?{_ZH_WEEKDAY}"), _weekday_zh),
    (re.compile(r"(?P<which>上上|上|这|本|下下|下)(?P<unit>个?星期|个?礼拜|个?周|个?月)"
                r"(?![一二三四五六日天末\d])"), _unit_zh),
    (re.compile(rf"(?<![\d第.〇零一二两三四五六七八九十百千万]){_ZH_NUMBER}\s?{_ZH_UNIT}"
                r"(?P<way>多?(?:之前|以前|前(?!天|台)|之后|以后|后(?!天)))"), _steps_zh),
)  # fmt: skip
