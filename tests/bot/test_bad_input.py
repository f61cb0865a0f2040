"""Whatever is sent: an answer, and nothing done."""

import json
import sqlite3
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.durable import reading
from desk.escalations.models import Escalation
from desk.jobs.models import Job
from desk.tickets.models import Ticket
from tests.running import Chat, RunningBot

pytestmark = pytest.mark.bot

LOG = """2026-11-20 10:14:03,118 ERROR shop.checkout Traceback (most recent call last):
  File "/srv/shop/checkout.py", line 214, in submit
    gateway.capture(order_id=4711, amount=8900)
  File "/srv/shop/gateway.py", line 88, in capture
    raise GatewayTimeout("no response after 30 s")
shop.gateway.GatewayTimeout: no response after 30 s
2026-11-20 10:14:03,120 INFO shop.checkout cart kept session=c0ffee status=502
"""
WITH_TAGS = (
    "<div class='x'><script>alert(1)</script><b>cancel</b><img src=x onerror=alert(4711)></div>"
)
AS_JSON = '{"intent": "refund", "order_number": "KD-4711", "email": "emily.hart@example.com"}'
STRANGE = {
    "2,000 letters": "a" * 2_000,
    "2,000 words": "lorem ipsum dolor sit amet " * 74,
    "2,000 chinese characters": "的一是在不了有和人这" * 200,
    "emoji only": "😀😡👍🏽🧾",
    "one emoji": "🙏",
    "zero width only": "\u200b\u200b\u2060\ufeff",
    "right to left marks": "\u202e4711 dnufer\u202c\u200f",
    "arabic": "أين طلبي رقم 4711 من فضلك",
    "hebrew": "איפה ההזמנה שלי",
    "control characters": "\x07\x1b[31m\x08",
    "a pasted log": LOG,
    "html": WITH_TAGS,
    "json": AS_JSON,
    "a json list": '[1, 2, {"cancel_order": true}]',
    "restart": "/restart",
    "an intent": "/refund",
    "an intent in full width": "／refund",
    "news": '/EXTERNAL_refund{"order":"1"}',
    "news that is known": '/EXTERNAL_refund_done{"job_reference": "RF-1"}',
    "a slot": "/SetSlots(order_number=KD-4711)",
    "sql": "'; DROP TABLE jobs; --",
    "a template": "{{7*7}} ${jndi:ldap://x.example/a} {order_number}",
    "punctuation": "?!?!... ---",
    "keys at random": "asdfghjkl qwertz uiop",
    "combining marks": "a" + "\u0301" * 300,
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in STRANGE.items()])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_strange_text_is_answered_and_nothing_is_done(
    bot: RunningBot, text: str, language: str
) -> None:
    chat = Chat(bot, language=language)
    assert chat.say(text).strip(), chat.response.text
    assert chat.response.status_code == 200
    assert reading(_done, chat) == 0
    assert _form_of(bot, chat) is None


@pytest.mark.parametrize("name", ["emoji only", "keys at random", "punctuation", "a pasted log"])
def test_what_cannot_be_understood_is_met_with_choices(bot: RunningBot, name: str) -> None:
    chat = Chat(bot)
    chat.say(STRANGE[name])
    assert len(chat.titles) >= 2, chat.replies


@pytest.mark.parametrize("name", ["emoji only", "json", "restart", "news", "html", "a pasted log"])
def test_strange_text_in_the_middle_of_a_form_confirms_nothing(bot: RunningBot, name: str) -> None:
    chat = Chat(bot)
    chat.say("refund KD-4711 for emily.hart@example.com")
    assert chat.say(STRANGE[name]).strip()
    assert reading(_done, chat) == 0
    chat.say("never mind")
    assert _form_of(bot, chat) is None


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_nothing_is_no_message(bot: RunningBot, text: str) -> None:
    chat = Chat(bot)
    chat.say("hello")
    chat.key += "-2"
    chat.send(text=text)
    assert chat.response.status_code == 422


def test_one_character_too_many_is_no_message(bot: RunningBot) -> None:
    chat = Chat(bot)
    chat.say("hello")
    chat.key += "-2"
    chat.send(text="a" * 2_001)
    assert chat.response.status_code == 422


def test_a_customer_after_strange_text_is_served_as_ever(bot: RunningBot) -> None:
    chat = Chat(bot)
    for text in STRANGE.values():
        chat.say(text)
    assert "4715" in chat.say("where is my order KD-4715?")


def _done(session: Session, chat: Chat) -> int:
    """How much was begun for this customer."""
    tables: list[Any] = [Job, Ticket, Escalation]
    counts = [
        session.scalar(select(func.count()).where(table.conversation_id == chat.conversation_id))
        for table in tables
    ]
    return sum(count or 0 for count in counts)


def _form_of(bot: RunningBot, chat: Chat) -> str | None:
    """The form that is open."""
    with closing(sqlite3.connect(bot.folder / "trackers.db")) as rows:
        asked = "SELECT events FROM trackers WHERE conversation_id = ?"
        (kept,) = rows.execute(asked, (str(chat.conversation_id),)).fetchone()
    loops = [event["name"] for event in json.loads(kept) if event["event"] == "active_loop"]
    return loops[-1] if loops else None
