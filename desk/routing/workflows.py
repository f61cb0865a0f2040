"""Routing at work: at once when something has changed, and again by the clock."""

import logging
import threading
import time
from datetime import timedelta
from uuid import UUID

from desk import clock
from desk.durable import reading, transaction
from desk.routing import commands, queries
from desk.routing.rules import assignments, should_go_back
from desk.settings import settings

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
PUT_BACK_EVERY_SECONDS = 5.0
# After any of these somebody may be served who was not before.
CHANGES = (
    *("conversation.handoff_requested", "conversation.handed_back", "conversation.resolved"),
    *("conversation.priority_set", "conversation.put_back"),
    *("agent.", "offer.missed", "offer.declined", "offer.withdrawn"),
)


def route_what_waits() -> int:
    """Offer whoever waits to whoever can take them; gives how many offers were made. Safe at any
    time and from any number of processes: what has changed meanwhile is not offered."""
    if settings().offer_seconds <= 0:
        return 0
    known = reading(queries.board)
    most_worse = settings().vip_guard_percent / 100
    found = assignments(known.line, known.seats, known.credit, most_worse, clock.now())
    made = (transaction(commands.offer, m.waiting.id, m.agent, passed=m.passed) for m in found)
    return sum(one is not None for one in made)


def drop_the_unseen() -> None:
    """Take for offline who has given no sign for too long. Safe to repeat."""
    for person_id in reading(queries.unseen):
        transaction(commands.drop_unseen, person_id)


def close_offers(*, late_ones: bool = True) -> None:
    """End the offers that are over; where not `late_ones`, only those that nobody can accept any
    more. Safe to repeat."""
    for offer_id in reading(queries.offers_to_close, late_ones=late_ones):
        transaction(commands.close_offer, offer_id)


def put_back_the_ignored() -> None:
    """Find other agents for customers whose agents are gone or silent. Safe to repeat."""
    for conversation_id in _ignored():
        transaction(commands.put_back, conversation_id)


def _ignored() -> list[UUID]:
    known, at = settings(), clock.now()
    grace = timedelta(seconds=known.put_back_seconds)
    ignored = timedelta(minutes=known.ignored_minutes) if known.ignored_minutes else None
    return [
        one.conversation_id
        for one in reading(queries.unanswered)
        if should_go_back(
            one.waits_since, one.offline_since, at, grace=grace, ignored_after=ignored
        )
    ]


class Routing:
    """Routes in one thread of every desk process: when told that something has changed, and every
    second. A desk that has just started takes nobody for gone before the consoles have had time to
    find it again, and no offer for missed before it could be accepted once more."""

    def __init__(self) -> None:
        self._woken = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="routing", daemon=True)

    def start(self) -> None:
        """Begin to route."""
        self._began = self._put_back_at = time.monotonic()
        self._thread.start()

    @property
    def is_running(self) -> bool:
        """Whether somebody still routes."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Route no more; what is offered stays offered."""
        self._stopped.set()
        self._woken.set()
        self._thread.join(timeout=5)

    def hear(self, kind: str) -> None:
        """Something of this kind has happened, in any process."""
        if kind.startswith(CHANGES):
            self._woken.set()

    def look_around(self) -> None:
        """One round."""
        up_seconds = time.monotonic() - self._began
        is_settled = up_seconds > settings().offline_after_seconds
        if is_settled:
            drop_the_unseen()
        close_offers(late_ones=up_seconds > settings().offer_seconds)
        if is_settled and time.monotonic() - self._put_back_at > PUT_BACK_EVERY_SECONDS:
            self._put_back_at = time.monotonic()
            put_back_the_ignored()
        route_what_waits()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self.look_around()
            except Exception:  # a thread begins here; ending it would leave customers waiting
                log.exception("Could not route; trying again.")
                self._stopped.wait(LOOK_SECONDS)
            self._woken.wait(LOOK_SECONDS)
            self._woken.clear()
