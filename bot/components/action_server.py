"""The road to the action server: one kept connection, a short patience, all or nothing."""

from __future__ import annotations

import asyncio
import time
from contextvars import ContextVar
from itertools import takewhile
from typing import Any

import aiohttp
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

PATIENCE_SECONDS = 4.0  # for all the actions of a turn; the desk waits 6 s for the bot
NOTE_PATIENCE_SECONDS = 2.0
NOTE = "action_note_turn"
ANSWERED = "action_answered"  # notes a goal; the answer itself has been said by then

_turn: ContextVar[Turn] = ContextVar("turn")


class ActionServerFailed(BaseException):
    """The turn cannot be done now. Not an Exception: Rasa would swallow it, save half a turn and
    answer with nothing; this way the turn leaves no trace and can be tried again."""


class Turn:
    """One turn's dealings with the action server."""

    def __init__(self, *, is_news: bool = False) -> None:
        self.ends_at = time.monotonic() + PATIENCE_SECONDS
        self.is_noted = is_news  # only what customers say is noted
        _turn.set(self)

    @staticmethod
    def running() -> Turn:
        """The turn that is being answered."""
        return _turn.get()

    @property
    def seconds_left(self) -> float:
        return max(0.05, self.ends_at - time.monotonic())


class ActionServer(EndpointConfig):
    """Calls actions for the turn that is running."""

    _session: aiohttp.ClientSession | None = None

    async def request(self, *args: Any, json: dict[str, Any], **kwargs: Any) -> Any:
        turn = _turn.get(None) or Turn()
        if json["next_action"] == NOTE:
            return await self._note(turn, json)
        if json["next_action"] == ANSWERED:
            return await self._try(turn, json)
        try:
            return await self._post(_without_history(json), turn.seconds_left)
        except ClientResponseError as refused:
            if refused.status == 400:  # the action rejects to run: an answer
                raise
            raise ActionServerFailed(f"{json['next_action']}: {refused.status}") from refused
        except (aiohttp.ClientError, asyncio.TimeoutError) as silent:  # noqa: UP041 - not one in 3.10
            raise ActionServerFailed(f"{json['next_action']}: {silent!r}") from silent

    async def _note(self, turn: Turn, json: dict[str, Any]) -> Any:
        """Noting is asked for again whenever a form begins: once is enough. If it fails, what
        needs no other action is answered all the same."""
        if turn.is_noted:
            return {"events": [], "responses": []}
        turn.is_noted = True
        return await self._try(turn, json)

    async def _try(self, turn: Turn, json: dict[str, Any]) -> Any:
        try:
            patience = min(NOTE_PATIENCE_SECONDS, turn.seconds_left)
            return await self._post(_without_history(json), patience)
        except (aiohttp.ClientError, asyncio.TimeoutError) as silent:  # noqa: UP041 - not one in 3.10
            raise RasaException(f"{json['next_action']} is left out: {silent!r}") from silent

    async def _post(self, body: dict[str, Any], patience_seconds: float) -> Any:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(headers=self.headers, trust_env=False)
        limit = aiohttp.ClientTimeout(total=patience_seconds)
        async with self._session.post(self.url, json=body, timeout=limit) as response:
            if response.status >= 400:
                said = (await response.read()).decode("utf-8", "replace")
                raise ClientResponseError(response.status, response.reason or "", said)
            return await response.json()


def check_answers_quickly() -> None:
    """Let Rasa check the schema of an action's answer once, not at every call: that check of the
    schema itself took four fifths of a turn."""
    schema = RemoteAction.action_response_format_spec()
    checker = validator_for(schema)(schema)

    def validate(_: RemoteAction, answer: dict[str, Any]) -> bool:
        checker.validate(answer)
        return True

    RemoteAction._validate_action_result = validate


def _without_history(json: dict[str, Any]) -> dict[str, Any]:
    """Actions look at slots and at the last message; of the events they only want to know which
    form it has opened, and whether an open one has let something else answer it."""
    since = takewhile(lambda e: e["event"] != "user", reversed(json["tracker"]["events"]))
    told = [e for e in since if e["event"] in ("action_execution_rejected", "active_loop")]
    return {**json, "tracker": {**json["tracker"], "events": told[::-1]}}
