"""Working time: when a team is there, by the clocks on its own wall.

An instant is working time exactly if a clock on that wall then shows a time within one of the
day's spans. So a night on which the clocks go back can hold an hour more of work, one on which
they go forward an hour less, and a span whose whole hour is skipped holds none.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
NONE = timedelta(0)
PIECE = timedelta(hours=6)  # no zone has changed its clocks twice within it
LONGEST_LOOK = timedelta(days=366 * 5)

Span = tuple[timedelta, timedelta]  # from and until, after midnight by the wall
Stretch = tuple[datetime, datetime]


class NeverOpens(ValueError):
    """So much working time does not come within five years."""


@dataclass(frozen=True)
class Hours:
    """Spans of each weekday, Monday first, in a time zone; `holidays` have spans of their own, or
    none. Spans of one day do not overlap, and stand in order."""

    zone: str
    week: tuple[tuple[Span, ...], ...]
    holidays: Mapping[date, tuple[Span, ...]]

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """When the team is there on one day."""
        return self.holidays.get(day, self.week[day.weekday()])


def working_time(hours: Hours | None, since: datetime, until: datetime) -> timedelta:
    """How much working time lies between two instants, none if they stand the other way round.
    Without hours all time counts."""
    if until <= since:
        return NONE
    if hours is None:
        return until - since
    within = ((max(a, since), min(b, until)) for a, b in _stretches(hours, since, until))
    return sum((b - a for a, b in within if b > a), NONE)


def after_working(hours: Hours | None, since: datetime, length: timedelta) -> datetime:
    """The first instant at which so much working time has passed since then; `since` itself for
    none. Without hours all time counts.

    Raises:
        NeverOpens: the calendar has hardly any spans.
    """
    if length <= NONE:
        return since
    if hours is None:
        return since + length
    left = length
    for begins, ends in _stretches(hours, since, since + LONGEST_LOOK):
        begins = max(begins, since)
        if ends - begins >= left:
            return begins + left
        left -= max(NONE, ends - begins)
    raise NeverOpens(f"{length} of working time do not come within five years.")


def _stretches(hours: Hours, since: datetime, until: datetime) -> Iterator[Stretch]:
    """The working time that touches `[since, until)`, in order and without overlap."""
    at = _beginning_of_piece(since)
    while at < until:
        for begins, ends, offset in pieces(hours.zone, at):
            yield from _open_within(hours, begins, ends, offset)
        at += PIECE


def _open_within(
    hours: Hours, begins: datetime, ends: datetime, offset: timedelta
) -> Iterator[Stretch]:
    """The spans between two instants with no change of the clocks between them."""
    day = (begins + offset).date()
    while (midnight := _midnight(day) - offset) < ends:
        for opens, closes in hours.spans_on(day):
            found = max(begins, midnight + opens), min(ends, midnight + closes)
            if found[0] < found[1]:
                yield found
        day += DAY


@lru_cache(maxsize=16_384)
def pieces(zone: str, at: datetime) -> tuple[tuple[datetime, datetime, timedelta], ...]:
    """The six hours from `at`, cut where the zone's clocks change, each with how far its wall is
    ahead of UTC."""
    known = ZoneInfo(zone)
    until = at + PIECE
    before, after = _offset(known, at), _offset(known, until - SECOND)
    if before == after:
        return ((at, until, before),)
    low, high = at, until - SECOND  # the clocks change after `low`, and have by `high`
    while high - low > SECOND:
        middle = low + (high - low) // (2 * SECOND) * SECOND
        low, high = (middle, high) if _offset(known, middle) == before else (low, middle)
    return ((at, high, before), (high, until, after))


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or NONE


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _beginning_of_piece(at: datetime) -> datetime:
    at = at.astimezone(UTC)
    return _midnight(at.date()) + timedelta(hours=at.hour // 6 * 6)
