"""The bot as the desk sees it: words in, words out, over one small channel of our own."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol

import httpx

from desk.settings import settings

READY_SECONDS = 2.0  # a bot that is ready says so at once


class BotUnreachable(Exception):
    """Nobody answered, or not in time; the same question may be asked again."""


class BotBusy(BotUnreachable):
    """It is there, but could not finish this one just now."""


class BotFailed(Exception):
    """It answered, but with no words where words were due."""


@dataclass(frozen=True)
class Question:
    """What the bot is asked. `key` lets it know a question again."""

    conversation_id: str
    key: str
    language: str
    text: str = ""
    payload: str | None = None
    intent: str | None = None  # news instead of a customer's words
    facts: dict[str, Any] = field(default_factory=dict)
    cut: bool = False


@dataclass(frozen=True)
class Reply:
    """One thing the bot says, and the quick replies under it as `{title, payload}`."""

    text: str
    quick_replies: list[dict[str, Any]]


@dataclass(frozen=True)
class Meant:
    """What a customer's words were taken to mean: `confidence` and `upset` from 0 to 1,
    `sentiment` in [-1, 1]; the last two are None for a quick reply."""

    intent: str
    confidence: float
    sentiment: float | None = None
    upset: float | None = None


class Bot(Protocol):
    def ask(self, question: Question) -> list[Reply]:
        """The bot's words, at least one.

        Raises:
            BotUnreachable, BotFailed
        """

    def understand(self, text: str, language: str) -> Meant:
        """What the words mean, with nothing said or remembered.

        Raises:
            BotUnreachable, BotFailed
        """


class RasaBot:
    """Rasa behind `bot/components/desk_channel.py`."""

    def __init__(self, url: str, secret: str, timeout_seconds: float) -> None:
        limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
        self._client = httpx.Client(
            base_url=url,
            headers={"X-Desk-Secret": secret},
            timeout=httpx.Timeout(timeout_seconds, connect=2.0),
            limits=limits,
            trust_env=False,
        )

    def ask(self, question: Question) -> list[Reply]:
        body: dict[str, Any] = {
            "conversation_id": question.conversation_id,
            "key": question.key,
            "language": question.language,
        }
        if question.intent is not None:
            body |= {"intent": question.intent, "facts": question.facts}
            return _replies(self._post("/webhooks/desk/news", body))
        body |= {"text": question.text, "payload": question.payload, "cut": question.cut}
        return _replies(self._post("/webhooks/desk/turns", body))

    def understand(self, text: str, language: str) -> Meant:
        body = {"text": text, "language": language}
        told = _told(self._post("/webhooks/desk/understand", body))
        try:
            return Meant(
                str(told["intent"]), float(told["confidence"]), told["sentiment"], told["upset"]
            )
        except (KeyError, TypeError, ValueError) as strange:
            raise BotFailed(f"The bot understood in no known form: {strange!r}") from strange

    def is_ready(self) -> bool:
        """Whether the bot can understand a message right now."""
        asked = "/webhooks/desk/ready"
        try:
            return self._client.get(asked, timeout=READY_SECONDS).status_code == 200
        except httpx.HTTPError:
            return False

    def _post(self, path: str, body: dict[str, Any]) -> httpx.Response:
        try:
            return self._client.post(path, json=body)
        except httpx.HTTPError as silent:
            raise BotUnreachable(f"{type(silent).__name__}: {silent}") from silent


class ScriptedBot:
    """Says what it is told to, for tests of the desk alone; `down` and `mute` are its faults."""

    def __init__(self, *, down: bool = False, mute: bool = False) -> None:
        self.down, self.mute = down, mute
        self.asked: list[Question] = []

    def ask(self, question: Question) -> list[Reply]:
        self.asked.append(question)
        if self.down:
            raise BotUnreachable("down")
        if self.mute:
            raise BotFailed("mute")
        return [Reply(f"You said: {question.text or question.intent}", [])]

    def understand(self, text: str, language: str) -> Meant:
        if self.down:
            raise BotUnreachable("down")
        if self.mute:
            raise BotFailed("mute")
        return Meant("inform", 0.9, 0.0, 0.1)


def _told(response: httpx.Response) -> Any:
    if response.status_code == 503:
        raise BotBusy("The bot is starting, or an action of this turn failed.")
    if response.status_code != 200:
        raise BotFailed(f"The bot answered {response.status_code}.")
    try:
        return response.json()
    except ValueError as strange:
        raise BotFailed(f"The bot answered in no known form: {strange!r}") from strange


def _replies(response: httpx.Response) -> list[Reply]:
    told = _told(response)
    try:
        replies = told["replies"]
        said = [Reply(str(r["text"]), list(r.get("quick_replies") or [])) for r in replies]
    except (KeyError, TypeError, AttributeError) as strange:
        raise BotFailed(f"The bot answered in no known form: {strange!r}") from strange
    if not said:
        raise BotFailed("The bot answered with no words.")
    return said


@cache
def bot() -> RasaBot:
    """The bot of this desk."""
    known = settings()
    return RasaBot(known.bot_url, known.bot_secret.get_secret_value(), known.bot_timeout_seconds)
