"""Noting what was understood, and what a bare yes, no or never mind means."""

from typing import Any
from uuid import UUID

from rasa_sdk.events import EventType

from actions.knowledge import answer_from_articles
from actions.person import bring_person
from actions.talk import Door, Talk, leave_form, remember, say_and_offer_person
from desk.conversations.commands import note, understood
from desk.conversations.rules import topic_after
from desk.durable import transaction
from desk.escalations.models import Kind, Reason
from desk.knowledge.commands import settle_solved

NOT_UNDERSTOOD = ("nlu_fallback", "out_of_scope")
LEAVES_QUESTION_OPEN = ("affirm", "deny", "old_choice")
SAYS_SORRY_ITSELF = {"complaint", "person"}
PATIENCE = 2  # times not understood before a person is offered
PATIENCE_WHEN_UPSET = 1
UPSET_FOR = 2  # messages, from the one that was upset on
SORRY_FOR = 3  # messages, until an apology may be repeated
MOST_WISHES = 3


class NoteTurn(Door):
    """Runs for every message of a customer, before anything else does."""

    name_in_domain = "action_note_turn"

    def act(self, talk: Talk) -> list[EventType]:
        changed = taken_up(talk) if talk.wish else heard(talk)
        topic = topic_after(talk.intent, talk.slots.get("topic"))
        if topic != talk.slots.get("topic"):
            changed["topic"] = topic
        if talk.slots.get("asked") and talk.intent not in LEAVES_QUESTION_OPEN:
            changed["asked"] = None
        if talk.slots.get("misses") and talk.intent not in NOT_UNDERSTOOD:
            changed["misses"] = None
        return remember(**changed)

    def leave_event(self, talk: Talk) -> None:
        """`heard` or `taken_up` has left one."""


def heard(talk: Talk) -> dict[str, Any]:
    """Note a message as the desk keeps it; gives what it changes in the bot's memory."""
    felt = talk.message.get("sentiment") or {}  # a quick reply has none
    told = (talk.intent, talk.confidence, felt.get("score"), felt.get("upset"))
    transaction(understood, UUID(talk.turn_key), *told)
    return mood(talk) | further_wishes(talk)


def taken_up(talk: Talk) -> dict[str, Any]:
    """Note that a wish which had to wait has its turn; the message has been noted before."""
    why = talk.wish["why"]
    transaction(note, talk.conversation_id, "wish.taken_up", intent=talk.intent, why=why)
    opening = {"also": "utter_now_the_other", "back": "utter_back_to_it"}.get(why)
    return {"opens_with": [opening]} if opening else {}


def mood(talk: Talk) -> dict[str, Any]:
    """Whether the customer is upset, and whether to say sorry first: never twice in a row."""
    upset = UPSET_FOR if talk.is_upset else max(0, (talk.slots.get("upset") or 0) - 1)
    sorry = max(0, (talk.slots.get("sorry") or 0) - 1)
    changed: dict[str, Any] = {}
    says_itself = {talk.intent, talk.slots.get("in_form")} & SAYS_SORRY_ITSELF
    if talk.is_upset and not sorry and not says_itself:
        changed["opens_with"], sorry = ["utter_sorry_for_trouble"], SORRY_FOR
    if upset != (talk.slots.get("upset") or 0):
        changed["upset"] = upset
    if sorry != (talk.slots.get("sorry") or 0):
        changed["sorry"] = sorry
    return changed


def further_wishes(talk: Talk) -> dict[str, Any]:
    """What else the customer wants, to be taken up later; what they come to by themselves needs
    no taking up any more."""
    waiting = list(talk.slots.get("wishes") or [])
    kept = [wish for wish in waiting if wish["intent"] != talk.intent]
    for also in talk.message.get("also") or []:
        if topic_after(also["name"], None) is not None:
            known = {"intent": also["name"], "confidence": also.get("confidence", 1.0)}
            transaction(note, talk.conversation_id, "wish.heard", **known)
            kept.append({**known, "text": also["text"], "why": "also"})
    return {"wishes": kept[:MOST_WISHES] or None} if kept != waiting else {}


class NotUnderstood(Door):
    name_in_domain = "action_not_understood"

    def act(self, talk: Talk) -> list[EventType]:
        answered = answer_from_articles(talk)
        if answered is not None:
            return answered + remember(misses=None)
        misses = (talk.slots.get("misses") or 0) + 1
        if misses < (PATIENCE_WHEN_UPSET if talk.slots.get("upset") else PATIENCE):
            is_known = talk.intent == "out_of_scope"
            talk.say("utter_out_of_scope" if is_known else "utter_not_understood")
            return remember(misses=misses)
        offered = say_and_offer_person(talk, "utter_offer_person", Reason.NOT_UNDERSTOOD)
        return offered + remember(misses=None)


class Stop(Door):
    """Never mind: leave the form, if there is one, and forget what else was wished."""

    name_in_domain = "action_stop"

    def act(self, talk: Talk) -> list[EventType]:
        talk.say("utter_stopped")
        return leave_form()


class Yes(Door):
    name_in_domain = "action_yes"

    def act(self, talk: Talk) -> list[EventType]:
        asked = talk.slots.get("asked")
        if asked == "person":
            why = Reason(talk.slots.get("why_person") or Reason.NOT_UNDERSTOOD)
            return bring_person(talk, Kind.OFFERED, why)
        if asked == "offer" and talk.slots.get("offered"):
            waiting = talk.slots.get("wishes") or []
            return remember(asked=None, offered=None, wishes=[talk.slots["offered"], *waiting])
        if asked == "solved":
            transaction(settle_solved, talk.conversation_id, True, talk.turn_key)
            talk.say("utter_glad")
        else:
            talk.say("utter_nothing_asked")
        return remember(asked=None)


class No(Door):
    name_in_domain = "action_no"

    def act(self, talk: Talk) -> list[EventType]:
        asked = talk.slots.get("asked")
        if asked == "solved":
            transaction(settle_solved, talk.conversation_id, False, talk.turn_key)
            return say_and_offer_person(talk, "utter_offer_person_kindly", Reason.NOT_SOLVED)
        if not talk.slots.get("wishes"):
            talk.say("utter_ask_what_else" if asked else "utter_all_right")
        return remember(asked=None, offered=None)
