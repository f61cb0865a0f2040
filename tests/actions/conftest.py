"""A desk in force for the actions, and a customer who talks to them."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.talk import Door
from desk import clock
from desk.durable import transaction
from desk.integrations import orders
from desk.integrations.orders import FakeOrders, Order
from tests.builders import a_conversation
from tests.conftest import forget_settings

Ran = tuple[list[str], dict[str, Any]]


@pytest.fixture
def conversation_id(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> UUID:
    monkeypatch.setenv("DESK_STEP_UP", "false")  # see test_codes.py
    forget_settings()
    return transaction(lambda session: a_conversation(session).id)


@pytest.fixture
def shop() -> Iterator[FakeOrders]:
    """KD-4711 of Emily's and KD-4731 of Na's."""
    known = FakeOrders([an_order("KD-4711", "emily@example.com"), an_order("KD-4731")])
    with orders.answered_by(known):
        yield known


@pytest.fixture
def run(conversation_id: UUID) -> Callable[..., Ran]:
    """Run an action as the bot would; gives the utterances named and the slots set."""

    def run_action(
        door: Door,
        text: str = "",
        intent: str = "",
        turn_key: str = "",
        meant: dict[str, Any] | None = None,
        **slots: Any,
    ) -> Ran:
        message = {
            "text": text,
            "intent": {"name": intent, "confidence": 0.9},
            "entities": [],
            "metadata": {"turn_key": turn_key},
            **(meant or {}),
        }
        known = {"language": "en", **slots}
        tracker = Tracker(str(conversation_id), known, message, [], False, None, {}, None)
        said = CollectingDispatcher()
        events = asyncio.run(door.run(said, tracker, {}))
        changed = {e["name"]: e["value"] for e in events if e["event"] == "slot"}
        return [message["response"] for message in said.messages], changed

    return run_action


def an_order(number: str, email: str = "na@example.com") -> Order:
    today = clock.now().date()
    return Order(
        number=number,
        email=email,
        status="delivered",
        placed_on=today - timedelta(days=9),
        delivered_on=today - timedelta(days=5),
        carrier="DHL",
        tracking_number="JJD1",
        total_minor=8900,
        currency="EUR",
        items=("1 × Celadon Teapot",),
        address="7 Orchard Lane, Bath",
        refund_reference=None,
    )
