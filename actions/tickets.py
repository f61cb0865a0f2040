"""Writing down for a colleague what the bot may not do by itself."""

from rasa_sdk.events import EventType

from actions.talk import Talk, remember, say_and_offer_person
from desk.durable import transaction
from desk.escalations.models import Reason
from desk.tickets.commands import open_ticket


def take_down(talk: Talk, kind: str, subject: str, said: str) -> list[EventType]:
    """Open a ticket, say `said` with its number, and offer a person; tried again in the same turn
    it is the same ticket."""
    ticket = transaction(
        open_ticket,
        talk.conversation_id,
        kind=kind,
        subject=subject[:200],
        key=f"{kind}:{talk.turn_key or talk.conversation_id}",
    )
    talk.say(said, ticket_number=ticket.number)
    if kind == "complaint":
        offered = say_and_offer_person(talk, "utter_offer_person_kindly", Reason.COMPLAINT)
    else:
        offered = say_and_offer_person(talk, "utter_offer_person_now", Reason.NOT_SOLVED)
    return offered + remember(ticket_number=ticket.number)
