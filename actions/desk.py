"""Noting what was understood, and what a bare yes, no or never mind means."""

from uuid import UUID

from rasa_sdk.events import EventType

from actions.person import bring_person
from actions.talk import Door, Talk, leave_form, remember, say_and_offer_person
from desk.conversations.commands import settle_solved, understood
from desk.conversations.rules import topic_after
from desk.durable import transaction
from desk.escalations.models import Kind, Reason
from desk.integrations.sentiment import score

NOT_UNDERSTOOD = ("nlu_fallback", "out_of_scope")
LEAVES_QUESTION_OPEN = ("affirm", "deny", "old_choice")
PATIENCE = 2  # times not understood before a person is offered


class NoteTurn(Door):
    """Runs for every message of a customer, before anything else does."""

    name_in_domain = "action_note_turn"

    def act(self, talk: Talk) -> list[EventType]:
        felt = 0.0 if talk.is_button else score(talk.text, talk.language)
        transaction(understood, UUID(talk.turn_key), talk.intent, talk.confidence, felt)
        changed: dict[str, object] = {}
        topic = topic_after(talk.intent, talk.slots.get("topic"))
        if topic != talk.slots.get("topic"):
            changed["topic"] = topic
        if talk.slots.get("asked") and talk.intent not in LEAVES_QUESTION_OPEN:
            changed["asked"] = None
        if talk.slots.get("misses") and talk.intent not in NOT_UNDERSTOOD:
            changed["misses"] = None
        return remember(**changed)

    def leave_event(self, talk: Talk) -> None:
        """`understood` has left one."""


class NotUnderstood(Door):
    name_in_domain = "action_not_understood"

    def act(self, talk: Talk) -> list[EventType]:
        misses = (talk.slots.get("misses") or 0) + 1
        if misses < PATIENCE:
            talk.say("utter_not_understood")
            return remember(misses=misses)
        offered = say_and_offer_person(talk, "utter_offer_person", Reason.NOT_UNDERSTOOD)
        return offered + remember(misses=None)


class Stop(Door):
    """Never mind: leave the form, if there is one."""

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
        if asked == "solved":
            transaction(settle_solved, talk.conversation_id, True, talk.turn_key)
            talk.say("utter_glad")
        else:
            talk.say("utter_ask_what_else")
        return remember(asked=None)


class No(Door):
    name_in_domain = "action_no"

    def act(self, talk: Talk) -> list[EventType]:
        if talk.slots.get("asked") == "solved":
            transaction(settle_solved, talk.conversation_id, False, talk.turn_key)
            return say_and_offer_person(talk, "utter_offer_person_kindly", Reason.NOT_SOLVED)
        talk.say("utter_ask_what_else")
        return remember(asked=None)
