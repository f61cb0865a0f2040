"""What an invoice says, for whoever the order belongs to."""

from rasa_sdk.events import EventType

from actions.figures import amount, day, listed
from actions.form import Form
from actions.talk import Door, Talk, offer, offer_after_leaving
from desk.conversations.commands import reach_goal
from desk.conversations.models import Resolver
from desk.conversations.queries import may_touch
from desk.durable import reading, transaction
from desk.integrations.orders import Order, OrdersUnreachable, orders


class CheckInvoiceForm(Form):
    name_in_domain = "validate_check_invoice_form"
    topic = "check_invoice"
    wants = ("order_number", "email")
    is_aside = True
    near = frozenset({"resend_invoice", "track_order"})


class CheckInvoice(Door):
    name_in_domain = "action_check_invoice"

    def act(self, talk: Talk) -> list[EventType]:
        order = their_order(talk)
        if order is None:
            return offer_after_leaving(talk, "check_invoice")
        transaction(reach_goal, talk.conversation_id, "check_invoice", by=Resolver.BOT)
        if order.status == "cancelled":
            talk.say("utter_check_invoice_cancelled", order_number=order.number)
            talk.say("utter_ask_solved")
            return []
        talk.say(
            "utter_check_invoice",
            order_number=order.number,
            order_date=day(order.placed_on, talk.language),
            order_total=amount(order.total_minor, order.currency, talk.language),
            order_items=listed(order.items, talk.language),
        )
        talk.say("utter_check_invoice_offer")
        # To be asked is enough of a confirmation: nothing but a mail to the owner is sent.
        return offer("resend_invoice", order_number=order.number, confirmed=True)


def their_order(talk: Talk) -> Order | None:
    """The order that the form has ended with, if it is the customer's."""
    number = talk.slots.get("order_number")
    if number is None or talk.slots.get("left_because"):
        return None
    try:
        order = orders().find(number)
    except OrdersUnreachable:
        return None
    given = talk.slots.get("email")
    is_theirs = order and reading(may_touch, talk.conversation_id, order.email, given)
    return order if is_theirs else None
