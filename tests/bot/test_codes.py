"""The code by mail, with the running bot: asked for after the yes, in both languages."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from desk.checks.rules import code_in
from desk.durable import reading
from desk.jobs.models import Job
from tests.conftest import SECRETS, forget_settings
from tests.mailbox import Box, a_mailbox
from tests.running import Chat, RunningBot, running_bot

pytestmark = pytest.mark.bot


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    with a_mailbox() as box:
        yield box


@pytest.fixture(scope="module")
def careful(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, box: Box
) -> Iterator[RunningBot]:
    """A bot at a desk that wants to know who somebody is, as every desk does by default."""
    folder = tmp_path_factory.mktemp("careful")
    shutil.copy(sqlite_template, folder / "desk.sqlite3")
    known = SECRETS | {"DESK_STEP_UP": "true", "DESK_SMTP_PORT": str(box.port)}
    with (
        running_bot(folder, f"sqlite:///{folder}/desk.sqlite3", **known) as running,
        pytest.MonkeyPatch.context() as patch,
    ):
        for name, value in running.environment.items():
            if name.startswith("DESK_"):
                patch.setenv(name, value)
        forget_settings()
        yield running
    forget_settings()


def mailed(box: Box) -> str:
    code = code_in(box.letters[-1].get_content())
    assert code is not None
    return code


def jobs_of(chat: Chat) -> list[str]:
    ours = select(Job.kind).where(Job.conversation_id == chat.conversation_id)
    return list(reading(lambda session: session.scalars(ours).all()))


@pytest.mark.parametrize(
    ("language", "wish", "email", "yes", "asked", "receipt"),
    [
        (
            *("en", "I want a refund for KD-4711", "emily.hart@example.com", "Yes, please"),
            *("six digits", "asked for the refund"),
        ),
        (
            *("zh", "我要退款 KD-4731", "li.na@example.com", "好的"),
            *("验证码", "退款申请已提交"),
        ),
    ],
    ids=["en", "zh"],
)
def test_a_refund_is_asked_of_a_robot_once_the_code_came_back(
    careful: RunningBot,
    box: Box,
    language: str,
    wish: str,
    email: str,
    yes: str,
    asked: str,
    receipt: str,
) -> None:
    chat = Chat(careful, language=language)
    chat.say(wish)
    chat.say(email)
    before = len(box.letters)
    assert asked in chat.click(yes)
    assert (len(box.letters), jobs_of(chat)) == (before + 1, [])
    code = mailed(box)
    assert box.letters[-1]["To"] == email
    said = chat.say(f"{(int(code) + 1) % 1_000_000:06}")
    assert re.search(r"not the digits|验证码不对", said)
    assert jobs_of(chat) == []
    assert receipt in chat.say(code)
    assert jobs_of(chat) == ["refund"]


def test_a_code_is_asked_for_once_in_a_conversation(careful: RunningBot, box: Box) -> None:
    chat = Chat(careful)
    chat.say("refund KD-4712")
    chat.say("emily.hart@example.com")
    if "Yes, please" not in chat.titles:
        pytest.fail(f"no question whether to go ahead: {chat.replies}")
    chat.click("Yes, please")
    chat.say(mailed(box))
    before = len(box.letters)
    chat.say("I want a refund for KD-4714 as well")
    chat.click("Yes, please")
    assert len(box.letters) == before
    assert jobs_of(chat) == ["refund", "refund"]


def test_never_mind_at_the_code_leaves_everything_as_it_is(careful: RunningBot, box: Box) -> None:
    chat = Chat(careful)
    chat.say("reset my password please")
    chat.say("wu.lei@example.com")
    chat.click("Yes, please")
    assert box.letters[-1]["To"] == "wu.lei@example.com"
    said = chat.say("never mind")
    assert said
    assert jobs_of(chat) == []
