"""Who has a conversation open, noted now and then for those who would write letters."""

import logging
import threading
from collections.abc import Callable
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from desk.durable import transaction
from desk.letters.commands import see_customers
from desk.letters.rules import SEEN_EVERY_SECONDS

log = logging.getLogger(__name__)


class Presence:
    """Writes down every few seconds which conversations `present` says are being followed."""

    def __init__(self, present: Callable[[], list[UUID]]) -> None:
        self._present = present
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="presence", daemon=True)

    def start(self) -> None:
        """Begin to note."""
        self._thread.start()

    def stop(self) -> None:
        """Note no more."""
        self._stopped.set()
        self._thread.join(timeout=2)

    def _run(self) -> None:
        while not self._stopped.wait(SEEN_EVERY_SECONDS):
            followed = self._present()
            if not followed:
                continue
            try:
                transaction(see_customers, followed)
            except DBAPIError:  # whoever is not noted is written a letter too many
                log.warning("Could not note who is there; trying again.")
