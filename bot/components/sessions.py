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
ASKS_AT_THE_END = "utter_ask_solved"
MOST_TURNS = 8  # every turn in the session makes the next one about 3 ms slower
KEPT_TURNS = 3


def cut(tracker: DialogueStateTracker, domain: Domain, kept_turns: int) -> DialogueStateTracker:
    """The same conversation in a new session that begins `kept_turns` turns ago.

    Slots and a form that is open are carried over, so the customer notices nothing.
    """
    events = list(tracker.events)
    turns = [at for at, event in enumerate(events) if _begins_turn(event)]
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
    return sum(_begins_turn(event) for event in tracker.events) > MOST_TURNS


def replies_to(tracker: DialogueStateTracker, key: str) -> list[dict[str, Any]] | None:
    """What the bot said to the turn with this key; None if the session does not know the key."""
    replies: list[BotUttered] | None = None
    is_it = False
    for event in tracker.events:
        if isinstance(event, UserUttered):
            is_it = _key_of(event) == key
            replies = replies or [] if is_it else replies
        elif is_it and replies is not None and isinstance(event, BotUttered) and event.text:
            replies.append(event)
    return None if replies is None else _choices_last([_reply(e) for e in _still_put(replies)])


def answers(tracker: DialogueStateTracker) -> list[list[BotUttered]]:
    """What was said to each turn of the session, the oldest first."""
    turns: dict[str, list[BotUttered]] = {}
    key = ""
    for event in tracker.events:
        if isinstance(event, UserUttered):
            key = _key_of(event) or str(len(turns))
            turns.setdefault(key, [])
        elif isinstance(event, BotUttered) and event.text and key:
            turns[key].append(event)
    return [_still_put(said) for said in turns.values()]


def words_of(said: list[BotUttered]) -> list[str]:
    """The texts alone."""
    return [str(event.text) for event in said]


def _still_put(said: list[BotUttered]) -> list[BotUttered]:
    """Whether it is solved is asked last or not at all: not before another question."""
    return [e for e in said if e is said[-1] or e.metadata.get("utter_action") != ASKS_AT_THE_END]


def _choices_last(replies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All quick replies under the last thing said, where customers look for them; of two that
    read alike the later one, which belongs to the question."""
    offered = [choice for reply in replies for choice in reply["quick_replies"]]
    choices = list({choice["title"]: choice for choice in offered}.values())
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


def _begins_turn(event: Event) -> bool:
    """A wish that is taken up belongs to the turn in which that is done."""
    return isinstance(event, UserUttered) and "wish" not in (event.metadata or {})


def _key_of(event: UserUttered) -> str | None:
    return (event.metadata or {}).get(KEY)


def _reply(event: BotUttered) -> dict[str, Any]:
    buttons = (event.data or {}).get("buttons") or []
    return {
        "text": event.text,
        "quick_replies": [{"title": b["title"], "payload": b["payload"]} for b in buttons],
    }
