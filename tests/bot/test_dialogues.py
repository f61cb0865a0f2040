"""Whole conversations, as tests/dialogue/*.yml tells them, with the running bot."""

import re
from typing import Any

import pytest
import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import clock
from desk.conversations.queries import conversation
from desk.durable import reading, transaction
from desk.escalations.models import Escalation
from desk.events.queries import events_of
from desk.jobs.models import Job
from tests.bot.test_wording import SLOT, language_of, responses
from tests.running import ROOT, Chat, RunningBot

pytestmark = pytest.mark.bot

TOPICS = sorted((ROOT / "tests/dialogue").glob("*.yml"))
TOLD = [
    pytest.param(told, id=f"{file.stem}: {told['name']}")
    for file in TOPICS
    for told in yaml.safe_load(file.read_text("utf-8"))
]


@pytest.mark.parametrize("told", TOLD)
def test_the_bot_talks_as_told(bot: RunningBot, told: dict[str, Any]) -> None:
    chat = Chat(bot, language=told["language"])
    if "signed_in_as" in told:
        transaction(_vouch, chat, told["signed_in_as"])
    for turn in told["turns"]:
        said = _take(chat, turn)
        expected = [_pattern(name, turn.get("language", chat.language)) for name in turn["bot"]]
        heard = [reply["text"] for reply in chat.replies]
        assert len(heard) == len(expected), f"{turn}: {heard}"
        for text, pattern in zip(heard, expected, strict=True):
            assert re.fullmatch(pattern, text), f"{turn}: {heard}"
        assert turn.get("says", "") in said, f"{turn}: {heard}"
    _check_what_the_desk_holds(chat, told)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("topic", sorted(f.stem for f in (ROOT / "bot/dialogue").glob("*.yml")))
def test_every_topic_is_talked_about_in_both_languages(topic: str, language: str) -> None:
    if topic == "desk":  # what all topics share is talked about in all of them
        return
    file = ROOT / "tests/dialogue" / f"{topic}.yml"
    told = yaml.safe_load(file.read_text("utf-8"))
    assert [each for each in told if each["language"] == language]


def _take(chat: Chat, turn: dict[str, Any]) -> str:
    if "news" in turn:
        return chat.hear(turn["news"], **turn.get("facts", {}))
    if "click" in turn:
        return chat.click(turn["click"])
    if "old_click" in turn:  # what the desk makes of a click on a question that is past
        return chat.say(turn["old_click"], payload="/old_choice")
    return chat.say(str(turn["customer"]))


def _pattern(name: str, language: str) -> str:
    """What `name` may sound like in this language, any of its blanks filled."""
    texts = [v["text"] for v in responses()[name] if language_of(v) == language]
    return "|".join(
        SLOT.sub("(?!None).+", re.escape(t).replace(r"\{", "{").replace(r"\}", "}")) for t in texts
    )


def _vouch(session: Session, chat: Chat, email: str) -> None:
    customer = conversation(session, chat.conversation_id).customer
    customer.email, customer.verified_at = email, clock.now()


def _check_what_the_desk_holds(chat: Chat, told: dict[str, Any]) -> None:
    if "jobs" in told:
        assert reading(_jobs, chat) == told["jobs"]
    if "goals" in told:
        assert reading(_goals, chat) == told["goals"]
    if "handoff" in told:
        handoff = reading(_handoff, chat)
        expected = told["handoff"]
        assert (handoff.kind, handoff.reason) == (expected["kind"], expected["reason"])
        assert handoff.packet["goal"] == expected.get("goal", handoff.packet["goal"])
    if "status" in told:
        assert chat.row().status == told["status"]
    assert None not in chat.intents()


def _jobs(session: Session, chat: Chat) -> list[dict[str, Any]]:
    ours = select(Job).where(Job.conversation_id == chat.conversation_id)
    return [{"kind": job.kind, "inputs": job.inputs} for job in session.scalars(ours)]


def _goals(session: Session, chat: Chat) -> list[str]:
    """What the bot has answered by itself."""
    told = events_of(session, chat.conversation_id)
    reached = [event.facts for event in told if event.kind == "conversation.goal_reached"]
    return [facts["goal"] for facts in reached if facts["by"] == "bot"]


def _handoff(session: Session, chat: Chat) -> Escalation:
    ours = select(Escalation).where(Escalation.conversation_id == chat.conversation_id)
    return session.scalars(ours).one()
