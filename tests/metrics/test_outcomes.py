"""The table of METRICS.md, row by row, and what wins where two rows could apply."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from desk.escalations.models import Kind
from desk.metrics.rules import (
    FINAL_AFTER,
    Contact,
    LeftOut,
    Outcome,
    escalation,
    facts_of,
    is_recontact,
    judge,
    resolution,
)
from tests.metrics.histories import Teller

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
MUCH_LATER = START + timedelta(days=30)


def a_talk(**facts) -> Teller:
    return Teller(START, **facts).customer("refund").bot()


def judged(told: Teller, *, at=MUCH_LATER, recontacted=False):
    return judge(facts_of(told.events), recontacted=recontacted, at=at)


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        (a_talk().then("conversation.solved", solved=True), Outcome.CONFIRMED),
        (a_talk().then("job.queued").then("job.succeeded", reference="RF-1"), Outcome.CONFIRMED),
        (a_talk().then("job.queued").then("job.succeeded"), Outcome.ASSUMED),
        (a_talk().then("conversation.goal_reached", goal="track_order"), Outcome.ASSUMED),
        (a_talk(), Outcome.ABANDONED),
        (
            a_talk().then("job.queued").then("job.refused", code="OUTSIDE_30_DAYS"),
            Outcome.ABANDONED,
        ),
        (a_talk().then("conversation.solved", solved=False), Outcome.ABANDONED),
        (a_talk().asks_for_a_person().accepted(), Outcome.HANDED_OFF),
        (a_talk().asks_for_a_person().accepted().agent().handed_back(), Outcome.HANDED_OFF),
        (a_talk().asks_for_a_person(), Outcome.FAILED),
        (a_talk().then("bot.failed", code="BOT_EMPTY"), Outcome.FAILED),
        (a_talk().then("job.queued").then("job.failed"), Outcome.FAILED),
        (a_talk().then("job.queued"), Outcome.FAILED),
    ],
)
def test_each_conversation_has_the_outcome_of_its_row(told, outcome):
    assert judged(told).outcome is outcome


def test_a_person_takes_precedence_over_a_robot_that_confirmed():
    done = a_talk().then("job.queued").then("job.succeeded", reference="RF-1")
    assert judged(done.asks_for_a_person().accepted().agent()).outcome is Outcome.HANDED_OFF


def test_a_hand_off_that_waits_is_handed_off_until_it_times_out():
    waiting = a_talk().asks_for_a_person()
    assert judged(waiting, at=waiting.at).outcome is Outcome.HANDED_OFF
    assert judged(waiting).outcome is Outcome.FAILED


def test_a_job_that_is_tried_again_with_success_is_no_failure():
    failed = a_talk().then("job.queued").then("job.failed")
    again = failed.then("job.queued").then("job.succeeded", reference="RF-1")
    assert judged(again).outcome is Outcome.CONFIRMED


def test_a_no_after_the_robots_success_takes_the_confirmation_back():
    done = a_talk().then("job.queued").then("job.succeeded", reference="RF-1")
    assert judged(done.then("conversation.solved", solved=False)).outcome is Outcome.ABANDONED


def test_a_goal_is_not_assumed_reached_by_somebody_who_leaves_angry_or_comes_back():
    reached = a_talk().then("conversation.goal_reached", goal="refund")
    assert judged(reached, recontacted=True).outcome is Outcome.ABANDONED
    angry = reached.customer("complain", sentiment=-0.8)
    assert judged(angry).outcome is Outcome.ABANDONED


def test_an_outcome_is_final_72_hours_after_the_last_message_of_anybody():
    told = a_talk()
    last = told.at
    told.after(hours=5).then("job.queued")  # not a message
    assert not judged(told, at=last + FINAL_AFTER - timedelta(microseconds=1)).is_final
    assert judged(told, at=last + FINAL_AFTER).is_final


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (a_talk(synthetic=True), LeftOut.SYNTHETIC),
        (Teller(START).bot(), LeftOut.NO_CUSTOMER_MESSAGE),
        (Teller(START).customer("refund"), LeftOut.NO_BOT_TURN),
    ],
)
def test_what_is_not_engaged_is_left_out_with_its_reason(told, reason):
    left = judged(told)
    assert (left.outcome, left.left_out) == (None, reason)


def test_the_bots_silence_lowers_involvement_not_resolution():
    confirmed = judged(a_talk().then("conversation.solved", solved=True))
    unheard = judged(Teller(START).customer("refund"))
    tested = judged(a_talk(synthetic=True))
    figures = resolution([confirmed, unheard, tested])
    assert (figures.eligible, figures.engaged) == (2, 1)
    assert (figures.resolution_rate, figures.involvement_rate) == (1.0, 0.5)
    assert figures.automation_rate == 0.5


def test_rates_of_nothing_are_nothing():
    figures = resolution([])
    assert (figures.resolution_rate, figures.involvement_rate, figures.automation_rate) == (
        None,
        None,
        None,
    )
    assert escalation([]).escalation_rate is None
    assert escalation([]).unserved_handoff_rate is None


def test_kinds_and_reasons_are_of_the_first_hand_off_and_add_up_to_escalated():
    twice = a_talk().asks_for_a_person(Kind.OFFERED).accepted().agent().handed_back()
    figures = escalation([judged(twice.asks_for_a_person(Kind.TAKEOVER, "agent_stepped_in"))])
    assert figures.escalated == 1 == sum(figures.kinds.values()) == sum(figures.reasons.values())
    assert figures.kinds[Kind.OFFERED] == 1
    assert figures.handoffs_requested == 1


@pytest.mark.parametrize(
    ("told", "waiting", "unserved"),
    [
        (a_talk().asks_for_a_person(), 1, 0),
        (a_talk().asks_for_a_person().accepted(), 1, 0),
        (a_talk().asks_for_a_person().accepted().agent(), 0, 0),
        (a_talk().asks_for_a_person().accepted().handed_back(), 0, 1),
        (a_talk().asks_for_a_person().then("conversation.resolved", by="bot"), 0, 1),
    ],
)
def test_a_hand_off_is_served_by_a_persons_word_alone(told, waiting, unserved):
    figures = escalation([judged(told, at=told.at)])
    assert (figures.handoffs_waiting, figures.unserved_handoffs) == (waiting, unserved)


def test_a_hand_off_that_waits_for_ever_is_unserved():
    figures = escalation([judged(a_talk().asks_for_a_person())])
    assert (figures.handoffs_waiting, figures.unserved_handoff_rate) == (0, 1.0)


@pytest.mark.parametrize(
    ("later", "counts"),
    [
        ({}, True),
        ({"intent": "track_order"}, False),
        ({"customer_id": uuid4()}, False),
        ({"wait": FINAL_AFTER}, True),
        ({"wait": FINAL_AFTER + timedelta(microseconds=1)}, False),
        ({"wait": -timedelta(hours=1)}, False),
    ],
)
def test_coming_back_for_the_same_within_72_hours_is_a_recontact(later, counts):
    customer_id = uuid4()
    first = a_talk(customer_id=str(customer_id))
    asked = {"intent": "refund", "customer_id": customer_id, "wait": timedelta(0)} | later
    again = Contact(asked["customer_id"], asked["intent"], first.at + asked["wait"])
    assert is_recontact(facts_of(first.events), again) is counts


def test_what_the_customer_came_for_is_the_first_topic_not_the_last():
    told = Teller(START).customer("greet").customer("refund").bot().customer("thanks")
    assert facts_of(told.customer("speak_to_person").events).intent == "refund"


def test_events_without_a_beginning_make_no_conversation():
    assert facts_of(a_talk().events[1:]) is None
