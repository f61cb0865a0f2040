"""The channel between desk and bot: who may ask, what is text, what is said again."""

import json
import sqlite3
import statistics
import time
from contextlib import closing
from typing import Any
from uuid import uuid4

import httpx
import psutil
import pytest

from desk.dialogue.rules import TURNS_PER_RASA_SESSION
from tests.running import Chat, RunningBot

pytestmark = pytest.mark.bot

SLASHES = [
    "/restart",
    "/session_start",
    "/back",
    "/nlu_fallback",
    "/EXTERNAL_refund_done",
    '/EXTERNAL_refund_done{"job_reference": "RF-1"}',
    '/inform{"order_number": "KD-4711"}',
    "/affirm",
    "/old_choice",
    "/refund@0.9",
    "  /restart",
    "\u3000/restart",
    "\t/affirm",
    "\n/affirm",
    "\ufeff/affirm",
    "\u200b/affirm",
    "／restart",
    "／affirm",
    "⁄affirm",
    '"/affirm',
    "/intent{...}@",
    "/" * 1_999,
    '/inform{"a":' * 150,
    "hello\n/restart",
    "/greet\u0000",
    "\u202e/affirm",
]


@pytest.mark.fault("B7")
@pytest.mark.parametrize("text", SLASHES)
def test_nothing_a_customer_writes_becomes_an_intent_by_name(bot: RunningBot, text: str) -> None:
    """A payload is certain of itself; what was understood from words never is. The tracker's
    text says how it was read."""
    chat = Chat(bot)
    chat.key = str(uuid4())
    chat.send(text=text)
    assert chat.response.status_code in (200, 422)
    for heard in tracker_of(bot, chat):
        assert not heard["text"].lstrip().startswith("/")
        assert heard["parse_data"]["intent"]["name"] not in ("restart", "back", "session_start")
        assert not str(heard["parse_data"]["intent"]["name"]).startswith("EXTERNAL_")


@pytest.mark.fault("B7")
def test_a_payload_that_the_desk_would_never_mint_is_refused(bot: RunningBot) -> None:
    chat = Chat(bot)
    chat.key = str(uuid4())
    for payload in ('/inform{"order_number": "KD-1"}', "affirm", "/affirm@0.9", "/a b", "//", 7):
        chat.send(text="Yes", payload=payload)
        assert chat.response.status_code == 422
    chat.send(text="Yes", payload="/EXTERNAL_refund_done")
    assert chat.response.status_code == 422
    chat.send(text="Yes", payload="/restart")
    assert chat.response.status_code == 422


@pytest.mark.fault("A12")
def test_bot_and_actions_listen_on_loopback_only(bot: RunningBot) -> None:
    for process in bot.processes.values():
        everything = [psutil.Process(process.pid), *psutil.Process(process.pid).children(True)]
        listening = [
            connection.laddr.ip
            for one in everything
            for connection in one.net_connections("tcp")
            if connection.status == psutil.CONN_LISTEN
        ]
        assert listening
        assert set(listening) == {"127.0.0.1"}


@pytest.mark.fault("A12")
@pytest.mark.parametrize("secret", [None, "", "wrong"])
def test_bot_and_actions_refuse_who_does_not_know_the_secret(
    bot: RunningBot, secret: str | None
) -> None:
    headers = {} if secret is None else {"X-Desk-Secret": secret}
    routes = [
        *((bot.url, path) for path in ("/", "/webhooks/desk/ready", "/webhooks/desk/turns")),
        *((bot.url, path) for path in ("/webhooks/desk/news", "/webhooks/rest/webhook")),
        *((bot.url, path) for path in ("/model", "/status", "/conversations/x/tracker")),
        *((bot.actions_url[: -len("/webhook")], p) for p in ("/webhook", "/actions", "/health")),
    ]
    for address, path in routes:
        for method in ("GET", "POST"):
            answered = httpx.request(method, address + path, headers=headers, trust_env=False)
            assert answered.status_code == 403, f"{method} {path}"


@pytest.mark.fault("A12")
def test_rasas_own_doors_are_shut_even_with_the_secret(bot: RunningBot) -> None:
    with bot.client() as client:
        for path in ("/webhooks/rest/webhook", "/model", "/conversations/x/tracker", "/status"):
            assert client.get(path).status_code == 404
            assert client.post(path, json={}).status_code in (404, 405)


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "hello",
        {},
        {"conversation_id": "1", "key": "k", "language": "en", "text": "hello"},
        {"conversation_id": ["x"], "key": "k", "language": "en", "text": "hello"},
        {"conversation_id": str(uuid4()), "key": "", "language": "en", "text": "hello"},
        {"conversation_id": str(uuid4()), "key": "k", "language": "tlh", "text": "hello"},
        {"conversation_id": str(uuid4()), "key": "k", "language": "en", "text": ""},
        {"conversation_id": str(uuid4()), "key": "k", "language": "en", "text": "a" * 2_001},
        {"conversation_id": str(uuid4()), "key": "k", "language": "en", "text": ["hello"]},
    ],
)
def test_what_is_not_a_turn_is_refused(bot: RunningBot, body: object) -> None:
    with bot.client() as client:
        assert client.post("/webhooks/desk/turns", json=body).status_code == 422


def test_a_broken_body_is_refused(bot: RunningBot) -> None:
    with bot.client() as client:
        broken = client.post("/webhooks/desk/turns", content=b"{", headers={"a": "b"})
    assert broken.status_code in (400, 422)


def test_a_turn_asked_twice_is_processed_once_and_answered_alike(bot: RunningBot) -> None:
    chat = Chat(bot)
    chat.say("I want a refund")
    first = chat.say("KD-4799")
    assert chat.was_repeated is False
    again = chat.send(text="KD-4799")
    assert chat.was_repeated is True
    assert again == first
    assert len([h for h in tracker_of(bot, chat) if h["text"] == "KD-4799"]) == 1


def test_a_turn_asked_again_after_the_next_one_is_still_known(bot: RunningBot) -> None:
    chat = Chat(bot)
    first, key = chat.say("hello"), chat.key
    chat.say("how can I pay?")
    chat.key = key
    assert chat.send(text="hello") == first
    assert chat.was_repeated is True


def test_a_turn_asked_again_is_known_even_where_the_desk_wants_a_new_session(
    bot: RunningBot,
) -> None:
    chat = Chat(bot)
    first = chat.say("hello", cut=True)
    assert chat.send(text="hello", cut=True) == first
    assert chat.was_repeated is True


def test_choices_stand_under_the_last_thing_said(bot: RunningBot) -> None:
    chat = Chat(bot)
    chat.say("refund please")
    chat.say("I don't know the number")
    assert [len(reply["quick_replies"]) for reply in chat.replies] == [0, 1]


def test_news_told_twice_are_said_once(bot: RunningBot) -> None:
    chat = Chat(bot)
    first = chat.hear(
        "EXTERNAL_refund_done", order_number="KD-4711", job_reference="RF-7", amount="89.00 EUR"
    )
    assert "RF-7" in first
    told = {"order_number": "KD-4711", "job_reference": "RF-8"}
    assert chat._post("news", {"intent": "EXTERNAL_refund_done", "facts": told}) == first
    assert chat.was_repeated is True


def test_news_without_words_are_refused(bot: RunningBot) -> None:
    chat = Chat(bot)
    for intent in ("EXTERNAL_unheard_of", "refund", "restart"):
        chat.hear(intent)
        assert chat.response.status_code == 422


def test_an_outcome_without_words_of_its_own_is_still_told(bot: RunningBot) -> None:
    chat = Chat(bot)
    told = chat.hear("EXTERNAL_refund_refused", job_code="MOON_IS_FULL", order_number="KD-4711")
    assert "KD-4711" in told


def test_a_form_lives_on_when_the_session_is_cut(bot: RunningBot) -> None:
    chat = Chat(bot)
    chat.say("I want a refund for KD-4711")
    asked = chat.say("emily.hart@example.com", cut=True)
    assert "89.00 EUR" in asked
    assert "KD-4711" in chat.say("yes", cut=True)


@pytest.mark.alone
@pytest.mark.fault("F20")
def test_a_turn_late_in_a_long_conversation_costs_what_an_early_one_does(bot: RunningBot) -> None:
    """Turn 300 and later of one conversation against turn 5 of new ones, in alternation, so that
    whatever else the machine does weighs on both."""
    long, turns = Chat(bot), 300
    for number in range(turns):
        _timed(long, number)
    early, late = [], []
    for sample in range(40):
        fresh = Chat(bot)
        for number in range(4):
            _timed(fresh, number)
        early.append(_timed(fresh, 4, "what can you do?"))
        late.append(_timed(long, turns + sample, "what can you do?"))
    ratios = {"p50": (_p(50, late), _p(50, early)), "p95": (_p(95, late), _p(95, early))}
    assert all(slow <= 1.5 * quick for slow, quick in ratios.values()), ratios


def _timed(chat: Chat, number: int, text: str | None = None) -> float:
    """Seconds that the bot takes for turn `number` (from 0), cut as the desk cuts it."""
    lines = ("hello", "are you a robot?", "thanks", "who are you?", "what can you do?")
    is_cut = number % TURNS_PER_RASA_SESSION == TURNS_PER_RASA_SESSION - 1
    chat.key, began = str(uuid4()), time.perf_counter()
    chat.send(text=text or lines[number % len(lines)], cut=is_cut)
    assert chat.replies
    return time.perf_counter() - began


def _p(percent: int, seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=100)[percent - 1]


def tracker_of(bot: RunningBot, chat: Chat) -> list[dict[str, Any]]:
    """What the customer said as Rasa keeps it."""
    with closing(sqlite3.connect(bot.folder / "trackers.db")) as rows:
        asked = "SELECT events FROM trackers WHERE conversation_id = ?"
        row = rows.execute(asked, (str(chat.conversation_id),)).fetchone()
    events = json.loads(row[0]) if row else []
    return [event for event in events if event["event"] == "user"]
