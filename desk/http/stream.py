"""Every screen reads one thing: the log, filtered by who may see it, as it grows."""

import asyncio
import json
import logging
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fastapi.sse import ServerSentEvent
from pydantic import ValidationError
from sqlalchemy.orm import Session

from desk.durable import after_commit, reading
from desk.errors import DeskError
from desk.events.models import Audience, Event
from desk.events.queries import end_of_log, events_after, position_of
from desk.events.rules import Position
from desk.http.views import event_view

log = logging.getLogger(__name__)

POLL_SECONDS = 0.1  # other processes write too; our own commits wake the reader at once
PENDING_AT_MOST = 1_000  # a reader this far behind is cut off, and resumes by position
PAGE = 500
# Of these, staff see those of no conversation.
FOR_STAFF = ("job.", "approval.", "schedule.", "agent.")
WELCOME_SECONDS = 3.0  # a password changed elsewhere ends what is open within 5
# A worker wrote them; the bot is to tell.
NEWS = (
    *("job.succeeded", "job.refused", "job.failed", "job.needs_human", "job.resumed"),
    "approval.overdue",
)


@dataclass(frozen=True)
class Shown:
    """One event, ready for the wire."""

    place: Position | None  # none for signals, which are never replayed
    kind: str
    data: dict[str, Any]

    def to_sse(self) -> ServerSentEvent:
        """The frame that the browser reads."""
        place = None if self.place is None else str(self.place)
        text = json.dumps(self.data, ensure_ascii=False, separators=(",", ":"))
        return ServerSentEvent(raw_data=text, event=self.kind, id=place)


@dataclass(eq=False)
class Reader:
    """One open stream. `conversation_id` is None for staff, who read everything."""

    conversation_id: UUID | None
    loop: asyncio.AbstractEventLoop
    joined: asyncio.Event = field(default_factory=asyncio.Event)
    pending: asyncio.Queue[Shown | None] = field(
        default_factory=lambda: asyncio.Queue(PENDING_AT_MOST)
    )

    def offer(self, shown: Shown | None) -> None:
        """Hand over from the reading thread; None, or too much, ends the stream."""
        self.loop.call_soon_threadsafe(self._put, shown)

    def _put(self, shown: Shown | None) -> None:
        if self.pending.full():
            while not self.pending.empty():
                self.pending.get_nowait()
            shown = None
        self.pending.put_nowait(shown)


class Stream:
    """Reads the log once for all the readers of this process; `on_news` is called with each
    conversation in which another process has left the bot something to tell, `on_event` with the
    kind of everything that happens."""

    def __init__(
        self, on_news: Callable[[UUID], None], on_event: Callable[[str], None] = lambda kind: None
    ) -> None:
        self._on_news, self._on_event = on_news, on_event
        self._readers: set[Reader] = set()
        self._joining: set[Reader] = set()
        self._lock = threading.Lock()
        self._woken = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="stream", daemon=True)

    def start(self) -> None:
        """Begin to read from the end of the log."""
        self._place = reading(end_of_log)
        after_commit(self._woken.set)
        self._thread.start()

    @property
    def is_running(self) -> bool:
        """Whether somebody still reads the log."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """End every stream; browsers come back by themselves."""
        self._stopped.set()
        self._woken.set()
        self._thread.join(timeout=2)
        for reader in self._present():
            reader.offer(None)

    def followed(self) -> list[UUID]:
        """The conversations that customers have open here just now."""
        return list({r.conversation_id for r in self._present() if r.conversation_id is not None})

    def signal_typing(self, conversation_id: UUID, author: str) -> None:
        """Show whoever looks at this conversation that `author` is typing. Not an event."""
        data = {"conversation_id": str(conversation_id), "author": author}
        for reader in self._present():
            if reader.conversation_id in (None, conversation_id):
                reader.offer(Shown(None, "typing", data))

    async def follow(
        self,
        conversation_id: UUID | None,
        since: Position,
        still_welcome: Callable[[], bool] = lambda: True,
    ) -> AsyncIterator[ServerSentEvent]:
        """Everything after `since`, then everything as it happens: no gap, nothing twice. Ends
        soon after `still_welcome`, asked every few seconds, says no."""
        reader = Reader(conversation_id, asyncio.get_running_loop())
        with self._lock:
            self._joining.add(reader)
        try:
            yield ServerSentEvent(comment="open")
            self._woken.set()
            await reader.joined.wait()  # from here on the reading thread misses nothing for us
            last = since
            while page := await asyncio.to_thread(reading, shown_after, last, conversation_id):
                for shown, place in page:
                    last = place
                    if shown is not None:
                        yield shown.to_sse()
            async for fresh in _while_welcome(reader, still_welcome):
                if fresh.place is None or fresh.place > last:
                    last = fresh.place or last
                    yield fresh.to_sse()
        finally:
            with self._lock:
                self._readers.discard(reader)
                self._joining.discard(reader)

    def _present(self) -> list[Reader]:
        with self._lock:
            return list(self._readers)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._read_on()
            except Exception:  # a thread begins here; ending it would silence every screen
                log.exception("The log cannot be read just now; trying again.")
                self._stopped.wait(1)
            self._woken.wait(POLL_SECONDS)
            self._woken.clear()

    def _read_on(self) -> None:
        self._let_in()
        readers = self._present()
        wanted = {reader.conversation_id for reader in readers}
        for event, views in reading(_views_after, self._place, wanted):
            self._place = position_of(event)
            self._on_event(event.kind)
            if event.kind in NEWS and event.conversation_id is not None:
                self._on_news(event.conversation_id)
            for reader in readers:
                shown = views.get(reader.conversation_id)
                if shown is not None:
                    reader.offer(shown)

    def _let_in(self) -> None:
        with self._lock:
            joining, self._joining = self._joining, set()
            self._readers |= joining
        for reader in joining:
            reader.loop.call_soon_threadsafe(reader.joined.set)


async def _while_welcome(reader: Reader, still_welcome: Callable[[], bool]) -> AsyncIterator[Shown]:
    asked = time.monotonic()
    while True:
        with suppress(TimeoutError):
            fresh = await asyncio.wait_for(reader.pending.get(), WELCOME_SECONDS)
            if fresh is None:
                return
            yield fresh
        if time.monotonic() - asked >= WELCOME_SECONDS:
            if not await asyncio.to_thread(still_welcome):
                return
            asked = time.monotonic()


def shown_after(
    session: Session, place: Position, conversation_id: UUID | None
) -> list[tuple[Shown | None, Position]]:
    """The next page of one reader's events after `place`, each with its own place."""
    page = events_after(session, place, PAGE, conversation_id=conversation_id)
    return [
        (_views(session, event, {conversation_id}).get(conversation_id), position_of(event))
        for event in page
    ]


def _views_after(
    session: Session, place: Position, wanted: set[UUID | None]
) -> list[tuple[Event, dict[UUID | None, Shown]]]:
    return [(event, _views(session, event, wanted)) for event in events_after(session, place, PAGE)]


def _views(session: Session, event: Event, wanted: set[UUID | None]) -> dict[UUID | None, Shown]:
    """What each kind of reader sees of one event: staff under None, a customer under the id."""
    if event.conversation_id is None and not event.kind.startswith(FOR_STAFF):
        return {}
    try:
        return _views_of(session, event, wanted)
    except (DeskError, ValidationError):  # one row that cannot be shown must not hide the rest
        log.exception("Event %s cannot be shown; it is left out.", position_of(event))
        return {}


def _views_of(session: Session, event: Event, wanted: set[UUID | None]) -> dict[UUID | None, Shown]:
    place = position_of(event)
    views: dict[UUID | None, Shown] = {}
    if None in wanted:
        views[None] = Shown(place, event.kind, event_view(session, event, for_staff=True))
    ours = event.conversation_id
    if ours is not None and ours in wanted and event.audience is Audience.CUSTOMER:
        views[ours] = Shown(place, event.kind, event_view(session, event, for_staff=False))
    return views
