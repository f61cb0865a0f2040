"""Bringing in a person."""

from rasa_sdk.events import EventType

from actions.talk import Door, Talk, leave_form, remember
from desk.durable import transaction
from desk.escalations.commands import AlreadyEscalated, escalate
from desk.escalations.models import Kind, Reason
from desk.escalations.rules import Packet

KNOWN = ("order_number", "email", "address", "change_wanted", "job_reference", "ticket_number")


class AskForPerson(Door):
    name_in_domain = "action_person"

    def act(self, talk: Talk) -> list[EventType]:
        return bring_person(talk, Kind.REQUESTED, Reason.ASKED_FOR_A_PERSON)


def bring_person(talk: Talk, kind: Kind, reason: Reason) -> list[EventType]:
    """Queue the customer, with what is known so far; being asked again changes nothing."""
    known = {name: talk.slots[name] for name in KNOWN if talk.slots.get(name)}
    waiting = [wish["intent"] for wish in talk.slots.get("wishes") or []]
    packet = Packet(
        goal=talk.slots.get("topic"),
        slots=known | ({"also_wanted": ", ".join(waiting)} if waiting else {}),
        tried=talk.slots.get("tried") or [],
    )
    try:
        transaction(escalate, talk.conversation_id, kind=kind, reason=reason, packet=packet)
    except AlreadyEscalated:
        talk.say("utter_person_already_coming")
    else:
        talk.say("utter_person_is_coming")
    return leave_form() + remember(asked=None)
