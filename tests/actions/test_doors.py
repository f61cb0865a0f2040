import asyncio
import time
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
import yaml
from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.orm import Session

from actions.__main__ import doors
from actions.change_address import ChangeAddressForm, looks_like_address
from actions.complaint import Complaint
from actions.desk import No, NoteTurn, NotUnderstood, Stop, Yes
from actions.person import AskForPerson
from actions.policies import Answered
from actions.talk import Door, Talk
from desk.conversations.commands import hear, owe_answer
from desk.conversations.queries import conversation, turns
from desk.durable import reading, transaction
from desk.events.queries import events_of
from desk.integrations import orders
from desk.integrations.orders import FakeOrders
from tests.actions.conftest import Ran, an_order
from tests.running import ROOT

Run = Callable[..., Ran]


def kinds(session: Session, conversation_id: UUID) -> list[str]:
    return [event.kind for event in events_of(session, conversation_id)]


def heard(session: Session, conversation_id: UUID, text: str) -> str:
    return str(owe_answer(session, hear(session, conversation_id, uuid4(), text).turn, None).id)


def test_the_bot_and_the_action_server_know_the_same_actions() -> None:
    named = set()
    for file in (ROOT / "bot/domain").glob("*.yml"):
        named |= set(yaml.safe_load(file.read_text("utf-8")).get("actions") or [])
    assert named == {door().name() for door in doors()}


def test_every_action_leaves_an_event(run: Run, conversation_id: UUID) -> None:
    for door in (Stop(), Yes(), No(), NotUnderstood(), AskForPerson(), Complaint()):
        before = len(reading(kinds, conversation_id))
        run(door, text="it came broken", turn_key=str(uuid4()))
        assert len(reading(kinds, conversation_id)) > before, door.name()


def test_what_the_bot_answers_by_itself_is_a_goal_reached(run: Run, conversation_id: UUID) -> None:
    for intent in ("gift_wrapping", "returns_policy", "payment_methods"):
        assert run(Answered(), intent=intent) == ([], {})
    events = reading(events_of, conversation_id)
    reached = [e.facts for e in events if e.kind == "conversation.goal_reached"]
    assert [(r["goal"], r["by"]) for r in reached] == [
        ("gift_wrapping", "bot"),
        ("returns_policy", "bot"),
        ("payment_methods", "bot"),
    ]


def test_a_message_is_noted_once_with_intent_confidence_language_and_feeling(
    run: Run, conversation_id: UUID
) -> None:
    text = "this is terrible, I want a refund"
    key = transaction(heard, conversation_id, text)
    felt = {"sentiment": {"score": -0.9, "upset": 0.8, "label": "negative"}}
    for _ in range(2):
        _, slots = run(NoteTurn(), text=text, intent="refund", turn_key=key, meant=felt)
    (turn,) = reading(turns, conversation_id)
    assert (turn.intent, turn.confidence, turn.language) == ("refund", 0.9, "en")
    assert (turn.sentiment, turn.upset) == (-0.9, 0.8)
    assert slots["topic"] == "refund"
    assert reading(kinds, conversation_id).count("turn.understood") == 1


@pytest.mark.parametrize("meant", [{}, {"sentiment": None}])
def test_a_message_without_a_feeling_is_noted_without_one(
    run: Run, conversation_id: UUID, meant: dict[str, None]
) -> None:
    """A quick reply, a tracker of an older bot, a wish taken up."""
    key = transaction(heard, conversation_id, "/affirm")
    run(NoteTurn(), text="/affirm", intent="affirm", turn_key=key, meant=meant)
    (turn,) = reading(turns, conversation_id)
    assert (turn.intent, turn.sentiment, turn.upset) == ("affirm", None, None)


def test_a_person_is_announced_once_and_then_only_confirmed(run: Run) -> None:
    assert run(AskForPerson())[0] == ["utter_person_is_coming"]
    assert run(AskForPerson())[0] == ["utter_person_already_coming"]


def test_a_yes_means_what_was_asked(run: Run, conversation_id: UUID) -> None:
    assert run(Yes())[0] == ["utter_nothing_asked"]
    assert run(Yes(), asked="solved", turn_key="k")[0] == ["utter_glad"]
    assert reading(conversation, conversation_id).status == "resolved"


def test_a_no_where_nothing_was_asked_is_taken_as_it_is(run: Run) -> None:
    assert run(No())[0] == ["utter_all_right"]


def test_a_no_to_solved_offers_a_person(run: Run, conversation_id: UUID) -> None:
    said, slots = run(No(), asked="solved", turn_key="k")
    assert said == ["utter_offer_person_kindly"]
    assert slots["asked"] == "person"
    assert reading(conversation, conversation_id).status == "open"
    said, _ = run(Yes(), asked="person", why_person="not_solved")
    assert said == ["utter_person_is_coming"]


def test_a_complaint_repeated_by_a_retry_is_one_ticket(run: Run) -> None:
    key = str(uuid4())
    numbers = {
        run(Complaint(), complaint_text="It broke.", turn_key=key)[1]["ticket_number"]
        for _ in range(2)
    }
    assert len(numbers) == 1


@pytest.mark.alone
def test_a_slow_action_does_not_hold_up_the_others(conversation_id: UUID) -> None:
    class Slow(Door):
        def name(self) -> str:
            return "action_slow"

        def act(self, talk: Talk) -> list[EventType]:
            time.sleep(0.3)
            return []

        def leave_event(self, talk: Talk) -> None:
            pass

    async def run_eight() -> None:
        tracker = Tracker(str(conversation_id), {}, {}, [], False, None, {}, None)
        door = Slow()
        await asyncio.gather(*(door.run(CollectingDispatcher(), tracker, {}) for _ in range(8)))

    began = time.monotonic()
    asyncio.run(run_eight())
    assert time.monotonic() - began < 1.2  # one after the other they would take 2.4 s


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("12 Mill Lane, Oxford OX1 4AB", True),
        ("Lindenallee 14, 20259 Hamburg", True),
        ("上海市徐汇区衡山路12号", True),
        ("等等，门牌号是1268号", False),
        ("Oxford", False),
        ("KD-4712", False),
        ("not 4711 but 4712", False),
        ("不对，是4712", False),
        ("yes", False),
    ],
)
def test_an_address_is_told_from_an_order_number(text: str, is_one: bool) -> None:
    assert looks_like_address(text) is is_one


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("no, it's 14 Mill Lane, Oxford", "14 Mill Lane, Oxford"),
        ("sorry, my new address is 5 Park Road, Leeds LS1 2AB", "5 Park Road, Leeds LS1 2AB"),
        ("please send it to 9 Rue de Lyon, 69002 Lyon", "9 Rue de Lyon, 69002 Lyon"),
        ("不对，地址是杭州市文三路92号", "杭州市文三路92号"),
        ("改成北京市中关村大街1号", "北京市中关村大街1号"),
        ("To 5 Park Road, Leeds", "5 Park Road, Leeds"),
        ("Notting Hill 5, London W11", "Notting Hill 5, London W11"),
    ],
)
def test_an_address_is_taken_without_the_words_around_it(run: Run, text: str, address: str) -> None:
    _, slots = run(ChangeAddressForm(), text=text, intent="inform", requested_slot="address")
    assert slots["address"] == address


@pytest.mark.parametrize(
    "text",
    [
        *("no, the house number is 14", "the postcode is OX1 4AC", "no the address is wrong"),
        *("等等，门牌号是1268号", "地址不对"),
    ],
)
def test_a_part_of_an_address_is_not_taken_for_the_whole(run: Run, text: str) -> None:
    told = {"in_form": "change_address", "requested_slot": "confirmed", "address": "5 Park Road"}
    told |= {"order_number": "KD-4711", "checked_order": "KD-4711", "email": "emily@example.com"}
    with orders.answered_by(FakeOrders([an_order("KD-4711", "emily@example.com")])):
        _, slots = run(ChangeAddressForm(), text=text, intent="inform", **told)
    assert (slots["address"], slots["requested_slot"]) == (None, "address")
