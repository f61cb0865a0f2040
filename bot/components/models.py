"""A new model takes over while the bot answers; a bad one leaves the former in its place."""

from __future__ import annotations

import asyncio
import os

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor

LINES = ("Where is my order 4711?", "我想退款")


class NoGoodModel(RuntimeError):
    """The model does not load, or does not understand a line."""


async def understand_a_line_of_each_language(processor: MessageProcessor) -> None:
    """What takes long the first time is done before a customer waits for it."""
    for line in LINES:
        await processor.parse_message(UserMessage(line))


async def take_over(serving: Agent) -> None:
    """Have `serving` answer with the model that `DESK_MODEL` names now.

    Loaded and tried beside the one that serves; turns that have begun end with the model they
    began with.

    Raises:
        NoGoodModel: nothing has changed.
    """
    try:
        fresh = await asyncio.to_thread(_loaded, serving)
        await understand_a_line_of_each_language(fresh)
    except Exception as broken:
        raise NoGoodModel(f"{type(broken).__name__}: {broken}") from broken
    serving.processor, serving.domain = fresh, fresh.domain
    serving.tracker_store.domain = fresh.domain
    serving.nlg.responses = fresh.domain.responses


def _loaded(serving: Agent) -> MessageProcessor:
    """Another model beside the same trackers, locks and actions."""
    return MessageProcessor(
        model_path=os.environ["DESK_MODEL"],
        tracker_store=serving.tracker_store,
        lock_store=serving.lock_store,
        generator=serving.nlg,
        action_endpoint=serving.action_endpoint,
    )
