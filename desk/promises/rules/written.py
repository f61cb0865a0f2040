"""Calendars as people write them, and as the clocks read them."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from difflib import get_close_matches
from itertools import pairwise
from typing import Any
from zoneinfo import available_timezones

from desk.conversations.rules import readable
from desk.errors import Invalid
from desk.promises.rules.hours import Hours, Span

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LONGEST_NAME = 80  # characters
MOST_SPANS = 12  # of one day
MOST_HOLIDAYS = 500
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")


class CalendarWrong(Invalid):
    """A calendar that no clock could be read by; each kind says what would be right."""


class NoSuchZone(CalendarWrong):
    """The time zone is none."""


class NeverWorks(CalendarWrong):
    """No weekday has working time."""


class NoTime(CalendarWrong):
    """A span begins or ends at no time of the day."""


class EndsFirst(CalendarWrong):
    """A span ends before it begins."""


class SpansOverlap(CalendarWrong):
    """Two spans of a day overlap."""


class TooManySpans(CalendarWrong):
    """More spans, or holidays, than anybody means."""


class NoDate(CalendarWrong):
    """A holiday is on no day."""


class HolidayTwice(CalendarWrong):
    """One date is two holidays."""


def readable_name(text: str) -> str:
    """A name as it is kept.

    Raises:
        TooLong, Unreadable: it is none.
    """
    return readable(text, what="name", longest=LONGEST_NAME)


def checked_calendar(told: Mapping[str, Any]) -> dict[str, Any]:
    """A calendar as it is kept: every weekday, spans and holidays in order.

    Raises:
        CalendarWrong: says what is wrong, and what would be right.
    """
    week = {day: _checked_spans(day.capitalize(), told["week"].get(day)) for day in WEEKDAYS}
    if not any(week.values()):
        raise NeverWorks("No weekday has working time. Give at least one a span: 09:00–17:00.")
    if len(told["holidays"]) > MOST_HOLIDAYS:
        raise TooManySpans(f"A calendar has at most {MOST_HOLIDAYS} holidays.")
    holidays = [_checked_holiday(one) for one in told["holidays"]]
    days = [one["day"] for one in holidays]
    twice = sorted({day for day in days if days.count(day) > 1})
    if twice:
        raise HolidayTwice(f"{twice[0]} is there twice. Keep one holiday of each date.")
    return {
        "name": readable_name(told["name"]),
        "time_zone": _checked_zone(told["time_zone"]),
        "week": week,
        "holidays": sorted(holidays, key=lambda one: str(one["day"])),
    }


def hours_of(zone: str, week: Mapping[str, Any], holidays: Sequence[Mapping[str, Any]]) -> Hours:
    """What the clocks read of a calendar that was kept."""
    free = {date.fromisoformat(one["day"]): _spans(one["spans"]) for one in holidays}
    return Hours(zone, tuple(_spans(week[day]) for day in WEEKDAYS), free)


def _spans(kept: Sequence[Mapping[str, str]]) -> tuple[Span, ...]:
    return tuple((_after_midnight(one["from"]), _after_midnight(one["until"])) for one in kept)


def _after_midnight(time: str) -> timedelta:
    hour, minute = time.split(":")
    return timedelta(hours=int(hour), minutes=int(minute))


def _checked_zone(told: str) -> str:
    known = available_timezones()
    if told in known:
        return told
    close = get_close_matches(told.replace(" ", "_"), sorted(known), n=1, cutoff=0.5)
    meant = f"Did you mean {close[0]}?" if close else "Take a name such as Europe/Berlin."
    raise NoSuchZone(f"{told!r} is no time zone. {meant}")


def _checked_holiday(told: Mapping[str, Any]) -> dict[str, Any]:
    try:
        day = date.fromisoformat(told["day"]).isoformat()
    except ValueError:
        raise NoDate(f"{told['day']!r} is no date. Write it as 2026-12-25.") from None
    name = readable(told["name"], what="name", longest=LONGEST_NAME) if told["name"] else ""
    return {"day": day, "name": name, "spans": _checked_spans(day, told["spans"])}


def _checked_spans(day: str, told: Sequence[Mapping[str, str]] | None) -> list[dict[str, str]]:
    spans = [{"from": one["from"], "until": one["until"]} for one in told or ()]
    if len(spans) > MOST_SPANS:
        raise TooManySpans(f"{day}: a day has at most {MOST_SPANS} spans.")
    for span in spans:
        _check_span(day, span["from"], span["until"])
    spans.sort(key=lambda span: span["from"])
    for before, after in pairwise(spans):
        if after["from"] < before["until"]:
            raise SpansOverlap(
                f"{day}: {_written(before)} and {_written(after)} overlap. Begin the second at "
                f"{before['until']} or later, or make them one."
            )
    return spans


def _check_span(day: str, begins: str, ends: str) -> None:
    for time in (begins, ends):
        if not _TIME.fullmatch(time):
            raise NoTime(f"{day}: {time!r} is no time. Write it as 09:00, up to 24:00.")
    if begins >= ends:
        raise EndsFirst(
            f"{day}: {begins}–{ends} ends before it begins. A night is two spans: 22:00–24:00, "
            "and 00:00–06:00 on the next day."
        )


def _written(span: Mapping[str, str]) -> str:
    return f"{span['from']}–{span['until']}"
