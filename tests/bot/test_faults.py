"""What the bot does while the processes around it fail, and after it was killed itself."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import httpx
import psutil
import pytest

from tests.bot.test_channel import tracker_of
from tests.conftest import SECRETS, forget_settings
from tests.running import Chat, RunningBot, running_bot

pytestmark = pytest.mark.bot

DESK_WAITS_SECONDS = 6.0


@pytest.fixture(scope="module")
def frail_process(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningBot]:
    """A bot of this file's own, whose processes it may kill."""
    folder = tmp_path_factory.mktemp("frail")
    (folder / "desk.sqlite3").write_bytes(sqlite_template.read_bytes())
    with running_bot(folder, f"sqlite:///{folder}/desk.sqlite3", **SECRETS) as running:
        yield running


@pytest.fixture
def frail(frail_process: RunningBot) -> Iterator[RunningBot]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in frail_process.environment.items():
            if name.startswith("DESK_"):
                patch.setenv(name, value)
        forget_settings()
        yield frail_process
        forget_settings()


@pytest.mark.fault("F3")
def test_with_the_actions_killed_nothing_is_answered_by_halves(frail: RunningBot) -> None:
    """Words that need no action are said; a turn that needs one is left out and can be asked
    again: never an empty answer, never half of one."""
    chat, key = Chat(frail), str(uuid4())
    frail.kill("actions")
    chat.key = str(uuid4())
    assert chat.send(text="hello, are you there?")
    chat.key = key
    chat.send(text="refund KD-4711 please")
    assert chat.response.status_code == 503
    assert "KD-4711" not in str(tracker_of(frail, chat))
    frail.start_actions()
    chat.key = key
    assert "e-mail" in chat.send(text="refund KD-4711 please")
    assert chat.was_repeated is False


@pytest.mark.fault("F3")
def test_with_the_actions_killed_the_end_of_a_job_is_still_told(frail: RunningBot) -> None:
    chat = Chat(frail)
    frail.kill("actions")
    told = chat.hear(
        "EXTERNAL_refund_done", order_number="KD-4711", job_reference="RF-1", amount="89.00 EUR"
    )
    frail.start_actions()
    assert "RF-1" in told


@pytest.mark.fault("F3")
def test_hanging_actions_are_given_up_before_the_desk_gives_up_the_bot(frail: RunningBot) -> None:
    chat = Chat(frail)
    hanging = psutil.Process(frail.processes["actions"].pid)
    hanging.suspend()
    try:
        for text in ("I want a refund for 4711", "hello"):
            chat.key, began = str(uuid4()), time.monotonic()
            chat.send(text=text)
            assert time.monotonic() - began < DESK_WAITS_SECONDS
            assert chat.response.status_code == (200 if text == "hello" else 503)
    finally:
        hanging.resume()


@pytest.mark.fault("F2")
def test_a_bot_killed_in_the_middle_of_a_turn_answers_it_once_after_the_restart(
    frail: RunningBot,
) -> None:
    chat = Chat(frail)
    chat.say("hello")
    hanging = psutil.Process(frail.processes["actions"].pid)
    hanging.suspend()  # so that the turn has a middle
    chat.key, body = str(uuid4()), "I want a refund for KD-4711"
    asking = threading.Thread(target=_ask_in_vain, args=(frail, chat, body))
    asking.start()
    time.sleep(0.5)
    frail.kill("bot")
    asking.join()
    hanging.resume()
    frail.start_bot()
    assert "e-mail" in chat.send(text=body)
    assert chat.was_repeated is False
    assert "e-mail" in chat.send(text=body)
    assert chat.was_repeated is True
    assert [heard["text"] for heard in tracker_of(frail, chat)].count(body) == 1


@pytest.mark.fault("F2")
def test_a_bot_is_ready_again_before_the_customer_has_to_be_told(frail: RunningBot) -> None:
    """The desk says sorry after 5 s of silence and promises a notice within 10 s; a restart
    takes 3 s on an idle machine."""
    frail.kill("bot")
    began = time.monotonic()
    frail.start_bot()
    assert time.monotonic() - began < 20


def _ask_in_vain(running: RunningBot, chat: Chat, text: str) -> None:
    body = {
        "conversation_id": str(chat.conversation_id),
        "key": chat.key,
        "language": "en",
        "text": text,
    }
    with running.client() as client, suppress(httpx.HTTPError):
        client.post("/webhooks/desk/turns", json=body)
