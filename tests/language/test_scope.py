"""The threshold between what the bot was trained for and everything else."""

import numpy as np
import pytest

from language.scope import threshold

INSIDE = np.array([False, False, True, False, True, True, False, True, True, True])
SUMS = np.arange(10.0)


def kept_out(at):
    return np.mean(SUMS[~INSIDE] < at)


def test_without_a_wish_it_stands_where_most_are_treated_rightly():
    assert threshold(SUMS, INSIDE) == 1.5


@pytest.mark.parametrize(
    ("wanted", "at"), [(0.0, -0.5), (0.25, 0.5), (0.5, 1.5), (0.6, 3.5), (0.9, 6.5), (1.0, 6.5)]
)
def test_it_keeps_out_what_is_wanted_and_turns_away_no_more_than_that_takes(wanted, at):
    assert threshold(SUMS, INSIDE, keeping_out=wanted) == at
    assert kept_out(at) >= wanted
    assert kept_out(at - 1) < wanted or wanted == 0


def test_the_order_in_which_lines_come_changes_nothing():
    mixed = np.random.default_rng(1).permutation(10)
    for wanted in (None, 0.9):
        found = threshold(SUMS[mixed], INSIDE[mixed], keeping_out=wanted)
        assert found == threshold(SUMS, INSIDE, keeping_out=wanted)


def test_with_nothing_from_outside_everything_is_let_in():
    everything = np.ones(10, bool)
    assert threshold(SUMS, everything, keeping_out=0.9) < SUMS.min()
