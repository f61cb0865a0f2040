"""Where an order is: its state for whoever knows the number, the rest for whoever owns it."""

from rasa_sdk.events import EventType

from actions.figures import day
from actions.form import Form, order_of
from actions.talk import Door, Talk, offer_after_leaving
from desk.conversations.commands import reach_goal
from desk.conversations.models import Resolver
from desk.conversations.queries import may_touch
from desk.durable import reading, transaction
from desk.integrations.orders import Order


class TrackOrderForm(Form):
    name_in_domain = "validate_track_order_form"
    topic = "track_order"
    wants = ("order_number",)
    is_aside = True


class TrackOrder(Door):
    name_in_domain = "action_track_order"

    def act(self, talk: Talk) -> list[EventType]:
        order = order_of(talk)
        if order is None:
            return offer_after_leaving(talk, "track_order")
        transaction(reach_goal, talk.conversation_id, "track_order", by=Resolver.BOT)
        self._tell(talk, order)
        return []

    def _tell(self, talk: Talk, order: Order) -> None:
        own = reading(may_touch, talk.conversation_id, order.email, talk.slots.get("email"))
        if order.status == "shipped" and own and order.tracking_number:
            talk.say(
                "utter_order_shipped_with_tracking",
                order_number=order.number,
                carrier=order.carrier,
                tracking_number=order.tracking_number,
            )
            return
        since = order.delivered_on if order.status == "delivered" else order.placed_on
        known = {"order_number": order.number, "order_date": day(since, talk.language)}
        talk.say(f"utter_order_{order.status}", **known)
