"""Clocks of people's time: what starts, stops and ends them, and what is told exactly once."""

from datetime import timedelta
from uuid import uuid4

import pytest

from desk.conversations.commands import hear, resolve, say
from desk.conversations.models import Author, Resolver
from desk.escalations.commands import accept, escalate, finish, hand_back
from desk.escalations.models import Kind, Reason
from desk.events.queries import events_of
from desk.people.models import Role
from desk.promises import queries
from desk.promises.commands import change_calendar, take_in
from desk.promises.models import Standing, What
from desk.promises.rules.policies import NeverDue
from desk.tickets.commands import open_ticket
from tests.builders import a_conversation, a_conversation_in_the_queue
from tests.promises.builders import (
    OFFICE,
    a_calendar,
    a_policy,
    answers,
    asks,
    look_around,
    promised,
    somebody,
    told,
)
from tests.promises.conftest import MONDAY

MINUTE = timedelta(minutes=1)
FIRST, NEXT, RESOLUTION = What.FIRST_REPLY, What.NEXT_REPLY, What.RESOLUTION


@pytest.fixture
def sam(session):
    return somebody(session, "Sam", Role.SUPERVISOR)


@pytest.fixture
def alex(session):
    return somebody(session)


@pytest.fixture
def waiting(session, sam, wall):
    """Handed to people at nine, under "Half an hour"."""
    a_policy(session, sam)
    spoken = a_conversation_in_the_queue(session)
    take_in(session, spoken.id)
    return spoken


def used(session, spoken, what):
    return promised(session, spoken, what).used_microseconds / 60e6


# What moves a clock


def test_a_hand_off_starts_the_clocks_and_the_bots_time_before_it_counts_for_nobody(
    session, sam, wall
):
    a_policy(session, sam)
    spoken = a_conversation(session)
    hear(session, spoken.id, uuid4(), "My router blinks")
    wall.passes(minutes=50)
    escalate(session, spoken.id, kind=Kind.REQUESTED, reason=Reason.ASKED_FOR_A_PERSON)
    take_in(session, spoken.id)
    first = promised(session, spoken, FIRST)
    assert (first.started_at, first.due_at) == (wall.now, wall.now + 30 * MINUTE)
    assert promised(session, spoken, RESOLUTION).due_at == wall.now + 240 * MINUTE
    assert told(session, spoken.id) == ["made", "made"]


def test_item_7_a_reply_counts_by_its_own_moment_and_nothing_escalates_after_it(
    session, waiting, alex, wall
):
    accept(session, waiting.id, alex)
    wall.passes(minutes=29)
    say(session, waiting.id, "Hello", author=Author.AGENT, agent_id=alex.id)
    wall.passes(hours=3)  # nobody looked meanwhile, not even for the warning
    look_around(session)
    first = promised(session, waiting, FIRST)
    assert (first.standing, first.broken_at) == (Standing.MET, None)
    assert first.ended_at == MONDAY + 29 * MINUTE
    assert told(session, waiting.id, FIRST) == ["made", "met"]
    assert "escalated" not in told(session, waiting.id)


def test_a_reply_that_came_too_late_broke_the_promise_when_the_time_was_up(
    session, waiting, alex, wall
):
    accept(session, waiting.id, alex)
    wall.passes(minutes=31)
    answers(session, waiting, alex)
    first = promised(session, waiting, FIRST)
    assert (first.standing, first.broken_at) == (Standing.MET, MONDAY + 30 * MINUTE)
    look_around(session)
    assert told(session, waiting.id, FIRST) == ["made", "broken", "met"]


def test_a_resolution_waits_while_the_customer_is_to_speak(session, waiting, alex, wall):
    accept(session, waiting.id, alex)
    wall.passes(minutes=10)
    answers(session, waiting, alex)
    wall.passes(hours=30)
    assert promised(session, waiting, RESOLUTION).due_at is None
    asks(session, waiting)
    assert promised(session, waiting, RESOLUTION).due_at == wall.now + 230 * MINUTE
    wall.passes(minutes=20)
    finish(session, waiting.id, alex)
    take_in(session, waiting.id)
    assert used(session, waiting, RESOLUTION) == 30
    assert told(session, waiting.id, RESOLUTION) == ["made", "paused", "resumed", "met"]


def test_every_next_question_is_promised_a_reply_once(session, waiting, alex, wall):
    accept(session, waiting.id, alex)
    asks(session, waiting, "Are you there?")  # still the first reply that is owed
    answers(session, waiting, alex)
    for _ in range(3):
        wall.passes(minutes=1)
        asks(session, waiting)
    assert promised(session, waiting, NEXT).due_at == MONDAY + 31 * MINUTE
    answers(session, waiting, alex)
    answers(session, waiting, alex)
    assert told(session, waiting.id, NEXT) == ["made", "met"]


def test_item_7_the_clock_does_not_run_on_after_the_resolve(session, waiting, alex, wall):
    accept(session, waiting.id, alex)
    wall.passes(minutes=5)
    finish(session, waiting.id, alex)
    wall.passes(days=9)
    take_in(session, waiting.id)
    look_around(session)
    assert promised(session, waiting, RESOLUTION).ended_at == MONDAY + 5 * MINUTE
    assert promised(session, waiting, FIRST).standing is Standing.DROPPED
    assert {"broken", "warned"}.isdisjoint(told(session, waiting.id))


def test_item_5_a_reopened_matter_goes_on_counting_and_the_bots_time_stays_out(
    session, waiting, alex, wall
):
    accept(session, waiting.id, alex)
    wall.passes(minutes=30)
    finish(session, waiting.id, alex)
    wall.passes(days=2)
    asks(session, waiting, "It is broken again")  # the bot answers: nobody's time
    wall.passes(minutes=45)
    escalate(session, waiting.id, kind=Kind.REQUESTED, reason=Reason.NOT_SOLVED)
    take_in(session, waiting.id)
    assert promised(session, waiting, RESOLUTION).due_at == wall.now + 210 * MINUTE
    assert told(session, waiting.id, RESOLUTION) == ["made", "met", "reopened"]
    firsts = [p for p in queries.promises_of(session, waiting.id) if p.what is FIRST]
    assert [one.standing for one in firsts] == [Standing.DROPPED, Standing.GOING]


def test_a_matter_that_comes_back_after_more_than_a_week_is_another(session, waiting, alex, wall):
    accept(session, waiting.id, alex)
    finish(session, waiting.id, alex)
    wall.passes(days=7, minutes=1)
    asks(session, waiting)
    escalate(session, waiting.id, kind=Kind.REQUESTED, reason=Reason.NOT_SOLVED)
    take_in(session, waiting.id)
    assert told(session, waiting.id, RESOLUTION) == ["made", "met", "made"]


def test_back_with_the_bot_nobody_owes_a_reply_and_the_resolution_waits(
    session, waiting, alex, wall
):
    accept(session, waiting.id, alex)
    answers(session, waiting, alex)
    asks(session, waiting)
    wall.passes(minutes=10)
    hand_back(session, waiting.id, alex)
    wall.passes(hours=9)
    asks(session, waiting)
    assert promised(session, waiting, NEXT).standing is Standing.DROPPED
    assert promised(session, waiting, RESOLUTION).standing is Standing.PAUSED
    resolve(session, waiting.id, by=Resolver.BOT)
    take_in(session, waiting.id)
    assert (used(session, waiting, RESOLUTION), told(session, waiting.id)[-1]) == (10, "met")


def test_a_take_over_uninvited_is_promised_the_same(session, sam, alex, wall):
    a_policy(session, sam)
    spoken = a_conversation(session)
    accept(session, spoken.id, alex)
    take_in(session, spoken.id)
    assert promised(session, spoken, FIRST).due_at == wall.now + 30 * MINUTE


# By which policy


def test_the_first_policy_that_fits_counts(session, sam, wall):
    a_policy(session, sam, name="Everybody", place=9)
    a_policy(session, sam, name="VIPs", place=1, applies_to={"customers": ["@big.example"]})
    a_policy(session, sam, name="Urgent", place=2, applies_to={"priorities": ["high"]})
    a_policy(session, sam, name="Served first", place=3, applies_to={"priorities": ["vip"]})
    a_policy(session, sam, name="Later made", place=0).created_at = wall.now + MINUTE

    def policy_for(email=None, priority=None, verified=True, segment=None):
        spoken = a_conversation(session)
        spoken.customer.email, spoken.customer.verified_at = email, wall.now if verified else None
        spoken.customer.segment = segment
        if priority:
            open_ticket(
                session, spoken.id, kind="task", subject="x", priority=priority, key=str(uuid4())
            )
        escalate(session, spoken.id, kind=Kind.REQUESTED, reason=Reason.ASKED_FOR_A_PERSON)
        take_in(session, spoken.id)
        return promised(session, spoken, FIRST).policy.name

    assert policy_for() == "Everybody"
    assert policy_for("ann@big.example", "high") == "VIPs"
    assert policy_for("ann@big.example", verified=False) == "Everybody"
    assert policy_for("ann@notbig.example", "high") == "Urgent"
    assert policy_for(priority="low") == "Everybody"
    assert policy_for(segment="vip") == "Served first"


def test_without_a_policy_nothing_is_promised_and_later_ones_do_not_reach_back(session, sam, wall):
    spoken = a_conversation_in_the_queue(session)
    a_policy(session, sam).created_at = wall.now + MINUTE
    take_in(session, spoken.id)
    assert told(session, spoken.id) == []


def test_working_time_counts_by_the_calendar_over_night_and_weekend(session, sam, wall):
    office = a_calendar(session, sam)
    a_policy(session, sam, calendar_id=office.id)
    wall.passes(days=4, hours=7, minutes=45)  # Friday, a quarter to five
    spoken = a_conversation_in_the_queue(session)
    take_in(session, spoken.id)
    monday = MONDAY + timedelta(days=7)
    assert promised(session, spoken, FIRST).due_at == monday + 15 * MINUTE


def test_a_changed_calendar_counts_from_now_and_what_is_gone_stays_gone(session, sam, wall):
    office = a_calendar(session, sam)
    a_policy(session, sam, calendar_id=office.id)
    spoken = a_conversation_in_the_queue(session)
    take_in(session, spoken.id)
    wall.passes(minutes=20)
    tuesdays = {"week": {"tuesday": OFFICE["week"]["tuesday"]}}
    change_calendar(session, office.id, sam, OFFICE | tuesdays)
    first = promised(session, spoken, FIRST)
    assert first.due_at == MONDAY + timedelta(days=1, minutes=10)
    wall.passes(hours=7)
    look_around(session)
    assert told(session, spoken.id, FIRST) == ["made"]


def test_a_calendar_is_not_changed_past_a_breach_nobody_has_noticed(session, sam, wall):
    office = a_calendar(session, sam)
    a_policy(session, sam, calendar_id=office.id)
    spoken = a_conversation_in_the_queue(session)
    take_in(session, spoken.id)
    wall.passes(minutes=40)
    change_calendar(session, office.id, sam, OFFICE | {"time_zone": "Asia/Shanghai"})
    assert promised(session, spoken, FIRST).broken_at == MONDAY + 30 * MINUTE


def test_a_calendar_that_would_never_let_a_promise_fall_due_is_refused(session, sam, wall):
    office = a_calendar(session, sam)
    a_policy(session, sam, calendar_id=office.id, resolution_seconds=86_400 * 30)
    rarely = {"week": {"monday": [{"from": "09:00", "until": "09:01"}]}}
    with pytest.raises(NeverDue, match="720 working hours"):
        change_calendar(session, office.id, sam, OFFICE | rarely)


# What falls due


def test_a_warning_the_breach_and_the_chain_are_told_once_each(session, waiting, sam, wall):
    for minutes, expected in (
        (22, ["made"]),
        (1, ["made", "warned"]),
        (6, ["made", "warned"]),
        (2, ["made", "warned", "broken", "escalated"]),
        (13, ["made", "warned", "broken", "escalated"]),
        (2, ["made", "warned", "broken", "escalated", "escalated"]),
        (900, ["made", "warned", "broken", "escalated", "escalated"]),
    ):
        wall.passes(minutes=minutes)
        for _ in range(2):
            look_around(session)
        assert told(session, waiting.id, FIRST) == expected
    first = promised(session, waiting, FIRST)
    assert (first.told, first.look_at) == ("supervisor", None)
    assert first.warned_at == MONDAY + 22.5 * MINUTE


def test_a_step_tells_the_agent_who_has_it_and_leads_are_supervisors_until_there_are_some(
    session, waiting, alex, sam, wall
):
    accept(session, waiting.id, alex)
    wall.passes(minutes=60)
    look_around(session)
    steps = [e.facts for e in events_of(session, waiting.id) if "tell" in e.facts]
    first = [(s["tell"], s["people"]) for s in steps if s["what"] == FIRST]
    assert first == [
        ("agent", [str(alex.id)]),
        ("lead", [str(sam.id)]),
        ("supervisor", [str(sam.id)]),
    ]


def test_a_warning_of_what_nobody_has_reaches_who_leads(session, waiting, sam, wall):
    wall.passes(minutes=23)
    look_around(session)
    warned = [e.facts for e in events_of(session, waiting.id) if e.kind == "promise.warned"]
    assert [(w["tell"], w["told"], w["people"]) for w in warned] == [
        ("agent", "supervisor", [str(sam.id)])
    ]
    assert promised(session, waiting, FIRST).told == "supervisor"


def test_a_broken_resolution_waits_with_its_chain_for_the_customer(session, waiting, alex, wall):
    accept(session, waiting.id, alex)
    wall.passes(minutes=300)
    answers(session, waiting, alex)
    wall.passes(days=2)
    look_around(session)
    assert told(session, waiting.id, RESOLUTION) == ["made", "broken", "paused"]
    asks(session, waiting)
    wall.passes(seconds=1)
    look_around(session)
    assert told(session, waiting.id, RESOLUTION)[3:] == ["resumed", "escalated"]
    wall.passes(minutes=61)
    look_around(session)
    assert told(session, waiting.id, RESOLUTION)[5:] == ["escalated"]
