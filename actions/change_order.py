"""Changing what is in an order that has not left yet: a colleague does it."""

import re

from rasa_sdk.events import EventType

from actions.figures import as_written
from actions.form import Filling, Form, is_told_freely
from actions.talk import Door, Talk, offer_after_leaving, remember, say_nothing_was_done
from actions.tickets import take_down

NO_FIRST = re.compile(r"^(?:(?:no|sorry|actually|wait|不对|不是|不)[,.，。\s]+)+", re.I)
TELLS_NOTHING = ("affirm", "deny", "dont_know", "refuse_answer", "foreign_language")
TELLS_WHAT = re.compile(
    r"\b(?:add|remove|swap|replace|instead|without|another|one more|an extra|quantity|size|colou?r"
    r"|only (?:one|two|three|\d)|leave out|take out|exchange .+ for|to (?:two|three|four|\d))\b"
    r"|加|去掉|减|换成|改成|改为|不要|多要|少要|数量|颜色|尺寸|换一",
    re.I,
)


class ChangeOrderForm(Form):
    name_in_domain = "validate_change_order_form"
    topic = "change_order"
    wants = ("order_number", "email", "change_wanted", "confirmed")

    def begin(self, talk: Talk, filling: Filling) -> None:
        super().begin(talk, filling)
        if not talk.is_button and TELLS_WHAT.search(talk.text):
            filling["change_wanted"] = as_written(talk.text)

    def is_about_something_else(self, talk: Talk, requested: str) -> bool:
        """What is wanted may sound like any other topic."""
        if requested == "change_wanted" and is_told_freely(talk):
            return False
        return super().is_about_something_else(talk, requested)

    def read(self, talk: Talk, requested: str, filling: Filling) -> None:
        is_free = requested == "change_wanted"  # any words will do, elsewhere only telling ones
        tells = is_free or (requested == "confirmed" and TELLS_WHAT.search(talk.text))
        if tells and talk.intent not in TELLS_NOTHING and not talk.is_button:
            filling["change_wanted"] = as_written(NO_FIRST.sub("", talk.text))
        else:
            super().read(talk, requested, filling)

    def check_order_number(self, talk: Talk, filling: Filling) -> None:
        super().check_order_number(talk, filling)
        order = filling.order
        if order is not None and order.status != "placed":
            talk.say(f"utter_change_order_{order.status}", order_number=order.number)
            filling.left_because = "all_said"


class ChangeOrder(Door):
    name_in_domain = "action_change_order"

    def act(self, talk: Talk) -> list[EventType]:
        if talk.slots.get("left_because") == "all_said":
            talk.say("utter_ask_solved")
            return []
        confirmed, wanted = talk.slots.get("confirmed"), talk.slots.get("change_wanted")
        done = remember(confirmed=None, change_wanted=None)
        if confirmed is None:
            return done + offer_after_leaving(talk, "change_order")
        if not confirmed:
            say_nothing_was_done(talk)
            return done
        subject = f"{talk.slots['order_number']}: {wanted}"
        return take_down(talk, "change_order", subject, "utter_change_order_taken") + done
