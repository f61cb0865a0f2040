"""Understanding a customer's message, unless no person can have meant anything by it."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.trackers import DialogueStateTracker

from language.speech import is_speech

NOT_UNDERSTOOD = {"name": "nlu_fallback", "confidence": 1.0}


async def understood(
    processor: MessageProcessor, message: UserMessage, tracker: DialogueStateTracker
) -> Any:
    """What Rasa makes of the message; of a pasted log or markup, that it was not understood."""
    meant = await processor.parse_message(message, tracker)
    if message.text.startswith("/") or is_speech(message.text):  # ours is a quick reply's payload
        return meant
    return {**meant, "intent": NOT_UNDERSTOOD, "entities": [], "also": []}
