"""A whole turn: the word before the answer, the wishes that had to wait, and nothing three times.

What is said or heard here stands in the tracker as if Rasa had done it, but for the action that
a rule would have to name: conversation tests in Rasa's own format hold for it.
"""

from __future__ import annotations

from typing import Any

from rasa.core.actions.action import create_bot_utterance
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.components.action_server import Turn
from bot.components.sessions import ASKS_AT_THE_END, KEY, answers, words_of

REPEATED = "utter_said_before"
HELD_BACK_BY = "person"  # a question that must be answered before anything else is taken up


async def go_through(
    processor: MessageProcessor, said: CollectingOutputChannel, tracker: DialogueStateTracker
) -> None:
    """Rasa's own steps for the message that stands last in the tracker, and whatever is due
    after them."""
    await _answer(processor, said, tracker)
    while wish := _next_wish(tracker):
        await _hear(processor, tracker, wish)
        Turn.running().is_noted = False
        await _answer(processor, said, tracker)
    _note_what_is_asked(processor, tracker)
    if _is_said_a_third_time(tracker):
        await _say(processor, said, tracker, REPEATED)


async def _answer(
    processor: MessageProcessor, said: CollectingOutputChannel, tracker: DialogueStateTracker
) -> None:
    await processor.run_action_extract_slots(said, tracker)
    for name in tracker.get_slot("opens_with") or []:
        await _say(processor, said, tracker, name)
    if tracker.get_slot("opens_with"):
        tracker.update(SlotSet("opens_with", None), processor.domain)
    await processor._run_prediction_loop(said, tracker)


async def _say(
    processor: MessageProcessor,
    said: CollectingOutputChannel,
    tracker: DialogueStateTracker,
    name: str,
) -> None:
    message = await processor.nlg.generate(name, tracker, said.name())
    if message is not None:
        tracker.update(create_bot_utterance({**message, "utter_action": name}), processor.domain)


def _next_wish(tracker: DialogueStateTracker) -> dict[str, Any] | None:
    """What is to be taken up now: nothing while a form or an offer waits for its answer."""
    if tracker.active_loop_name or tracker.get_slot("asked") == HELD_BACK_BY:
        return None
    waiting = tracker.get_slot("wishes") or []
    return waiting[0] if waiting else None


async def _hear(
    processor: MessageProcessor, tracker: DialogueStateTracker, wish: dict[str, Any]
) -> None:
    """Let the wish be the latest message, with what its own words say, and its intent as known."""
    words = wish.get("text") or ""
    meant = await processor.parse_message(UserMessage(words)) if words else {}
    intent = {"name": wish["intent"], "confidence": wish.get("confidence", 1.0)}
    kept = {**meant, "intent": intent, "intent_ranking": [intent], "also": [], "sentiment": None}
    told = {"why": wish["why"], "slots": wish.get("slots") or {}}
    last = tracker.latest_message
    tracker.update(SlotSet("wishes", tracker.get_slot("wishes")[1:] or None), processor.domain)
    heard = UserUttered(
        words,
        intent,
        meant.get("entities") or [],
        kept,
        input_channel=tracker.get_latest_input_channel(),
        metadata={**(last.metadata or {} if last else {}), "wish": told},
    )
    tracker.update(heard, processor.domain)


def _note_what_is_asked(processor: MessageProcessor, tracker: DialogueStateTracker) -> None:
    """Whichever topic asks whether it is solved: a yes or no is then the answer to that."""
    last = next((e for e in reversed(tracker.events) if isinstance(e, BotUttered)), None)
    asks = last is not None and last.metadata.get("utter_action") == ASKS_AT_THE_END
    if asks and not tracker.active_loop_name:
        tracker.update(SlotSet("asked", "solved"), processor.domain)


def _is_said_a_third_time(tracker: DialogueStateTracker) -> bool:
    key = (tracker.latest_message.metadata or {}).get(KEY) if tracker.latest_message else None
    by_turn = answers(tracker)
    before, now = by_turn[-3:-1], by_turn[-1:]
    if key is None or len(before) < 2 or not now[0]:
        return False
    return all(words_of(turn) == words_of(now[0]) for turn in before)
