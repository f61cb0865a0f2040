"""Mailing what nobody was there to read."""

import logging
from typing import Any
from uuid import UUID

from dbos import DBOS, error

from desk.durable import transaction
from desk.integrations import mail
from desk.integrations.orders import OrdersUnreachable, orders
from desk.integrations.wording import wording
from desk.letters import commands
from desk.letters.models import Standing
from desk.letters.rules import body

log = logging.getLogger(__name__)


@DBOS.workflow(name="send_letter", max_recovery_attempts=5)
def send_letter(letter_id: str, looks: int = 1) -> None:
    """Mail the letter if its time has come and it is needed."""
    found = transaction(_look, UUID(letter_id), looks)
    if found is None:
        return
    try:
        standing = deliver(letter_id, found)
    except error.DBOSMaxStepRetriesExceeded:
        log.warning("Letter %s was taken by the mail server in no try.", letter_id)
        standing = Standing.FAILED
    transaction(commands.close, UUID(letter_id), Standing(standing))


@DBOS.step(retries_allowed=True, max_attempts=8, interval_seconds=2.0, backoff_rate=2.5)
def deliver(letter_id: str, found: dict[str, Any]) -> str:
    """Hand the letter to the mail server. A worker that dies before this is written down sends it
    again, under the same Message-ID."""
    address = found["address"] or _who_ordered(found["order_number"])
    if address is None:
        return Standing.FAILED
    frame = wording("utter_desk_letter", found["language"])
    subject = wording("utter_desk_letter_subject", found["language"])
    text = body(frame, found["said"])
    try:
        mail.send(address, subject, text, name=f"letter.{letter_id}")
    except mail.NoAddress:
        return Standing.FAILED
    return Standing.SENT


def _look(session: Any, letter_id: UUID, looks: int) -> dict[str, Any] | None:
    found = commands.look(session, letter_id, looks)
    return vars(found) if found else None


def _who_ordered(number: str | None) -> str | None:
    """The address that the order was placed with; asked for again if nobody can say now.

    Raises:
        MailSilent: the orders cannot be read.
    """
    if number is None:
        return None
    try:
        order = orders().find(number)
    except OrdersUnreachable as silent:
        raise mail.MailSilent("Nobody can say whose order it is.") from silent
    return order.email if order else None
