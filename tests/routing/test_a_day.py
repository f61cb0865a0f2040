"""A small day through the real rules, by the simulation that bench/routing.py measures."""

from dataclasses import replace

import pytest

from bench.routing import QUICK, Simulation, compare
from desk.routing.rules import nearest_rank


@pytest.fixture(scope="module")
def day():
    return compare(QUICK)


def test_on_a_busy_day_nobody_starves_and_nobody_has_more_than_fits(day):
    assert (day["served"], day["left"]) == (QUICK.conversations, 0)
    assert day["fullest"] == 1.0  # full, and never more
    assert day["misfits"] == 0
    assert day["longest_wait_s"] <= 1.5 * day["longest_wait_without_s"]


def test_vips_wait_far_shorter_and_the_others_within_the_guard(day):
    assert day["vip_wait_ratio"] <= 0.6
    assert day["others_p90_ratio"] <= 1 + QUICK.guard


@pytest.mark.parametrize("seed", [1, 4, 5])
def test_the_guard_holds_on_other_days_with_as_many_vips_as_it_can_bear(seed):
    told = compare(replace(QUICK, seed=seed, vip_share=0.1))
    assert told["others_p90_ratio"] <= 1 + QUICK.guard
    assert told["vip_wait_ratio"] < 0.6


def test_the_guard_and_nothing_else_keeps_many_vips_from_crowding_the_others_out():
    crowded = replace(QUICK, vip_share=0.3)
    assert compare(crowded)["others_p90_ratio"] <= 1 + QUICK.guard
    unguarded = replace(crowded, guard=100.0)
    p90 = [
        nearest_rank(sorted(Simulation(unguarded, has_channel=has).run().others), 0.9)
        for has in (True, False)
    ]
    assert p90[0] / p90[1] > 1 + QUICK.guard
