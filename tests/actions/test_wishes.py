"""Two wishes in one message, and a customer who is upset: what the first action makes of them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.desk import No, NoteTurn, NotUnderstood, Stop, Yes
from actions.form import number_of_the_first_wish
from actions.person import AskForPerson
from actions.refund import RefundForm
from actions.talk import Talk
from desk.conversations.commands import hear, owe_answer
from desk.durable import reading, transaction
from desk.escalations.queries import open_escalation
from desk.events.queries import events_of
from desk.integrations.orders import FakeOrders
from tests.actions.conftest import Ran

Run = Callable[..., Ran]
REFUND_TOO = [{"name": "refund", "confidence": 0.8, "text": "refund me"}]
CALM, UPSET = {"score": 0.1, "upset": 0.05}, {"score": -0.8, "upset": 0.93}


@pytest.fixture
def note(run: Run, conversation_id: UUID) -> Callable[..., dict[str, Any]]:
    """Let the bot note a message; gives the slots that this changes."""

    def noted(text: str, intent: str, meant: dict[str, Any], **slots: Any) -> dict[str, Any]:
        key = transaction(
            lambda session: (
                owe_answer(session, hear(session, conversation_id, uuid4(), text).turn, None).id
            )
        )
        told = {"sentiment": CALM, **meant}
        return run(NoteTurn(), text=text, intent=intent, turn_key=str(key), meant=told, **slots)[1]

    return noted


def test_a_second_wish_is_remembered_with_its_words(note: Any) -> None:
    slots = note("cancel 4711 and refund me", "cancel_order", {"also": REFUND_TOO})
    wish = {"intent": "refund", "text": "refund me", "why": "also", "confidence": 0.8}
    assert slots["wishes"] == [wish]


def test_a_second_wish_leaves_an_event_when_it_is_heard(note: Any, conversation_id: UUID) -> None:
    note("cancel 4711 and refund me", "cancel_order", {"also": REFUND_TOO})
    facts = {e.kind: e.facts for e in reading(events_of, conversation_id)}
    assert facts["turn.understood"]["intent"] == "cancel_order"
    assert facts["wish.heard"]["intent"] == "refund"


def test_a_person_is_told_of_the_second_wish(run: Run, conversation_id: UUID) -> None:
    _, slots = run(AskForPerson(), topic="cancel_order", wishes=[{"intent": "refund"}])
    packet = reading(open_escalation, conversation_id).packet
    assert (packet["goal"], packet["slots"]["also_wanted"]) == ("cancel_order", "refund")
    assert slots["wishes"] is None


def test_a_second_wish_waits_while_other_things_are_talked_about(note: Any) -> None:
    waiting = [{"intent": "refund", "text": "refund me", "why": "also"}]
    assert "wishes" not in note("how can I pay?", "payment_methods", {}, wishes=waiting)


def test_a_second_wish_that_the_customer_comes_to_alone_is_not_taken_up_again(note: Any) -> None:
    waiting = [{"intent": "refund", "text": "refund me", "why": "also"}]
    assert note("and now my refund", "refund", {}, wishes=waiting)["wishes"] is None


def test_a_pleasantry_is_no_second_wish(note: Any) -> None:
    thanks = [{"name": "thanks", "confidence": 0.9, "text": "thank you"}]
    assert "wishes" not in note("refund 4711, thank you", "refund", {"also": thanks})


def test_never_mind_drops_the_second_wish_too(run: Run) -> None:
    assert run(Stop(), wishes=[{"intent": "refund"}])[1]["wishes"] is None


def test_taking_up_a_wish_is_announced_and_leaves_an_event_of_its_own(
    run: Run, conversation_id: UUID
) -> None:
    metadata = {"turn_key": str(uuid4()), "wish": {"why": "also", "slots": {}}}
    _, slots = run(NoteTurn(), text="refund me", intent="refund", meant={"metadata": metadata})
    assert slots["opens_with"] == ["utter_now_the_other"]
    events = reading(events_of, conversation_id)
    (taken,) = [event for event in events if event.kind == "wish.taken_up"]
    assert taken.facts["intent"] == "refund"
    assert not [event for event in events if event.kind == "turn.understood"]


def test_each_wish_has_its_own_order(conversation_id: UUID) -> None:
    also = [{"name": "refund", "confidence": 0.8, "text": "refund 4712"}]
    message = {"text": "cancel 4711 and refund 4712", "also": also}
    talk = Talk(conversation_id, {}, message, [], CollectingDispatcher())
    assert number_of_the_first_wish(talk) == "KD-4711"


def test_a_form_taken_up_again_knows_what_it_knew(run: Run, shop: FakeOrders) -> None:
    known = {"order_number": "KD-4711", "email": "emily@example.com"}
    meant = {"metadata": {"turn_key": "k", "wish": {"why": "back", "slots": known}}}
    _, slots = run(RefundForm(), intent="refund", meant=meant, order_number="KD-4731")
    assert (slots["order_number"], slots["requested_slot"]) == ("KD-4711", "confirmed")


def test_a_yes_to_an_offer_begins_what_was_offered(run: Run) -> None:
    offered = {"intent": "refund", "text": "", "why": "accepted", "slots": {}}
    assert run(Yes(), asked="offer", offered=offered)[1]["wishes"] == [offered]
    said, slots = run(No(), asked="offer", offered=offered)
    assert (said, slots["offered"]) == (["utter_ask_what_else"], None)


def test_somebody_upset_is_told_sorry_but_never_twice_in_a_row(note: Any) -> None:
    slots = note("this is the third time", "refund", {"sentiment": UPSET})
    assert slots["opens_with"] == ["utter_sorry_for_trouble"]
    again = note("still nothing", "refund", {"sentiment": UPSET}, sorry=slots["sorry"])
    assert "opens_with" not in again
    later = note("unbelievable", "refund", {"sentiment": UPSET}, sorry=1)
    assert later["opens_with"] == ["utter_sorry_for_trouble"]


def test_somebody_calm_is_not_told_sorry(note: Any) -> None:
    assert "opens_with" not in note("a refund please", "refund", {})


def test_a_complaint_says_sorry_itself(note: Any) -> None:
    assert "opens_with" not in note("what a mess", "complaint", {"sentiment": UPSET})


def test_somebody_upset_is_offered_a_person_earlier(run: Run) -> None:
    assert run(NotUnderstood())[0] == ["utter_not_understood"]
    assert run(NotUnderstood(), upset=1)[0] == ["utter_offer_person"]
