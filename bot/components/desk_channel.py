"""The bot's only door: the desk brings a customer's words or news, and takes the replies."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, HTTPResponse, Request, response

from bot.components.action_server import ActionServerFailed, Turn
from bot.components.figures import amount_in
from bot.components.hearing import understood
from bot.components.models import NoGoodModel, take_over, understand_a_line_of_each_language
from bot.components.sessions import KEPT_TURNS, KEY, cut, is_long, replies_to
from bot.components.wishes import go_through
from language.text import LONGEST_TEXT, as_text

log = logging.getLogger(__name__)

LANGUAGES = ("en", "zh")
NEWS_PREFIX = "EXTERNAL_"
OLD_CHOICE = "/old_choice"  # the desk's word for a yes or no to a question that is past
UNKNOWN_CODE = "OTHER"


class Unacceptable(ValueError):
    """The desk sent what the channel does not take."""


class DeskChannel(InputChannel):
    """Answers each turn once. All routes ask for the secret that only the desk has."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._one_model_at_a_time = asyncio.Lock()
        self._is_ready = False

    @classmethod
    def name(cls) -> str:
        return "desk"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> DeskChannel:
        secret = (credentials or {}).get("secret") or ""
        if not secret or secret.startswith("${"):
            raise ValueError("DESK_BOT_SECRET is not set: the bot must not answer everybody.")
        return cls(secret)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        routes = Blueprint("desk_webhook", __name__)

        # Sanic marks its routes, which it cannot do to a method.
        @routes.get("/ready")
        async def ready(request: Request) -> HTTPResponse:
            return self._ready()

        @routes.post("/turns")
        async def turns(request: Request) -> HTTPResponse:
            return await self._answer(request, self._take_turn)

        @routes.post("/news")
        async def news(request: Request) -> HTTPResponse:
            return await self._answer(request, self._take_news)

        @routes.post("/understand")
        async def understand(request: Request) -> HTTPResponse:
            return await self._understand(request)

        @routes.post("/model")
        async def model(request: Request) -> HTTPResponse:
            return await self._load_model(request)

        return routes

    def refuses(self, request: Request) -> bool:
        """Whether the asker does not know the secret."""
        given = request.headers.get("X-Desk-Secret", "").encode()
        return not hmac.compare_digest(given, self._secret)

    async def warm_up(self, agent: Agent) -> None:
        """Understand one line of each language; from then on the bot is ready."""
        await understand_a_line_of_each_language(agent.processor)
        self._is_ready = True

    def _ready(self) -> HTTPResponse:
        return response.json({"ready": self._is_ready}, status=200 if self._is_ready else 503)

    async def _load_model(self, request: Request) -> HTTPResponse:
        try:
            async with self._one_model_at_a_time:
                await take_over(request.app.ctx.agent)
        except NoGoodModel as refused:
            log.warning("The model that was to be loaded is no good: %s", refused)
            return response.json({"error": str(refused)}, status=500)
        return response.json({"loaded": True})

    async def _understand(self, request: Request) -> HTTPResponse:
        """What words mean that a person answers; no tracker is opened for it."""
        if not self._is_ready:
            return response.json({"error": "The bot is starting."}, status=503)
        try:
            return response.json(await _meant(request.app.ctx.agent.processor, request.json))
        except Unacceptable as refused:
            return response.json({"error": str(refused)}, status=422)

    async def _answer(self, request: Request, take: Callable[..., Awaitable[Any]]) -> HTTPResponse:
        if not self._is_ready:
            return response.json({"error": "The bot is starting."}, status=503)
        try:
            asked = request.json
            conversation_id = _conversation_id(asked)
            lock = self._locks.setdefault(conversation_id, asyncio.Lock())
            async with lock:
                said = await take(request.app.ctx.agent.processor, conversation_id, asked)
        except Unacceptable as refused:
            return response.json({"error": str(refused)}, status=422)
        except ActionServerFailed as failed:
            log.warning("Turn %s is left out: %s", asked.get("key"), failed)
            return response.json({"error": "The action server does not answer."}, status=503)
        return response.json(said)

    async def _take_turn(
        self, processor: MessageProcessor, conversation_id: str, asked: dict[str, Any]
    ) -> dict[str, Any]:
        text = _words(asked, processor)
        tracker, before = await _opened(processor, conversation_id, asked)
        if before is not None:
            return {"replies": before, "repeated": True}
        said = CollectingOutputChannel()
        message = UserMessage(
            text,
            said,
            conversation_id,
            input_channel=self.name(),
            metadata={KEY: asked["key"], "language": asked["language"]},
        )
        Turn()
        message.parse_data = await understood(processor, message, tracker)
        await processor._handle_message_with_tracker(message, tracker)
        return await _finished(processor, said, tracker, asked["key"])

    async def _take_news(
        self, processor: MessageProcessor, conversation_id: str, asked: dict[str, Any]
    ) -> dict[str, Any]:
        intent, facts = _news(asked, processor)
        tracker, before = await _opened(processor, conversation_id, asked)
        if before is not None:
            return {"replies": before, "repeated": True}
        entities = [{"entity": name, "value": value} for name, value in facts.items()]
        heard = UserUttered.create_external(intent, entities, self.name())
        heard.metadata[KEY] = asked["key"]
        Turn(is_news=True)
        tracker.update(heard, processor.domain)
        return await _finished(processor, CollectingOutputChannel(), tracker, asked["key"])


async def _opened(
    processor: MessageProcessor, conversation_id: str, asked: dict[str, Any]
) -> tuple[DialogueStateTracker, list[dict[str, Any]] | None]:
    """The conversation, ready for a new turn, or what was already said to this one."""
    tracker = await processor.fetch_tracker_and_update_session(conversation_id)
    before = replies_to(tracker, asked["key"])
    if before is not None:
        return tracker, before
    if asked.get("cut") or is_long(tracker):
        tracker = cut(tracker, processor.domain, KEPT_TURNS)
    if tracker.get_slot("language") != asked["language"]:
        tracker.update(SlotSet("language", asked["language"]), processor.domain)
    return tracker, None


async def _finished(
    processor: MessageProcessor,
    said: CollectingOutputChannel,
    tracker: DialogueStateTracker,
    key: str,
) -> dict[str, Any]:
    """All steps of a turn; the tracker is saved at its very end or not at all."""
    await go_through(processor, said, tracker)
    await processor.save_tracker(tracker)
    return {"replies": replies_to(tracker, key) or [], "repeated": False}


async def _meant(processor: MessageProcessor, asked: Any) -> dict[str, Any]:
    _check_language(asked)
    text = _words({"text": asked.get("text")}, processor)
    meant = await processor.parse_message(
        UserMessage(text, metadata={"language": asked["language"]})
    )
    felt = meant.get("sentiment") or {}
    return {
        "intent": meant["intent"]["name"],
        "confidence": meant["intent"]["confidence"],
        "language": meant.get("language"),
        "sentiment": felt.get("score"),
        "upset": felt.get("upset"),
    }


def _check_language(asked: Any) -> None:
    if not isinstance(asked, dict):
        raise Unacceptable("The body must be an object.")
    if asked.get("language") not in LANGUAGES:
        raise Unacceptable(f"`language` must be one of {', '.join(LANGUAGES)}.")


def _conversation_id(asked: Any) -> str:
    _check_language(asked)
    if not isinstance(asked.get("key"), str) or not 1 <= len(asked["key"]) <= 200:
        raise Unacceptable("`key` must name the message.")
    try:
        return str(UUID(asked.get("conversation_id")))
    except (TypeError, ValueError, AttributeError) as none:
        raise Unacceptable("`conversation_id` must be a UUID.") from none


def _words(asked: dict[str, Any], processor: MessageProcessor) -> str:
    """What Rasa may read: a payload that stands under one of our sentences or is the desk's own,
    else the customer's text as text."""
    payload = asked.get("payload")
    if payload is not None:
        if payload not in (OLD_CHOICE, *_minted(processor)):
            raise Unacceptable("`payload` must be one that the bot offers.")
        return str(payload)
    text = asked.get("text")
    if not isinstance(text, str) or not text.strip():
        raise Unacceptable("`text` must have words.")
    if len(text) > LONGEST_TEXT:
        raise Unacceptable(f"`text` must have at most {LONGEST_TEXT:,} characters.")
    return as_text(text)


def _minted(processor: MessageProcessor) -> list[str]:
    variants = [v for said in processor.domain.responses.values() for v in said]
    return [button["payload"] for v in variants for button in v.get("buttons", [])]


def _news(asked: dict[str, Any], processor: MessageProcessor) -> tuple[str, dict[str, Any]]:
    intent, facts = asked.get("intent"), asked.get("facts") or {}
    if not isinstance(intent, str) or not intent.startswith(NEWS_PREFIX):
        raise Unacceptable(f"`intent` must begin with {NEWS_PREFIX}.")
    if intent not in processor.domain.intents:
        raise Unacceptable(f"The bot has no words for {intent}.")
    if not isinstance(facts, dict):
        raise Unacceptable("`facts` must be an object.")
    if "order_number" in facts:  # an open form may be about another order
        facts = {**facts, "job_order": facts["order_number"]}
        del facts["order_number"]
    known = {name: value for name, value in facts.items() if name in processor.domain.entities}
    if "amount" in known:
        known["amount"] = amount_in(asked["language"], str(known["amount"]))
    if known.get("job_code") not in _codes_worded(processor, intent):
        known["job_code"] = UNKNOWN_CODE
    return intent, known


def _codes_worded(processor: MessageProcessor, intent: str) -> set[str]:
    """The outcome codes for which the answer to `intent` has words of its own."""
    variants = processor.domain.responses.get("utter_" + intent[len(NEWS_PREFIX) :], [])
    conditions = [c for variant in variants for c in variant.get("condition", [])]
    return {c["value"] for c in conditions if c["name"] == "job_code"}
