from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.refund import Refund, RefundForm
from desk.durable import reading
from desk.integrations.orders import FakeOrders
from desk.jobs.models import Job
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


def test_forged_slots_open_nobody_elses_order(run: Run, shop: FakeOrders) -> None:
    """Whatever the bot believes, the desk asks again whose order it is."""
    told = {"order_number": "KD-4731", "email": "emily@example.com", "confirmed": True}
    said, _ = run(Refund(), **told, checked_order="KD-4731")
    assert "utter_refund_receipt" not in said
    assert reading(jobs) == []


def test_without_a_yes_nothing_is_asked_of_a_robot(run: Run, shop: FakeOrders) -> None:
    told = {"order_number": "KD-4711", "email": "emily@example.com"}
    assert run(Refund(), **told, confirmed=False)[0] == ["utter_nothing_changed"]
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
    told = {"email": "na@example.com", "checked_order": "KD-4711", "requested_slot": "confirmed"}
    door = RefundForm()
    said, slots = run(door, text="yes, 4731", intent="inform", order_number="KD-4731", **told)
    assert said[0] == "utter_order_noted"
    assert slots["requested_slot"] == "confirmed"
    assert slots.get("confirmed") is None
