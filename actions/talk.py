"""What an action is told by the bot, and how it answers."""

import asyncio
from abc import abstractmethod
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from desk.conversations.commands import note
from desk.durable import transaction
from desk.escalations.models import Reason

# An action waits for the database; the loop that hears the bot must not.
_threads = ThreadPoolExecutor(16, thread_name_prefix="action")

NEWS_PREFIX = "EXTERNAL_"
VERY_LIKELY = 0.7  # a probability, calibrated, that somebody is upset
# Half-given answers.
HELD_BY_FORM = ("confirmed", "address", "change_wanted", "payment_problem", "code")


@dataclass(frozen=True)
class Talk:
    """The conversation as the bot sees it right now."""

    conversation_id: UUID
    slots: dict[str, Any]
    message: dict[str, Any]
    events: list[dict[str, Any]]  # of this turn, and only those that are asked for below
    dispatcher: CollectingDispatcher

    @property
    def text(self) -> str:
        return str(self.message.get("text") or "")

    @property
    def is_button(self) -> bool:
        """Whether the customer clicked a quick reply instead of writing."""
        return self.text.startswith("/")

    @property
    def intent(self) -> str:
        return str((self.message.get("intent") or {}).get("name") or "")

    @property
    def confidence(self) -> float:
        return float((self.message.get("intent") or {}).get("confidence") or 0.0)

    @property
    def entities(self) -> dict[str, str]:
        return {e["entity"]: e["value"] for e in self.message.get("entities") or []}

    @property
    def names_an_order_or_mail(self) -> bool:
        """Whether the message holds what identifies an order or its owner."""
        return not {"order_number", "email"}.isdisjoint(self.entities)

    @property
    def turn_key(self) -> str:
        """The desk's name for this turn; empty for what the desk did not send."""
        return str((self.message.get("metadata") or {}).get("turn_key") or "")

    @property
    def language(self) -> str:
        return str(self.slots.get("language") or "en")

    @property
    def is_news(self) -> bool:
        return self.intent.startswith(NEWS_PREFIX)

    @property
    def is_upset(self) -> bool:
        """Whether the customer very likely is, by this very message."""
        felt = self.message.get("sentiment") or {}
        return float(felt.get("upset") or 0.0) >= VERY_LIKELY

    @property
    def wish(self) -> dict[str, Any]:
        """What is taken up, if this is no message of its own but a wish that had to wait."""
        return dict((self.message.get("metadata") or {}).get("wish") or {})

    @property
    def was_interrupted(self) -> bool:
        """Whether the open form let something else answer this message and is asked again now."""
        return any(event["event"] == "action_execution_rejected" for event in self.events)

    @property
    def opened(self) -> str | None:
        """The form that this very message has opened."""
        opened = [event["name"] for event in self.events if event["event"] == "active_loop"]
        return opened[-1] if opened else None

    def say(self, response: str, **values: Any) -> None:
        """Have the bot say `response`, with `values` for its blanks."""
        self.dispatcher.utter_message(response=response, **values)


class Door(Action):
    """An action of ours: runs beside others, and leaves an event that says what it said."""

    name_in_domain: str

    def name(self) -> str:
        return self.name_in_domain

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        talk = Talk(
            UUID(tracker.sender_id),
            tracker.slots,
            tracker.latest_message,
            tracker.events,
            dispatcher,
        )
        return await asyncio.get_running_loop().run_in_executor(_threads, self._run, talk)

    def _run(self, talk: Talk) -> list[EventType]:
        events = self.act(talk)
        self.leave_event(talk)
        return events

    def leave_event(self, talk: Talk) -> None:
        said = [message["response"] for message in talk.dispatcher.messages]
        transaction(note, talk.conversation_id, "action.taken", action=self.name(), said=said)

    @abstractmethod
    def act(self, talk: Talk) -> list[EventType]:
        """Do it. What is said goes through `talk.say`; what is remembered is returned."""


def remember(**slots: Any) -> list[EventType]:
    """Set these slots."""
    return [SlotSet(name, value) for name, value in slots.items()]


def leave_form() -> list[EventType]:
    """Close whatever form is open and forget its half-given answers."""
    closed: list[EventType] = [ActiveLoop(None)]
    forgotten = dict.fromkeys(HELD_BY_FORM)
    return closed + remember(
        requested_slot=None, in_form=None, failures=None, refusals=None, wishes=None, **forgotten
    )


def say_nothing_was_done(talk: Talk) -> None:
    """The answer to a no; what else there is to do is asked only of who has said nothing of it."""
    talk.say("utter_nothing_changed")
    if not talk.slots.get("wishes"):
        talk.say("utter_ask_what_else")


def offer(intent: str, **known: Any) -> list[EventType]:
    """Have a yes to what was just said begin this topic, with these slots known."""
    wish = {"intent": intent, "text": "", "why": "accepted", "slots": known}
    return remember(asked="offer", offered=wish)


def offer_after_leaving(talk: Talk, topic: str) -> list[EventType]:
    """What to do once a form was left before its end: mostly, offer a person."""
    why = talk.slots.get("left_because")
    if why in ("all_said", "gone"):
        return []
    tried = [*(talk.slots.get("tried") or []), f"{topic}: {why or 'details missing'}"]
    said = {
        "refused": "utter_cannot_without",
        "forgotten": "utter_cannot_without",
        "unreachable": "utter_offer_person_kindly",
        "code": "utter_code_spent",
    }
    reason = Reason.NOT_SOLVED if why in said else Reason.NOT_UNDERSTOOD
    response = said.get(str(why), "utter_offer_person")
    return say_and_offer_person(talk, response, reason) + remember(tried=tried)


def say_and_offer_person(talk: Talk, response: str, why: str) -> list[EventType]:
    """Say `response`, which offers a person; a yes then brings one, because of `why`."""
    talk.say(response)
    return remember(asked="person", why_person=why)
