"""A form: what is still missing, what was given wrong, and when to stop asking."""

import re
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk.events import ActionExecutionRejected, EventType

from actions.figures import amount, listed
from actions.knowledge import answer_from_articles
from actions.talk import HELD_BY_FORM, Door, Talk, remember
from desk.conversations.queries import customer_email, may_touch
from desk.durable import reading
from desk.integrations.orders import Order, OrdersUnreachable, orders
from language.text import order_digits

PATIENCE = 2  # wrong answers to one question before the form is left
SURE = 0.7  # a confidence above which a number beside a wish is not an answer
SURE_OF_A_QUESTION = 0.8
AN_ORDER = re.compile(r"\border|订单", re.I)
# Beside the topic's own words: "don't cancel it", not "cancel it".
TAKES_BACK = re.compile(
    r"算了|不(?:取消|退|改|要|用|办|发|注销|想)|别(?:取消|退|改|发|注销)|先不"
    r"|\b(?:do(?:n'?t| not)|never ?mind|forget it|no longer|rather not|changed my mind|keep)\b",
    re.I,
)
LEAVING = ("stop", "person", "goodbye")
SHORT_ANSWER = 12  # characters: "cancel it" is about this form, no new wish

HINTS = {
    "order_number": "utter_order_number_hint",
    "email": "utter_email_hint",
    "address": "utter_address_hint",
    "confirmed": "utter_confirm_hint",
    "code": "utter_code_hint",
    "complaint_text": "utter_complaint_hint",
    "change_wanted": "utter_change_wanted_hint",
}
IF_FORGOTTEN = {"order_number": "utter_order_number_forgotten", "email": "utter_email_forgotten"}
WHY = {
    "order_number": "utter_why_order_number",
    "email": "utter_why_email",
    "address": "utter_why_address",
    "code": "utter_why_code",
    "complaint_text": "utter_why_complaint_text",
    "change_wanted": "utter_why_change_wanted",
}

# What may be said to the form itself. Everything else is for another topic to answer, also one
# that an owner has added.
PLEASANT = {"greet", "thanks"}
UNCLEAR = {"out_of_scope", "nlu_fallback", ""}
TO_THE_FORM = PLEASANT | UNCLEAR | {"affirm", "deny", "inform", "dont_know", "refuse_answer"}

LONGEST_WITH_EMAIL = 50  # characters: "sorry, it is …" holds no other wish than to be taken
HESITATING = UNCLEAR | {"stop", "affirm", "deny", "inform", "dont_know"}
HESITATES = re.compile(
    r"\b(?:let me (?:think|check|look|see)|one (?:moment|sec)|just a (?:moment|minute|sec)|hold on"
    r"|hang on|give me a|wait a|maybe|not sure)\b|想想|想一下|等一下|等等|稍等|考虑|找找",
    re.I,
)
ASKS = re.compile(r"[?？]\s*$|^(?:how|where|what|when|can i)\b|怎么|怎样|如何|哪里|吗$", re.I)
SAYS_MORE = re.compile(r"[a-z0-9\u4e00-\u9fff]{2}", re.I)


@dataclass
class Filling:
    """The slots of a form while one message is worked in."""

    slots: dict[str, Any]
    changed: dict[str, Any] = field(default_factory=dict)
    is_wrong: bool = False  # something was given, and it will not do
    left_because: str | None = None  # refused, forgotten, wrong, unreachable, all_said or gone
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
    is_aside = False  # what it breaks into goes on afterwards
    near: frozenset[str] = frozenset()  # topics whose words beside an answer make no new wish

    def act(self, talk: Talk) -> list[EventType]:
        filling = Filling(talk.slots)
        requested = talk.slots.get("requested_slot")
        if requested is None or talk.opened == f"{self.topic}_form":
            requested = None
            self.begin(talk, filling)
        elif not talk.was_interrupted:
            if talk.intent == "goodbye":
                return _gone(talk, filling)
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
            filling.left_because = "unreachable"
            return _ended(filling)
        return self._go_on(talk, filling, wanted, requested)

    def _go_on(
        self, talk: Talk, filling: Filling, wanted: str | None, requested: str | None
    ) -> list[EventType]:
        if wanted is None or filling.left_because:
            return _ended(filling)
        is_same = requested == wanted
        if is_same and not talk.was_interrupted and not self._has_learned(talk, filling):
            self.help_on(talk, filling, wanted)
        so_far = (talk.slots.get("failures") or 0) if is_same else 0
        failures = so_far + 1 if filling.is_wrong else so_far
        if failures >= PATIENCE and not filling.left_because:
            lacks = talk.intent in ("dont_know", "refuse_answer")
            filling.left_because = "forgotten" if lacks else "wrong"
        if filling.left_because:
            return _ended(filling)
        filling["failures"] = failures or None
        if not is_same:
            filling["refusals"] = None
        was_put = talk.slots.get("requested_slot") == wanted or talk.wish.get("why") == "back"
        was_put = was_put or talk.slots.get(wanted) is not None  # given before, and of no use
        filling["ask"] = "again" if was_put else "first"
        filling["in_form"], filling["requested_slot"] = self.topic, wanted
        return remember(**filling.changed)

    def _has_learned(self, talk: Talk, filling: Filling) -> bool:
        """Whether the message brought anything, or has been told already that it did not."""
        known = [name for name in talk.entities if name in self.wants]
        return bool(known or filling.is_wrong or any(filling.changed.get(w) for w in self.wants))

    def begin(self, talk: Talk, filling: Filling) -> None:
        """Forget what another time was answered, and take what came along."""
        for slot in ("failures", "refusals", "left_because", *HELD_BY_FORM):
            filling[slot] = None
        for slot, value in (talk.wish.get("slots") or {}).items():
            filling[slot] = value
        named = number_of_the_first_wish(talk)
        if named is not None:
            filling["order_number"] = named
        broken_into = talk.slots.get("in_form")
        if self.is_aside and broken_into not in (None, self.topic):
            filling["wishes"] = [_way_back(talk), *(talk.slots.get("wishes") or [])]
        filling["in_form"] = None

    def help_on(self, talk: Talk, filling: Filling, wanted: str) -> None:
        """React to a message that answered nothing, before the question is put again."""
        if hesitates(talk):
            talk.say("utter_take_your_time")
        if talk.intent in PLEASANT or hesitates(talk):
            return
        if talk.intent == "refuse_answer" and wanted in WHY:
            filling["refusals"] = refusals = (talk.slots.get("refusals") or 0) + 1
            if refusals > 1:
                filling.left_because = "refused"
            else:
                talk.say(self.why(wanted))
            return
        if talk.intent in UNCLEAR and answer_from_articles(talk) is not None:
            return
        filling.is_wrong = True
        if talk.intent != "dont_know" or wanted not in IF_FORGOTTEN:
            talk.say(HINTS.get(wanted, "utter_hint"))
        elif not talk.slots.get("failures"):
            talk.say(self.if_forgotten(wanted))

    def if_forgotten(self, wanted: str) -> str:
        """The sentence for somebody who does not know the answer."""
        return IF_FORGOTTEN[wanted]

    def why(self, wanted: str) -> str:
        """The sentence that says what the answer is needed for."""
        return WHY[wanted]

    def is_called_off(self, talk: Talk) -> bool:
        """Whether the customer says no more than "cancel it" and means this form by it."""
        if "confirmed" not in self.wants or self.topic == "cancel_order" or talk.is_button:
            return False
        is_short = len(talk.text) <= SHORT_ANSWER and not talk.names_an_order_or_mail
        return talk.intent == "cancel_order" and is_short and not AN_ORDER.search(talk.text)

    def is_about_something_else(self, talk: Talk, requested: str) -> bool:
        """Whether the message is for another topic to answer; the form waits meanwhile."""
        if talk.is_news:
            return True
        if talk.intent in TO_THE_FORM or talk.intent == self.topic or hesitates(talk):
            return False
        is_likely = talk.confidence < SURE or talk.intent in self.near
        is_answer = is_likely or (requested == "email" and len(talk.text) <= LONGEST_WITH_EMAIL)
        return not (requested in talk.entities and is_answer)

    def read(self, talk: Talk, requested: str, filling: Filling) -> None:
        """Take the answer. Order number and e-mail are slots already, wherever they were said."""
        if requested != "confirmed" or set(talk.entities) & set(self.wants) or hesitates(talk):
            return
        takes_back = not talk.is_button and TAKES_BACK.search(talk.text)
        if talk.intent == "deny" or (takes_back and talk.intent in (self.topic, "affirm")):
            filling["confirmed"] = False
        elif talk.intent == "affirm":
            filling["confirmed"] = True

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
            is_open = talk.slots.get("in_form") == self.topic
            if is_open and talk.slots.get("requested_slot") not in (None, "order_number"):
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
            order = filling.order
            filling["order_items"] = listed(order.items, talk.language)
            filling["order_total"] = amount(order.total_minor, order.currency, talk.language)


def number_of_the_first_wish(talk: Talk) -> str | None:
    """The order named before the second wish begins, where a message holds two wishes."""
    also = talk.message.get("also") or []
    place = talk.text.find(str(also[0].get("text"))) if also else -1
    found = order_digits(talk.text[:place]) if place > 0 else []
    return f"KD-{found[-1][2]}" if found else None


def hesitates(talk: Talk) -> bool:
    """Whether the customer wants a moment to think or look, and nothing else."""
    if talk.is_button or talk.is_news or talk.names_an_order_or_mail:
        return False
    if not HESITATES.search(talk.text) or TAKES_BACK.search(talk.text):
        return False
    return talk.intent in HESITATING or not SAYS_MORE.search(HESITATES.sub("", talk.text))


def is_told_freely(talk: Talk) -> bool:
    """Whether the message may be an answer in the customer's own words, which mention whatever
    they like: it neither leaves nor asks something else."""
    if talk.is_news or talk.is_button or talk.intent in LEAVING:
        return False
    asks = ASKS.search(talk.text) is not None
    return not (asks and talk.confidence >= SURE_OF_A_QUESTION)


def _way_back(talk: Talk) -> dict[str, Any]:
    """The wish to go on with the form that is open now, with what it knew."""
    asked = talk.slots.get("requested_slot")
    order = None if asked == "order_number" else talk.slots.get("checked_order")
    email = None if asked == "email" else talk.slots.get("email")
    known = {"order_number": order, "email": email}
    return {"intent": talk.slots["in_form"], "text": "", "why": "back", "slots": known}


def _gone(talk: Talk, filling: Filling) -> list[EventType]:
    talk.say("utter_goodbye")
    filling["wishes"], filling.left_because = None, "gone"
    return _ended(filling)


def _ended(filling: Filling) -> list[EventType]:
    filling["failures"] = filling["refusals"] = None
    filling["left_because"] = filling.left_because
    filling["in_form"] = filling["requested_slot"] = None
    return remember(**filling.changed)


def is_mostly_reference(text: str) -> bool:
    """Whether a line holds an order number and little else."""
    words = re.sub(r"(?i)kd|order|number|订单|单号|[\W\d_]", "", text)
    chinese = re.search("[\u4e00-\u9fff]", words) is not None
    return len(words) <= (SHORT_ANSWER // 3 if chinese else SHORT_ANSWER)


def order_of(talk: Talk) -> Order | None:
    """The order that the form was filled for; None where it was left, or cannot be looked up."""
    number = talk.slots.get("order_number")
    if not number or talk.slots.get("left_because"):
        return None
    try:
        return orders().find(number)
    except OrdersUnreachable:
        return None
