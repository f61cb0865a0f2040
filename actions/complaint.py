"""Complaints: taken down as a ticket, with the offer of a person."""

import re

from rasa_sdk.events import EventType

from actions.figures import as_written
from actions.form import LEAVING, Filling, Form
from actions.talk import Door, Talk, offer_after_leaving, remember
from actions.tickets import take_down

LONG_ENOUGH = {"en": 8, "zh": 10}  # words, characters: the story is told already


class ComplaintForm(Form):
    name_in_domain = "validate_complaint_form"
    topic = "complaint"
    wants = ("complaint_text",)
    is_aside = True

    def begin(self, talk: Talk, filling: Filling) -> None:
        super().begin(talk, filling)
        filling["complaint_text"] = as_written(talk.text) if tells_story(talk) else None

    def is_about_something_else(self, talk: Talk, requested: str) -> bool:
        """A story is a story, whatever it mentions."""
        return talk.is_news or talk.is_button or talk.intent in LEAVING

    def read(self, talk: Talk, requested: str, filling: Filling) -> None:
        if talk.intent not in ("affirm", "deny", "dont_know", "refuse_answer"):
            filling["complaint_text"] = as_written(talk.text)


class Complaint(Door):
    name_in_domain = "action_complaint"

    def act(self, talk: Talk) -> list[EventType]:
        story = talk.slots.get("complaint_text")
        if not story:
            return offer_after_leaving(talk, "complaint")
        done = remember(complaint_text=None)
        return take_down(talk, "complaint", story, "utter_complaint_taken") + done


def tells_story(talk: Talk) -> bool:
    """Whether the message says what happened, and not only that somebody is unhappy."""
    if talk.is_button:
        return False
    if talk.language == "zh":
        return len(re.sub(r"\W", "", talk.text)) >= LONG_ENOUGH["zh"]
    return len(talk.text.split()) >= LONG_ENOUGH["en"]
