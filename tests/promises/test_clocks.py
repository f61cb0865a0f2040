"""Working time and clocks, against examples one can check by hand and against a slow oracle."""

import random
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from desk.promises.rules.clocks import (
    Clock,
)
from desk.promises.rules.hours import (
    DAY,
    Hours,
    NeverOpens,
    after_working,
    pieces,
    working_time,
)
from tests.promises.oracle import changes_of, moment, watch

H, M = timedelta(hours=1), timedelta(minutes=1)
CASES = 10_000
ZONES = (
    *("UTC", "Europe/Berlin", "America/New_York", "Asia/Shanghai", "Asia/Kolkata"),
    "Australia/Lord_Howe",  # changes by half an hour
    "Pacific/Apia",  # skipped 30 December 2011
    "America/St_Johns",  # once changed its clocks at one minute past midnight
    "Africa/Casablanca",  # changes twice more, around Ramadan
    "America/Santiago",  # changes at midnight
    "Asia/Tehran",
    "Antarctica/Troll",  # changes by two hours
)
WEEKDAYS = (((9 * H, 12 * H), (13 * H, 17 * H)),) * 5 + ((), ())


def office(zone: str = "Europe/Berlin", **holidays: tuple) -> Hours:
    return Hours(
        zone,
        WEEKDAYS,
        {date.fromisoformat(d[1:].replace("_", "-")): s for d, s in holidays.items()},
    )


def at(text: str, zone: str = "Europe/Berlin") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


# By hand


@pytest.mark.parametrize(
    ("since", "until", "hours"),
    [
        ("2026-11-27 09:00", "2026-11-27 17:00", 7),  # a Friday, with its lunch break
        ("2026-11-27 16:00", "2026-11-30 10:00", 2),  # over the weekend
        ("2026-11-28 08:00", "2026-11-29 20:00", 0),
        ("2026-11-27 12:15", "2026-11-27 12:45", 0),
        ("2026-11-27 17:00", "2026-11-27 09:00", 0),  # the wrong way round
    ],
)
def test_item_7_lunch_nights_and_weekends_do_not_count(since, until, hours):
    assert working_time(office(), at(since), at(until)) == hours * H


def test_a_holiday_is_free_or_has_hours_of_its_own():
    known = office(d2026_12_24=((9 * H, 12 * H),), d2026_12_25=())
    assert working_time(known, at("2026-12-24 00:00"), at("2026-12-26 00:00")) == 3 * H
    assert after_working(known, at("2026-12-24 11:00"), 2 * H) == at("2026-12-28 10:00")


def test_the_target_is_reached_with_the_last_second_of_a_span_not_at_the_next_opening():
    assert after_working(office(), at("2026-11-27 16:00"), H) == at("2026-11-27 17:00")
    assert after_working(office(), at("2026-11-27 16:00"), H + M) == at("2026-11-30 09:01")
    assert after_working(office(), at("2026-11-28 10:00"), timedelta(0)) == at("2026-11-28 10:00")


def test_a_night_shift_has_an_hour_more_when_the_clocks_go_back_and_one_less_when_forward():
    nights = Hours("Europe/Berlin", (((0 * H, 6 * H),),) * 7, {})
    for day, worked in (("2026-10-25", 7), ("2026-10-24", 6), ("2026-03-29", 5)):
        assert working_time(nights, at(day), at(day) + 12 * H) == worked * H
    skipped = Hours("Europe/Berlin", (((2 * H, 3 * H),),) * 7, {})
    assert working_time(skipped, at("2026-03-29"), at("2026-03-30")) == 0 * H


def test_a_day_that_a_zone_left_out_has_no_hours():
    always = Hours("Pacific/Apia", (((0 * H, DAY),),) * 7, {date(2011, 12, 30): ((0 * H, 9 * H),)})
    begins = at("2011-12-29 00:00", "Pacific/Apia")
    assert working_time(always, begins, begins + 2 * DAY) == 2 * DAY


def test_without_hours_all_time_counts():
    since = at("2026-10-24 12:00")
    assert after_working(None, since, 72 * H) == since + 72 * H
    assert working_time(None, since, since + DAY) == DAY


def test_a_calendar_that_hardly_opens_is_told_apart_from_a_long_wait():
    never = Hours("UTC", ((),) * 7, {date(2026, 11, 30): ((9 * H, 10 * H),)})
    assert after_working(never, at("2026-11-28"), H) == at("2026-11-30 10:00", "UTC")
    with pytest.raises(NeverOpens):
        after_working(never, at("2026-11-28"), 2 * H)


@pytest.mark.parametrize("zone", ZONES)
def test_the_clocks_change_where_the_zone_says(zone):
    for year in (2011, 2024, 2026):
        for minute in changes_of(zone, year):
            change = moment(minute + 1)
            begins = change.replace(hour=change.hour // 6 * 6, minute=0)
            cut = {end for piece in pieces(zone, begins) for end in piece[:2]}
            assert change in cut | {begins}


# Against the oracle


def random_hours(dice: random.Random, around: int) -> Hours | None:
    if dice.random() < 0.1:
        return None

    def spans() -> tuple:
        edges = sorted(
            dice.sample(range(0, 1441, dice.choice((5, 15, 30))), dice.choice((2, 4, 6)))
        )
        return tuple((a * M, b * M) for a, b in zip(edges[::2], edges[1::2], strict=True))

    week = tuple(spans() if dice.random() < 0.75 else () for _ in range(7))
    days = dice.sample(range(-2, 5), dice.randint(0, 3))
    first = moment(around).date()
    holidays = {first + d * DAY: spans() if dice.random() < 0.5 else () for d in days}
    return Hours(dice.choice(ZONES), week, holidays)


def test_any_clock_agrees_with_one_that_looks_at_the_wall_every_minute():
    """10,000 random calendars, zones and pauses, most of them around a change of the clocks: what
    is used at the end, and when each percent was reached."""
    dice = random.Random(20261128)
    around = {zone: [m for y in (2011, 2024, 2026) for m in changes_of(zone, y)] for zone in ZONES}
    later = 0
    for _ in range(CASES):
        zone = dice.choice(ZONES)
        near = dice.choice(around[zone] or [29_700_000]) if dice.random() < 0.7 else 29_700_000
        begins = near + dice.randint(-1_500, 400)
        hours = random_hours(dice, begins)
        if hours is not None:
            hours = Hours(zone, hours.week, hours.holidays)
        ends = begins + dice.choice((100, 500, 1_800)) + dice.randint(1, 200)
        later += _agrees(dice, hours, begins, ends)
    assert later > CASES / 4  # not only clocks that never got there


def _agrees(dice: random.Random, hours: Hours | None, begins: int, ends: int) -> bool:
    stops = sorted(dice.sample(range(begins, ends + 1), min(dice.choice((0, 2, 4)), ends - begins)))
    stops = stops[: len(stops) // 2 * 2]
    goes = list(pairwise((begins, *stops, ends)))[::2]
    target = dice.choice((10, 30, 90, 480))
    clock, reached = Clock(target * M), {}
    for start, stop in goes:
        clock = clock.going(moment(start))
        for percent in (80, 100, 150):
            found = clock.moment_of(percent, hours)
            if percent not in reached and found and found <= moment(stop):
                reached[percent] = found
        clock = clock.stopped(moment(stop), hours)

    wanted = {target * percent // 100: percent for percent in (80, 100, 150)}
    used, found = watch(hours, goes, set(wanted))
    assert clock.used == used * M, (hours, goes)
    assert reached == {wanted[count]: at for count, at in found.items()}, (target, hours, goes)
    return bool(reached)
