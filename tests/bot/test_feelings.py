"""What the running bot hears of a customer's feelings, and of words that a person answers."""

from typing import Any
from uuid import uuid4

import pytest

from desk.conversations import queries
from desk.dialogue.workflows import Overhearing
from desk.durable import reading, transaction
from desk.escalations.commands import accept, escalate
from desk.escalations.models import Kind, Reason
from desk.integrations.bot import RasaBot
from tests.builders import an_agent, says
from tests.conftest import SECRETS
from tests.running import Chat, RunningBot

pytestmark = pytest.mark.bot


def ask(bot: RunningBot, **asked: Any) -> Any:
    return bot.kept_client.post("/webhooks/desk/understand", json=asked)


@pytest.mark.parametrize(
    ("language", "text", "is_upset"),
    [
        ("en", "This is the third time I write and still nobody answers!!", True),
        ("en", "How long does a refund take?", False),
        ("zh", "还在等，已经三个星期了，到底有没有人管", True),
        ("zh", "退款要多久", False),
    ],
)
def test_a_turn_is_noted_with_its_feeling(
    bot: RunningBot, language: str, text: str, is_upset: bool
) -> None:
    chat = Chat(bot, language=language)
    chat.say(text)
    turn = reading(queries.turns, chat.conversation_id)[0]
    assert turn.sentiment is not None
    assert turn.upset is not None
    assert (turn.upset > 0.5) is is_upset
    assert (turn.sentiment < -0.5) is is_upset


def test_a_quick_reply_is_noted_without_one(bot: RunningBot) -> None:
    chat = Chat(bot)
    chat.say("Yes", payload="/affirm")
    turn = reading(queries.turns, chat.conversation_id)[0]
    assert (turn.intent, turn.sentiment, turn.upset) == ("affirm", None, None)


def test_words_are_understood_without_a_conversation(bot: RunningBot) -> None:
    told = ask(bot, text="Where is my order 4711? This is a disgrace!", language="en").json()
    assert told["intent"] == "track_order"
    assert 0 < told["confidence"] <= 1
    assert told["sentiment"] < 0
    assert told["upset"] > 0.5


@pytest.mark.parametrize(
    "text", ["/restart", '/EXTERNAL_refund_done{"order": "1"}', "\u200b/restart"]
)
def test_nothing_becomes_an_intent_by_name_there_either(bot: RunningBot, text: str) -> None:
    intent = ask(bot, text=text, language="en").json()["intent"]
    assert intent != "restart"
    assert not intent.startswith("EXTERNAL_")


@pytest.mark.parametrize(
    "asked",
    [
        {"text": "hello"},
        {"text": "hello", "language": "fr"},
        {"text": " ", "language": "en"},
        {"text": 7, "language": "en"},
        {"text": "a" * 2_001, "language": "en"},
        {"language": "en"},
    ],
)
def test_what_cannot_be_read_is_refused(bot: RunningBot, asked: dict[str, Any]) -> None:
    assert ask(bot, **asked).status_code == 422


def test_only_the_desk_may_ask(bot: RunningBot) -> None:
    asked = {"text": "hello", "language": "en"}
    refused = bot.kept_client.post(
        "/webhooks/desk/understand", json=asked, headers={"X-Desk-Secret": str(uuid4())}
    )
    assert refused.status_code == 403


def test_what_is_written_to_an_agent_is_noted_as_well(bot: RunningBot) -> None:
    chat = Chat(bot)
    row = chat.row()
    transaction(escalate, row.id, kind=Kind.REQUESTED, reason=Reason.ASKED_FOR_A_PERSON)
    transaction(lambda session: accept(session, row.id, an_agent(session)))
    transaction(says, row, "I want my money back now, this is outrageous")
    Overhearing(
        RasaBot(bot.environment["DESK_BOT_URL"], SECRETS["DESK_BOT_SECRET"], 6.0)
    ).overhear()
    turn = reading(queries.turns, row.id)[-1]
    assert turn.intent == "refund"
    assert turn.upset > 0.5
    assert reading(queries.conversation, row.id).upset == turn.upset
