from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.refund import Refund, RefundForm
from actions.reset_password import ResetPassword
from automation.contracts import JobOutcome, JobRequest, Outcome
from desk.approvals.queries import worth_of
from desk.durable import reading, transaction
from desk.integrations import orders
from desk.integrations.orders import FakeOrders
from desk.jobs.commands import settle
from desk.jobs.models import Job, JobStatus
from tests.actions.conftest import Ran

Run = Callable[..., Ran]


def jobs(session: Session) -> list[str]:
    return [job.kind for job in session.scalars(select(Job))]


def test_a_confirmed_refund_becomes_one_job_however_often_it_is_confirmed(
    run: Run, shop: FakeOrders
) -> None:
    told = {"order_number": "KD-4711", "email": "emily@example.com", "confirmed": True}
    for _ in range(2):
        said, _slots = run(Refund(), **told)
        assert said == ["utter_refund_receipt"]
    assert reading(jobs) == ["refund"]


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.GAVE_UP])
def test_what_was_refused_is_asked_of_a_robot_again(
    run: Run, shop: FakeOrders, outcome: Outcome
) -> None:
    told = {"order_number": "KD-4711", "email": "emily@example.com", "confirmed": True}
    run(Refund(), **told, turn_key="first")
    ended = JobOutcome(outcome, "OUTSIDE_30_DAYS", {}).to_payload()
    transaction(settle, reading(lambda s: s.scalars(select(Job)).one().id), ended)
    for key in ("first", "second"):
        assert run(Refund(), **told, turn_key=key)[0] == ["utter_refund_receipt"]
    assert reading(jobs) == ["refund", "refund"]


def test_what_was_done_is_told_with_its_number(run: Run, shop: FakeOrders) -> None:
    told = {"order_number": "KD-4711", "email": "emily@example.com", "confirmed": True}
    run(Refund(), **told, turn_key="first")
    ended = JobOutcome(Outcome.DONE, "REFUND_FILED", {"reference": "RF-1"}).to_payload()
    transaction(settle, reading(lambda s: s.scalars(select(Job)).one().id), ended)
    assert run(Refund(), **told, turn_key="second")[0] == ["utter_done_already"]
    assert reading(jobs) == ["refund"]


def test_a_link_asked_for_too_often_is_declined_kindly(run: Run) -> None:
    told = {"email": "li.na@example.com", "confirmed": True}
    for number in range(3):
        said, _ = run(ResetPassword(), **told, turn_key=str(number))
        assert said == ["utter_reset_password_receipt"]
        job = reading(lambda s: s.scalars(select(Job).order_by(Job.created_at.desc())).first())
        ended = JobOutcome(Outcome.REFUSED, "ACCOUNT_UNKNOWN", {}).to_payload()
        transaction(settle, job.id, ended)
    said, slots = run(ResetPassword(), **told, turn_key="4")
    assert said == ["utter_asked_too_often", "utter_offer_person_kindly"]
    assert slots["asked"] == "person"


def test_forged_slots_open_nobody_elses_order(run: Run, shop: FakeOrders) -> None:
    """Whatever the bot believes, the desk asks again whose order it is."""
    told = {"order_number": "KD-4731", "email": "emily@example.com", "confirmed": True}
    said, _ = run(Refund(), **told, checked_order="KD-4731")
    assert "utter_refund_receipt" not in said
    assert reading(jobs) == []


def test_without_a_yes_nothing_is_asked_of_a_robot(run: Run, shop: FakeOrders) -> None:
    told = {"order_number": "KD-4711", "email": "emily@example.com"}
    left = ["utter_nothing_changed", "utter_ask_what_else"]
    assert run(Refund(), **told, confirmed=False)[0] == left
    assert run(Refund(), **told, confirmed=None)[0] == ["utter_offer_person"]
    assert reading(jobs) == []


def test_orders_that_cannot_be_read_end_the_form_with_a_way_out(run: Run, shop: FakeOrders) -> None:
    shop.down = True
    said, slots = run(RefundForm(), order_number="KD-4711", requested_slot="order_number")
    assert said == ["utter_orders_unreachable"]
    assert slots["requested_slot"] is None
    told = {"order_number": "KD-4711", "email": "emily@example.com", "confirmed": True}
    said, slots = run(Refund(), **told)
    assert said == ["utter_orders_unreachable", "utter_offer_person_kindly"]
    assert slots["asked"] == "person"


def test_an_old_yes_confirms_nothing_new(run: Run, shop: FakeOrders) -> None:
    told = {"order_number": "KD-4711", "email": "emily@example.com", "confirmed": True}
    said, slots = run(RefundForm(), intent="refund", **told)
    assert slots["confirmed"] is None
    assert slots["requested_slot"] == "confirmed"
    assert said == []


def test_the_yes_of_another_order_confirms_nothing(
    run: Run, shop: FakeOrders, conversation_id: UUID
) -> None:
    """Yes, and another number in the same breath: the new order is read back first."""
    told = {"email": "na@example.com", "checked_order": "KD-4711", "in_form": "refund"}
    told["requested_slot"] = "confirmed"
    door = RefundForm()
    said, slots = run(door, text="yes, 4731", intent="inform", order_number="KD-4731", **told)
    assert said[0] == "utter_order_noted"
    assert slots["requested_slot"] == "confirmed"
    assert slots.get("confirmed") is None


@pytest.mark.parametrize("text", ["算了，不退了", "don't refund it after all", "no, keep it"])
def test_a_wish_taken_back_in_its_own_words_is_a_no(run: Run, shop: FakeOrders, text: str) -> None:
    told = {"order_number": "KD-4711", "email": "emily@example.com", "in_form": "refund"}
    _, slots = run(RefundForm(), text=text, intent="refund", **told, requested_slot="confirmed")
    assert slots["confirmed"] is False


@pytest.mark.parametrize(
    ("text", "intent", "is_pause"),
    [
        ("hold on, let me check", "person", True),
        ("等一下，我找找", "person", True),
        ("我想想", "place_order", True),
        ("let me think about it", "stop", True),
        ("等等，我要投诉", "complaint", False),
        ("wait a minute, where is my order", "track_order", False),
        ("never mind, hold on", "stop", False),
    ],
)
def test_a_moment_to_think_is_told_from_another_wish(
    run: Run, shop: FakeOrders, text: str, intent: str, is_pause: bool
) -> None:
    told = {"in_form": "refund", "requested_slot": "order_number"}
    said, _ = run(RefundForm(), text=text, intent=intent, **told)
    assert ("utter_take_your_time" in said) is is_pause


def test_a_large_refund_is_said_to_wait_for_a_colleague(run: Run, shop: FakeOrders) -> None:
    shop.known["KD-4711"] = replace(shop.known["KD-4711"], total_minor=50_000)
    told = {"order_number": "KD-4711", "email": "emily@example.com", "confirmed": True}
    for key in ("first", "first", "second"):
        assert run(Refund(), **told, turn_key=key)[0] == ["utter_waits_for_approval"]
    assert reading(lambda s: [j.status for j in s.scalars(select(Job))]) == [JobStatus.WAITING]


def test_a_refund_whose_worth_nobody_can_say_waits(run: Run) -> None:
    """The order was found a moment ago and cannot be read now."""
    request = JobRequest("refund", {"order_number": "KD-4711"})
    with orders.answered_by(FakeOrders(down=True)):
        assert worth_of(request) is None
