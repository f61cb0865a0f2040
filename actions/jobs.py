"""Asking a robot for what a form has gathered."""

import math
from typing import Any
from uuid import UUID

from rasa_sdk.events import EventType
from sqlalchemy.orm import Session

from actions.talk import (
    Door,
    Talk,
    offer_after_leaving,
    remember,
    say_and_offer_person,
    say_nothing_was_done,
)
from automation.contracts import JobRequest
from desk.approvals.commands import ask_for
from desk.approvals.queries import worth_of
from desk.approvals.rules import Worth
from desk.checks.commands import NotProved, require_proof
from desk.conversations.queries import may_touch
from desk.durable import transaction
from desk.errors import Forbidden
from desk.escalations.models import Reason
from desk.integrations.orders import OrdersUnreachable, orders
from desk.jobs.commands import Asked, AskedTooOften
from desk.jobs.models import OPEN, JobStatus
from desk.settings import settings

SECONDS_PER_MINUTE = 60


class NotTheirOrder(Forbidden):
    """The order was placed with another e-mail address."""


class JobDoor(Door):
    """What happens once the form of a topic has ended: the job, a no, or the offer of a person."""

    topic: str

    def inputs(self, talk: Talk) -> dict[str, Any]:
        """What the robot needs to know."""
        return {"order_number": talk.slots["order_number"]}

    def act(self, talk: Talk) -> list[EventType]:
        confirmed = talk.slots.get("confirmed")
        done = remember(confirmed=None, address=None, code=None)
        if confirmed is None:
            return done + offer_after_leaving(talk, self.topic)
        if not confirmed:
            say_nothing_was_done(talk)
            return done
        try:
            asked = self._ask(talk)
        except NotProved:  # it ran out between the code and now
            return done + say_and_offer_person(talk, "utter_code_spent", Reason.NOT_SOLVED)
        except (OrdersUnreachable, NotTheirOrder):
            talk.say("utter_orders_unreachable")
            return done + say_and_offer_person(talk, "utter_offer_person_kindly", Reason.NOT_SOLVED)
        except AskedTooOften:
            talk.say("utter_asked_too_often")
            return done + say_and_offer_person(talk, "utter_offer_person_kindly", Reason.NOT_SOLVED)
        self._receipt(talk, asked)
        tried = [*(talk.slots.get("tried") or []), f"robot {self.topic}: asked"]
        return done + remember(tried=tried)

    def _ask(self, talk: Talk) -> Asked:
        request = JobRequest(self.topic, self.inputs(talk))
        number = request.inputs.get("order_number")
        if number is None:
            return transaction(ask_for_a_link, talk.conversation_id, request, talk.turn_key)
        order = orders().find(number)
        if order is None:
            raise NotTheirOrder(f"There is no order {number}.")
        given = talk.slots.get("email")
        return transaction(
            ask_for_their_order,
            talk.conversation_id,
            request,
            talk.turn_key,
            order_email=order.email,
            given=given,
            worth=worth_of(request),
        )

    def _receipt(self, talk: Talk, asked: Asked) -> None:
        if asked.job.status is JobStatus.WAITING:
            talk.say("utter_waits_for_approval", hours=math.ceil(settings().approval_hours))
            return
        if asked.is_new or asked.job.status in OPEN:
            minutes = math.ceil(asked.expected_seconds / SECONDS_PER_MINUTE)
            talk.say(f"utter_{self.topic}_receipt", minutes=minutes)
            return
        talk.say("utter_done_already", job_reference=asked.job.facts.get("reference"))


def ask_for_their_order(
    session: Session,
    conversation_id: UUID,
    request: JobRequest,
    turn_key: str,
    *,
    order_email: str,
    given: str | None,
    worth: Worth | None,
) -> Asked:
    """Ask a robot to do something to an order that this customer may touch.

    Raises:
        NotTheirOrder: they may not.
        NotProved: they have not shown yet that they are who ordered.
    """
    if not may_touch(session, conversation_id, order_email, given):
        raise NotTheirOrder("The order was placed with another e-mail address.")
    require_proof(session, conversation_id, request.kind, order_email)
    return ask_for(session, conversation_id, request, turn_key, worth=worth)


def ask_for_a_link(
    session: Session, conversation_id: UUID, request: JobRequest, turn_key: str
) -> Asked:
    """Ask a robot for what is about an address and no order.

    Raises:
        NotProved: the customer has not shown yet that the mailbox is theirs.
    """
    require_proof(session, conversation_id, request.kind, str(request.inputs["email"]))
    return ask_for(session, conversation_id, request, turn_key)
