"""The slow, obviously right way to measure a promise: look at the wall clock, minute by minute."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from desk.promises.rules.hours import Hours

MINUTE = timedelta(minutes=1)


@cache
def wall(zone: str, minute: int) -> tuple[date, int]:
    """What a clock on the wall shows at a minute counted from 1970: day, and minute of the day."""
    shown = moment(minute).astimezone(ZoneInfo(zone))
    return shown.date(), shown.hour * 60 + shown.minute


def watch(
    hours: Hours | None, goes: list[tuple[int, int]], wanted: set[int]
) -> tuple[int, dict[int, datetime]]:
    """Count the minutes in which the team works and the clock goes, one by one; gives how many
    there were, and the end of the one with which each of the `wanted` counts was reached."""
    days: dict[date, list[tuple[int, int]]] = {}
    used, reached = 0, {}
    for minute in (m for start, stop in goes for m in range(start, stop)):
        if hours is not None:
            day, shown = wall(hours.zone, minute)
            if day not in days:
                is_free = day in hours.holidays
                spans = hours.holidays[day] if is_free else hours.week[day.weekday()]
                days[day] = [(a // MINUTE, b // MINUTE) for a, b in spans]
            if not any(opens <= shown < closes for opens, closes in days[day]):
                continue
        used += 1
        if used in wanted:
            reached[used] = moment(minute + 1)
    return used, reached


def moment(minute: int) -> datetime:
    """That minute's beginning."""
    return datetime.fromtimestamp(minute * 60, UTC)


def changes_of(zone: str, year: int) -> Iterator[int]:
    """The minutes at which a zone's clocks change in a year."""
    first = int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) // 60
    known = ZoneInfo(zone)
    for hour in range(366 * 24):
        at = first + hour * 60
        before, after = moment(at).astimezone(known), moment(at + 60).astimezone(known)
        if before.utcoffset() != after.utcoffset():
            yield from (
                m
                for m in range(at, at + 60)
                if moment(m).astimezone(known).utcoffset()
                != moment(m + 1).astimezone(known).utcoffset()
            )
