"""Rasa's memory of a conversation: one row each, the running session only.

A cache: the desk's turns are the record. Losing the file costs the customer a repeated question.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable
from itertools import takewhile
from pathlib import Path
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker

KEEP_SECONDS = 72 * 3600
_TABLE = """
    CREATE TABLE IF NOT EXISTS trackers (
        conversation_id TEXT PRIMARY KEY, events TEXT NOT NULL, saved_at REAL NOT NULL
    ) WITHOUT ROWID
"""
_SAVE = """
    INSERT INTO trackers VALUES (?, ?, ?)
    ON CONFLICT (conversation_id) DO UPDATE SET events = excluded.events,
        saved_at = excluded.saved_at
"""


class OneRowTrackerStore(TrackerStore):
    """Keeps the events of the running session as one JSON text per conversation."""

    def __init__(self, domain: Domain | None, path: str, **kwargs: Any) -> None:
        kwargs.pop("host", None)
        super().__init__(domain, **kwargs)
        if path != ":memory:":
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        self._rows = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._rows.execute("PRAGMA journal_mode=WAL")
        self._rows.execute("PRAGMA synchronous=NORMAL")
        self._rows.execute("PRAGMA busy_timeout=2000")
        self._rows.execute(_TABLE)
        self._forget_the_old()

    async def save(self, tracker: DialogueStateTracker) -> None:
        events = json.dumps([e.as_dict() for e in running_session(tracker)], ensure_ascii=False)
        self._rows.execute(_SAVE, (tracker.sender_id, events, time.time()))

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        asked = "SELECT events FROM trackers WHERE conversation_id = ?"
        row = self._rows.execute(asked, (sender_id,)).fetchone()
        if row is None:
            return None
        tracker = self.init_tracker(sender_id)
        for fact in json.loads(row[0]):
            event = Event.from_parameters(fact)
            if event is not None:
                tracker.update(event, self.domain)
        return tracker

    async def keys(self) -> Iterable[str]:
        return [row[0] for row in self._rows.execute("SELECT conversation_id FROM trackers")]

    def _forget_the_old(self) -> None:
        self._rows.execute("DELETE FROM trackers WHERE saved_at < ?", (time.time() - KEEP_SECONDS,))


def running_session(tracker: DialogueStateTracker) -> list[Event]:
    """The events from the last session's start on; all, where no session ever started."""
    since = list(takewhile(lambda e: not isinstance(e, SessionStarted), reversed(tracker.events)))
    begun = len(since) < len(tracker.events)
    return ([tracker.events[-len(since) - 1]] if begun else []) + since[::-1]
