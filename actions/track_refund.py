"""Where a refund is: by what the desk itself has asked for, and by what stands on the order."""

from rasa_sdk.events import EventType

from actions.figures import amount
from actions.form import Filling, Form, order_of
from actions.talk import Door, Talk, offer, offer_after_leaving
from desk.conversations.commands import reach_goal
from desk.conversations.models import Resolver
from desk.conversations.queries import may_touch
from desk.durable import reading, transaction
from desk.integrations.orders import Order
from desk.jobs.models import OPEN, Job, JobStatus
from desk.jobs.queries import jobs_about


class TrackRefundForm(Form):
    name_in_domain = "validate_track_refund_form"
    topic = "track_refund"
    wants = ("order_number",)
    is_aside = True
    near = frozenset({"refund", "track_order"})

    def check_order_number(self, talk: Talk, filling: Filling) -> None:
        """The words for a refusal depend on its code, which is why it is remembered first."""
        super().check_order_number(talk, filling)
        job = refund_of(talk, filling.order.number) if filling.order else None
        if job is not None and job.status is JobStatus.REFUSED:
            filling["job_code"], filling["job_order"] = job.code, job.inputs["order_number"]


class TrackRefund(Door):
    name_in_domain = "action_track_refund"

    def act(self, talk: Talk) -> list[EventType]:
        order = order_of(talk)
        if order is None:
            return offer_after_leaving(talk, "track_refund")
        transaction(reach_goal, talk.conversation_id, "track_refund", by=Resolver.BOT)
        return tell(talk, order, refund_of(talk, order.number))


def refund_of(talk: Talk, number: str) -> Job | None:
    """The latest refund of this order that was asked for in this conversation."""
    asked = reading(jobs_about, talk.conversation_id, "refund", {"order_number": number})
    return asked[-1] if asked else None


def tell(talk: Talk, order: Order, job: Job | None) -> list[EventType]:
    """Say how far the refund is; where there is none, offer what can be done instead."""
    is_theirs = reading(may_touch, talk.conversation_id, order.email, talk.slots.get("email"))
    if order.status == "refunded" or (job and job.status is JobStatus.DONE):
        reference = order.refund_reference or (job.facts.get("reference") if job else None)
        if not (is_theirs and reference):
            talk.say("utter_order_refunded", order_number=order.number)
            return []
        total = amount(order.total_minor, order.currency, talk.language)
        known = {"order_number": order.number, "order_total": total, "job_reference": reference}
        talk.say("utter_track_refund_filed", **known)
    elif job is not None and job.status in OPEN:
        talk.say("utter_track_refund_under_way", order_number=order.number)
    elif job is not None and job.status is JobStatus.GAVE_UP:
        talk.say("utter_track_refund_with_colleague", order_number=order.number)
    elif job is not None:
        talk.say("utter_refund_refused")
        talk.say("utter_ask_solved")
    elif order.status in ("placed", "delivered"):
        words = {"placed": "utter_track_refund_placed", "delivered": "utter_track_refund_none"}
        talk.say(words[order.status], order_number=order.number)
        instead = "cancel_order" if order.status == "placed" else "refund"
        return offer(instead, order_number=order.number)
    else:
        talk.say(f"utter_track_refund_{order.status}", order_number=order.number)
    return []
