"""A form: what is still missing, what was given wrong, and when to stop asking."""

import re
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk.events import ActionExecutionRejected, EventType

from actions.talk import Door, Talk, remember
from desk.conversations.queries import customer_email, may_touch
from desk.durable import reading
from desk.integrations.orders import Order, OrdersUnreachable, orders
from desk.jobs.rules import money

PATIENCE = 2  # wrong answers in a row before the form is left
SURE = 0.55  # a confidence above which a number beside a wish is not an answer
SHORT_ANSWER = 12  # characters: "cancel it" is about this form, no new wish

HINTS = {
    "order_number": "utter_order_number_hint",
    "email": "utter_email_hint",
    "address": "utter_address_hint",
    "confirmed": "utter_confirm_hint",
    "complaint_text": "utter_complaint_hint",
}
WHERE_TO_FIND = {
    "order_number": "utter_order_number_forgotten",
    "email": "utter_email_forgotten",
}

# What may be said to the form itself. Everything else is for another topic to answer, also one
# that an owner has added.
TO_THE_FORM = {"affirm", "deny", "inform", "dont_know", "out_of_scope", "nlu_fallback", ""}


@dataclass
class Filling:
    """The slots of a form while one message is worked in."""

    slots: dict[str, Any]
    changed: dict[str, Any] = field(default_factory=dict)
    is_wrong: bool = False  # something was given, and it will not do
    order: Order | None = None

    def __getitem__(self, name: str) -> Any:
        return self.changed.get(name, self.slots.get(name))

    def __setitem__(self, name: str, value: Any) -> None:
        self.changed[name] = value


class Form(Door):
    """Decides after each message what to ask next. Runs also when the form begins, and when the
    bot comes back to it from something else."""

    topic: str
    wants: tuple[str, ...]

    def act(self, talk: Talk) -> list[EventType]:
        filling = Filling(talk.slots)
        requested = talk.slots.get("requested_slot")
        came_back = talk.was_interrupted
        if requested is None:
            self.begin(talk, filling)
        elif not came_back:
            if self.is_called_off(talk):
                filling["confirmed"] = False
                return _ended(filling)
            if self.is_about_something_else(talk, requested):
                return [ActionExecutionRejected(f"{self.topic}_form")]
            self.read(talk, requested, filling)
        try:
            wanted = self.next_wanted(talk, filling)
        except OrdersUnreachable:
            talk.say("utter_orders_unreachable")
            return _ended(filling)
        return self._go_on(talk, filling, wanted, requested if not came_back else None)

    def _go_on(
        self, talk: Talk, filling: Filling, wanted: str | None, answered: str | None
    ) -> list[EventType]:
        if wanted is None:
            return _ended(filling)
        has_learned = talk.entities or any(filling.changed.get(slot) for slot in self.wants)
        if answered == wanted and not filling.is_wrong and not has_learned:
            is_lost = talk.intent == "dont_know" and wanted in WHERE_TO_FIND
            talk.say(WHERE_TO_FIND[wanted] if is_lost else HINTS[wanted])
            filling.is_wrong = True
        failures = (talk.slots.get("failures") or 0) + 1 if filling.is_wrong else None
        if failures is not None and failures >= PATIENCE:
            return _ended(filling)
        filling["failures"] = failures
        return remember(**filling.changed, requested_slot=wanted)

    def begin(self, talk: Talk, filling: Filling) -> None:
        """Forget what another time was answered."""
        filling["confirmed"] = filling["failures"] = None

    def is_called_off(self, talk: Talk) -> bool:
        """Whether the customer says no more than "cancel it" and means this form by it."""
        if "confirmed" not in self.wants or self.topic == "cancel_order" or talk.is_button:
            return False
        is_short = len(talk.text) <= SHORT_ANSWER and not talk.entities
        return talk.intent == "cancel_order" and is_short

    def is_about_something_else(self, talk: Talk, requested: str) -> bool:
        """Whether the message is for another topic to answer; the form waits meanwhile."""
        if talk.is_news:
            return True
        if talk.intent in TO_THE_FORM or talk.intent == self.topic:
            return False
        is_answer = requested in talk.entities and talk.confidence < SURE
        return not is_answer

    def read(self, talk: Talk, requested: str, filling: Filling) -> None:
        """Take the answer. Order number and e-mail are slots already, wherever they were said."""
        if requested != "confirmed" or talk.entities:
            return
        if talk.intent == "affirm":
            filling["confirmed"] = True
        elif talk.intent == "deny":
            filling["confirmed"] = False

    def next_wanted(self, talk: Talk, filling: Filling) -> str | None:
        """The first slot that is still missing or wrong, or None."""
        for place, slot in enumerate(self.wants, 1):
            check = getattr(self, f"check_{slot}", None)
            if check is not None:
                check(talk, filling)
            # Checking one answer may prove an earlier one wrong.
            missing = [each for each in self.wants[:place] if filling[each] is None]
            if missing:
                return missing[0]
        return None

    def check_order_number(self, talk: Talk, filling: Filling) -> None:
        number = filling["order_number"]
        if number is None:
            return
        filling.order = orders().find(number)
        if filling.order is None:
            talk.say("utter_order_unknown", order_number=number)
            filling["order_number"], filling.is_wrong = None, True
            return
        if filling["checked_order"] != filling.order.number:
            if talk.slots.get("requested_slot") not in (None, "order_number"):
                talk.say("utter_order_noted", order_number=filling.order.number)
            filling["checked_order"] = filling["order_number"] = filling.order.number

    def check_email(self, talk: Talk, filling: Filling) -> None:
        """Whether the customer may have something done to the order, by the desk's judgement."""
        assert filling.order is not None  # wants: the order number comes first
        given, order = filling["email"], filling.order
        if reading(may_touch, talk.conversation_id, order.email, given):
            if given is None:
                filling["email"] = order.email
            return
        if reading(customer_email, talk.conversation_id) is not None:
            talk.say("utter_not_your_order", order_number=order.number)
            filling["order_number"], filling.is_wrong = None, True
        elif given is not None:
            talk.say("utter_email_does_not_match", order_number=order.number)
            filling["email"], filling.is_wrong = None, True

    def check_confirmed(self, talk: Talk, filling: Filling) -> None:
        if filling.order is not None and filling["confirmed"] is None:
            filling["order_items"] = ", ".join(filling.order.items)
            filling["order_total"] = money(filling.order.total_minor, filling.order.currency)


def _ended(filling: Filling) -> list[EventType]:
    filling["failures"] = None
    return remember(**filling.changed, requested_slot=None)


def is_mostly_reference(text: str) -> bool:
    """Whether a line holds an order number and little else."""
    words = re.sub(r"(?i)kd|order|number|订单|单号|[\W\d_]", "", text)
    chinese = re.search("[\u4e00-\u9fff]", words) is not None
    return len(words) <= (SHORT_ANSWER // 3 if chinese else SHORT_ANSWER)
