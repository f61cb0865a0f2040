"""Complaints: taken down as a ticket, with the offer of a person."""

import re

from rasa_sdk.events import EventType

from actions.form import Filling, Form
from actions.talk import Door, Talk, remember, say_and_offer_person
from desk.durable import transaction
from desk.escalations.models import Reason
from desk.tickets.commands import open_ticket

LEAVING = ("stop", "person", "goodbye")
LONG_ENOUGH = {"en": 8, "zh": 10}  # words, characters: the story is told already


class ComplaintForm(Form):
    name_in_domain = "validate_complaint_form"
    topic = "complaint"
    wants = ("complaint_text",)

    def begin(self, talk: Talk, filling: Filling) -> None:
        super().begin(talk, filling)
        filling["complaint_text"] = talk.text if tells_story(talk) else None

    def is_about_something_else(self, talk: Talk, requested: str) -> bool:
        """A story is a story, whatever it mentions."""
        return talk.is_news or talk.is_button or talk.intent in LEAVING

    def read(self, talk: Talk, requested: str, filling: Filling) -> None:
        if talk.intent not in ("affirm", "deny"):
            filling["complaint_text"] = talk.text


class Complaint(Door):
    name_in_domain = "action_complaint"

    def act(self, talk: Talk) -> list[EventType]:
        story = talk.slots.get("complaint_text")
        if not story:
            return say_and_offer_person(talk, "utter_offer_person_kindly", Reason.COMPLAINT)
        ticket = transaction(
            open_ticket,
            talk.conversation_id,
            kind="complaint",
            subject=story[:200],
            key=f"complaint:{talk.turn_key or talk.conversation_id}",
        )
        talk.say("utter_complaint_taken", ticket_number=ticket.number)
        offered = say_and_offer_person(talk, "utter_offer_person_kindly", Reason.COMPLAINT)
        return offered + remember(complaint_text=None, ticket_number=ticket.number)


def tells_story(talk: Talk) -> bool:
    """Whether the message says what happened, and not only that somebody is unhappy."""
    if talk.is_button:
        return False
    if talk.language == "zh":
        return len(re.sub(r"\W", "", talk.text)) >= LONG_ENOUGH["zh"]
    return len(talk.text.split()) >= LONG_ENOUGH["en"]
