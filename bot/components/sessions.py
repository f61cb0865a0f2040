"""What of a conversation Rasa still looks at, and what of it can be told from there."""

from __future__ import annotations

from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

KEY = "turn_key"
MOST_TURNS = 8  # every turn in the session makes the next one about 3 ms slower
KEPT_TURNS = 3


def cut(tracker: DialogueStateTracker, domain: Domain, kept_turns: int) -> DialogueStateTracker:
    """The same conversation in a new session that begins `kept_turns` turns ago.

    Slots and a form that is open are carried over, so the customer notices nothing.
    """
    events = list(tracker.events)
    turns = [at for at, event in enumerate(events) if isinstance(event, UserUttered)]
    since = turns[-kept_turns] if 0 < kept_turns <= len(turns) else len(events)
    begun = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted()]
    shorter = DialogueStateTracker(tracker.sender_id, domain.slots)
    shorter.model_id, shorter.assistant_id = tracker.model_id, tracker.assistant_id
    carried = _carried_over(events[:since])
    shorter.update_with_events(
        [*begun, *carried, ActionExecuted(ACTION_LISTEN_NAME), *events[since:]], domain
    )
    return shorter


def is_long(tracker: DialogueStateTracker) -> bool:
    """Whether the session holds more turns than it should."""
    return sum(isinstance(event, UserUttered) for event in tracker.events) > MOST_TURNS


def replies_to(tracker: DialogueStateTracker, key: str) -> list[dict[str, Any]] | None:
    """What the bot said to the turn with this key; None if the session does not know the key."""
    events = list(tracker.events)
    heard = [at for at, event in enumerate(events) if _has_key(event, key)]
    if not heard:
        return None
    replies = []
    for event in events[heard[-1] + 1 :]:
        if isinstance(event, UserUttered):
            break
        if isinstance(event, BotUttered) and event.text:
            replies.append(_reply(event))
    return _choices_last(replies)


def _choices_last(replies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All quick replies under the last thing said, where customers look for them."""
    choices = [choice for reply in replies for choice in reply["quick_replies"]]
    for reply in replies:
        reply["quick_replies"] = []
    if replies:
        replies[-1]["quick_replies"] = choices
    return replies


def _carried_over(events: list[Event]) -> list[Event]:
    slots = {event.key: event.value for event in events if isinstance(event, SlotSet)}
    loops = [event.name for event in events if isinstance(event, ActiveLoop)]
    loop = [ActiveLoop(loops[-1])] if loops and loops[-1] else []
    return [*loop, *(SlotSet(name, value) for name, value in slots.items() if value is not None)]


def _has_key(event: Event, key: str) -> bool:
    return isinstance(event, UserUttered) and (event.metadata or {}).get(KEY) == key


def _reply(event: BotUttered) -> dict[str, Any]:
    buttons = (event.data or {}).get("buttons") or []
    return {
        "text": event.text,
        "quick_replies": [{"title": b["title"], "payload": b["payload"]} for b in buttons],
    }
