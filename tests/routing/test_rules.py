"""Who is offered what, by the rules alone."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from desk.escalations.models import Priority
from desk.escalations.rules import counts_from, priority_for
from desk.routing.rules import (
    COUNTED_OFFERS,
    FEWEST_WAITS,
    MOST_CREDIT,
    Need,
    Seat,
    Served,
    Waiting,
    assignments,
    chosen,
    credit_after,
    expected_seconds,
    level_for,
    nearest_rank,
    seconds_per_place,
    should_go_back,
)

NOON = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
ALEX, MING, WANG = (UUID(int=n) for n in (1, 2, 3))


def ago(**span):
    return NOON - timedelta(**span)


def a_seat(who, *, load=0, capacity=3, offered=60, **skills):
    known = {tuple(name.split("_")): level for name, level in skills.items()}
    return Seat(who, capacity, load, ago(minutes=offered), known)


def waits(number, *, minutes=1.0, priority=Priority.ORDINARY, topic=None, language="en", **more):
    asked = ago(minutes=minutes)
    level = more.pop("level", 1)
    need = Need(topic, language, level)
    return Waiting(UUID(int=number), need, priority, asked, counts_from(asked, priority), **more)


def routed(line, seats, credit=MOST_CREDIT, most_worse=0.1):
    found = assignments(line, seats, credit, most_worse, NOON)
    return [(match.waiting.id.int, match.agent) for match in found]


# Who


def test_the_customers_last_agent_comes_first_however_much_they_have():
    seats = [a_seat(ALEX, load=0), a_seat(MING, load=2)]
    assert chosen(waits(9, last_agent=MING), seats).id == MING
    assert chosen(waits(9), seats).id == ALEX


def test_then_whoever_has_the_smallest_share_of_their_room_taken():
    assert (
        chosen(waits(9), [a_seat(ALEX, load=1, capacity=2), a_seat(MING, load=2, capacity=5)]).id
        == MING
    )


def test_then_whoever_was_offered_nothing_for_longest_so_equals_take_turns():
    seats = [a_seat(ALEX, offered=5), a_seat(MING, offered=9), a_seat(WANG, offered=7)]
    line = [waits(n, minutes=20 - n) for n in range(10, 16)]
    found = [who for _, who in routed(line, seats)]
    assert found[:3] == [MING, WANG, ALEX]
    assert sorted(found[3:]) == [ALEX, MING, WANG]


def test_nobody_gets_more_than_fits():
    seats = [a_seat(ALEX, load=2), a_seat(MING, load=3), a_seat(WANG, capacity=0)]
    assert routed([waits(n) for n in range(10, 20)], seats) == [(10, ALEX)]
    assert [seat.load for seat in seats] == [3, 3, 0]


@pytest.mark.parametrize(
    ("skills", "need", "level"),
    [
        ({}, Need("refund", "en"), 3),
        ({("refund", "en"): 2}, Need("refund", "en"), 2),
        ({("refund", "en"): 2}, Need("refund", "zh"), 0),
        ({("refund", "*"): 1}, Need("refund", "zh"), 1),
        ({("*", "zh"): 3, ("refund", "zh"): 1}, Need("refund", "zh"), 3),
        ({("*", "*"): 1}, Need("newsletter", "en"), 1),
        ({("refund", "en"): 2}, Need(None, "en"), 2),
        ({("refund", "en"): 2}, Need(None, "zh"), 0),
    ],
)
def test_a_skill_is_a_topic_in_a_language_at_a_level(skills, need, level):
    assert level_for(skills, need) == level


def test_whoever_knows_too_little_is_not_asked_and_whoever_has_no_matrix_takes_all():
    hard = waits(9, topic="refund", language="zh", level=2)
    beginner, other = a_seat(ALEX, refund_zh=1), a_seat(MING, refund_en=3)
    assert chosen(hard, [beginner, other]) is None
    assert chosen(hard, [beginner, other, a_seat(WANG)]).id == WANG
    assert routed([hard, waits(8, topic="refund", language="en")], [beginner, other]) == [(8, MING)]


def test_field_4_what_somebody_missed_goes_to_the_next_and_comes_back_only_after_all_the_others():
    seats = [a_seat(ALEX), a_seat(MING, load=2)]
    assert chosen(waits(9, last_agent=ALEX, missed={ALEX: 1}), seats).id == MING
    assert chosen(waits(9, missed={ALEX: 1, MING: 2}), seats).id == ALEX
    assert chosen(waits(9, declined={ALEX, MING}), seats) is None


# When


def test_whoever_waits_longest_is_served_first_and_priority_is_a_head_start():
    line = [
        waits(1, minutes=3),
        waits(2, minutes=9),
        waits(3, minutes=1, priority=Priority.HIGH),  # as if for 11 minutes
        waits(4, minutes=12),
    ]
    assert [n for n, _ in routed(line, [a_seat(ALEX, capacity=9)])] == [4, 3, 2, 1]


def test_so_that_nobody_starves_whoever_waits_a_head_start_longer_is_before_every_priority():
    old = waits(1, minutes=24 * 60 + 5)
    vips = [waits(n, minutes=1, priority=Priority.VIP) for n in range(2, 9)]
    assert routed([*vips, old], [a_seat(ALEX, capacity=1)]) == [(1, ALEX)]


def test_a_vip_goes_first_while_the_guard_lets_them_and_in_turn_when_it_does_not():
    line = [waits(1, minutes=5), waits(2, minutes=1, priority=Priority.VIP), waits(3, minutes=4)]
    assert routed(line, [a_seat(ALEX)], credit=1) == [(2, ALEX), (1, ALEX), (3, ALEX)]
    assert routed(line, [a_seat(ALEX)], credit=0.9, most_worse=0) == [
        (1, ALEX),
        (3, ALEX),
        (2, ALEX),
    ]


def test_a_vip_who_hurts_nobody_costs_no_credit():
    stuck = waits(1, minutes=9, language="zh", topic="refund")
    vips = [waits(n, minutes=1, priority=Priority.VIP, topic="refund") for n in (2, 3, 4, 5)]
    seats = [a_seat(ALEX, capacity=9, refund_en=1)]
    found = assignments([stuck, *vips], seats, 0, 0.1, NOON)
    assert [(m.waiting.id.int, m.passed) for m in found] == [(n, False) for n in (2, 3, 4, 5)]


def test_credit_is_earned_by_serving_in_turn_and_never_grows_beyond_a_few():
    assert credit_after([], 0.1) == MOST_CREDIT
    assert credit_after([True] * 3, 0.1) == pytest.approx(MOST_CREDIT - 3)
    assert credit_after([True] * 3 + [False] * 10, 0.1) == pytest.approx(MOST_CREDIT - 2)
    assert credit_after([False] * 1_000, 0.5) == MOST_CREDIT
    # Of a long past only the newest count, and those before them are taken to have used all.
    assert credit_after([True] * 1_000 + [False] * COUNTED_OFFERS, 0.01) == pytest.approx(2)
    assert credit_after([False] * 1_000 + [True] + [False] * (COUNTED_OFFERS - 1), 0) == -1


def test_the_guard_lets_at_most_its_share_of_those_served_go_first():
    for most_worse in (0.05, 0.1, 0.25):
        passes: list[bool] = []
        for _ in range(400):  # an endless stream of VIPs before an endless line
            passes.append(credit_after(passes, most_worse) >= 1)
        share = most_worse / (1 + most_worse)
        assert sum(passes) <= share * 400 + MOST_CREDIT + 1
        assert sum(passes) >= share * 400 - 1


def test_only_the_segments_that_the_owner_names_make_a_vip():
    assert priority_for("vip", {"vip", "gold"}) is Priority.VIP
    assert priority_for("silver", {"vip", "gold"}) is Priority.ORDINARY
    assert priority_for(None, set()) is Priority.ORDINARY


# Back to the queue


GRACE = timedelta(minutes=2)


@pytest.mark.parametrize(
    ("waited", "offline", "goes"),
    [
        (None, 60, False),  # the agent has answered: the customer is not waiting
        (10, None, False),
        (10, 3, True),
        (10, 1, False),  # the laptop may come back
        (1, 60, False),  # wrote just now, to somebody long gone: the grace runs from then
        (31, None, True),  # there, and silent for too long
    ],
)
def test_field_4_who_waits_for_an_agent_that_is_gone_or_silent_gets_another(waited, offline, goes):
    found = should_go_back(
        None if waited is None else ago(minutes=waited),
        None if offline is None else ago(minutes=offline),
        NOON,
        grace=GRACE,
        ignored_after=timedelta(minutes=30),
    )
    assert found is goes


def test_an_owner_may_let_agents_be_silent():
    old = ago(days=3)
    assert not should_go_back(old, None, NOON, grace=GRACE, ignored_after=None)


# How long


def test_an_expected_wait_comes_from_waits_that_are_over_and_from_enough_of_them():
    one = Served(ago(minutes=10), ago(minutes=8))
    assert seconds_per_place([one] * (FEWEST_WAITS - 1)) is None
    assert seconds_per_place([one] * FEWEST_WAITS) == 120
    assert expected_seconds(3, None) is None
    assert expected_seconds(None, 120) is None
    assert (expected_seconds(3, 120), expected_seconds(1, 4)) == (360, 30)


def test_a_place_takes_what_places_took():
    # Five came within a minute and were served one every two minutes.
    line = [Served(ago(seconds=600 - 10 * n), ago(seconds=600 - 120 * (n + 1))) for n in range(5)]
    assert seconds_per_place(line) == pytest.approx(120, rel=0.1)


def test_half_and_nine_in_ten():
    assert [nearest_rank([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], share) for share in (0.5, 0.9)] == [5, 9]
    assert nearest_rank([], 0.9) == 0
