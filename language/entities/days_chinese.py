"""Days as they are written in Chinese."""

from __future__ import annotations

import re
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from language.entities.numerals import CHINESE_NUMBER, any_number
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

_ZH_NUMBER = rf"(?P<number>\d{{1,3}}|{CHINESE_NUMBER})"
_ZH_DAY = r"(?P<day>[12]\d|3[01]|0?[1-9]|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_ZH_MONTH = r"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_ZH_YEAR = r"(?P<year>(?:19|20)?\d\d|[一二][〇零九]?[〇零一二三四五六七八九]{2,3})"
_ZH_WEEKDAY = r"(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末])"
_ZH_UNIT = r"(?P<unit>天|日(?!元)|个?星期|个?礼拜|周|个半?月|年)"

_NAMED_DAYS = {
    "大前天": -3,
    "前天": -2,
    "前日": -2,
    "前晚": -2,
    "昨天": -1,
    "昨日": -1,
    "昨晚": -1,
    "昨夜": -1,
    "今天": 0,
    "今日": 0,
    "今早": 0,
    "今晚": 0,
    "今晨": 0,
    "当天": 0,
    "明天": 1,
    "明日": 1,
    "明早": 1,
    "明晚": 1,
    "后天": 2,
    "大后天": 3,
}


def _named_day(reading: Reading, found: re.Match[str]) -> date:
    name = " ".join(found.group().lower().split())
    return reading.today + timedelta(days=_NAMED_DAYS[name])


_TURNS_ZH = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}
_YEARS_ZH = {"大前年": -3, "前年": -2, "去年": -1, "今年": 0, "明年": 1, "后年": 2}
_ABOUT = re.compile("^[一二两三四五六七八](?=[二两三四五六七八九]$)")  # 两三天: the more of both
_UNITS_ZH = {"周": "week", "星期": "week", "礼拜": "week", "月": "month"}


def _chinese(written: str) -> int | None:
    number = any_number(written)
    return None if number is None else int(number)


def _day_zh(reading: Reading, found: re.Match[str]) -> date | None:
    month, day = _chinese(found["month"]), _chinese(found["day"])
    if month is None or day is None:
        return None
    parts = found.groupdict()
    if parts.get("year"):
        return made(full_year(parts["year"]), month, day)
    if parts.get("named"):
        return made(reading.today.year + _YEARS_ZH[parts["named"]], month, day)
    return reading.without_year(month, day, found)


def _month_zh(reading: Reading, found: re.Match[str]) -> tuple[date, str] | None:
    month = _chinese(found["month"])
    if month is None:
        return None
    parts = found.groupdict()
    year = (
        full_year(parts["year"])
        if parts["year"]
        else reading.today.year + _YEARS_ZH[parts["named"]]
    )
    day = made(year, month, 1)
    return (day, "month") if day else None


def _day_of_turned_month_zh(reading: Reading, found: re.Match[str]) -> date | None:
    first = reading.today.replace(day=1) + relativedelta(months=_TURNS_ZH[found["which"]])
    day = _chinese(found["day"])
    return None if day is None else made(first.year, first.month, day)


def _day_of_month_zh(reading: Reading, found: re.Match[str]) -> date | None:
    return day_of_month(reading, found) if found["day"].isascii() else None


def _weekday_zh(reading: Reading, found: re.Match[str]) -> date:
    wanted = 5 if found["weekday"] == "末" else "一二三四五六日".find(found["weekday"])
    wanted = 6 if wanted < 0 else wanted  # 星期天
    if found["which"]:
        weeks = _TURNS_ZH[found["which"]]
        return monday(reading.today) + timedelta(weeks=weeks, days=wanted)
    since = (reading.today.weekday() - wanted) % 7
    if reading.looks_ahead(found):
        return reading.today + timedelta(days=-since % 7)
    return reading.today - timedelta(days=since)


def _unit_zh(reading: Reading, found: re.Match[str]) -> date | tuple[date, str]:
    unit = next(english for chinese, english in _UNITS_ZH.items() if chinese in found["unit"])
    return whole(reading.today, unit, _TURNS_ZH[found["which"]])


def _steps_zh(reading: Reading, found: re.Match[str]) -> date | None:
    unit = found["unit"]
    count = any_number(_ABOUT.sub("", found["number"]))
    if count is None:
        return None
    sign = 1 if "后" in found["way"] else -1
    if "半月" in unit or found["number"] == "半":
        return reading.today + timedelta(days=sign * 15 * max(1, int(count)))
    name = {"天": "days", "日": "days", "月": "months", "年": "years"}.get(unit[-1], "weeks")
    return stepped(reading.today, name, sign * int(count))


CHINESE_DAYS: tuple[tuple[re.Pattern[str], Read], ...] = (
    (re.compile(rf"(?<![\d〇零一二三四五六七八九]){_ZH_YEAR}\s?年\s?{_ZH_MONTH}\s?月(?:份)?\s?"
                rf"{_ZH_DAY}\s?[日号]?"), _day_zh),
    (re.compile(rf"(?P<named>大前年|前年|去年|今年|明年|后年)?(?<![\d个十〇零一二三四五六七八九])"
                rf"{_ZH_MONTH}\s?月(?:份)?(?:的)?\s?{_ZH_DAY}\s?[日号]"), _day_zh),
    (re.compile(rf"(?<!\d)(?:(?P<named>大前年|前年|去年|今年|明年|后年)|{_ZH_YEAR}年)"
                rf"{_ZH_MONTH}月(?!\d)(?:份)?"), _month_zh),
    (re.compile(rf"(?P<which>上上|上|这|本|下)个?月(?:的)?{_ZH_DAY}[日号]?"
                ), _day_of_turned_month_zh),
    (re.compile(rf"(?<![\d路街弄巷道村院楼座栋线第])(?<!\d[ -]){_ZH_DAY}"
                r"号(?=下|买|订|收|付|签|发|寄|就|前|之前"
                r"|以前|的时候|晚|早|上午|下午|那天|到|拍|退|换|申)"), _day_of_month_zh),
    (re.compile("|".join(sorted(_NAMED_DAYS, key=len,
                                reverse=True))), _named_day),
    (re.compile(rf"(?P<which>上上|上|这|本|下下|下)?个?{_ZH_WEEKDAY}"), _weekday_zh),
    (re.compile(r"(?P<which>上上|上|这|本|下下|下)(?P<unit>个?星期|个?礼拜|个?周|个?月)"
                r"(?![一二三四五六日天末\d])"), _unit_zh),
    (re.compile(rf"(?<![\d第.〇零一二两三四五六七八九十百千万]){_ZH_NUMBER}\s?{_ZH_UNIT}"
                r"(?P<way>多?(?:之前|以前|前(?!天|台)|之后|以后|后(?!天)))"), _steps_zh),
)  # fmt: skip
