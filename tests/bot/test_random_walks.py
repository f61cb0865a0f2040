"""Customers who say anything at any time: always an answer, and never the same one three times."""

import random
from functools import cache

import pytest
import yaml

from tests.running import ROOT, Chat, RunningBot

pytestmark = pytest.mark.bot

TURNS = 25
REFERENCES = {
    "en": ("4711", "KD-4714", "4799", "emily.hart@example.com", "li.na@example.com"),
    "zh": ("4731", "KD-4734", "4799", "li.na@example.com", "emily.hart@example.com"),
}
SHORT = {
    "en": ("yes", "no", "why?", "12 Mill Lane, Oxford OX1 4AB", "never mind", "I don't know", "😀"),
    "zh": ("是的", "不", "为什么", "上海市徐汇区衡山路12号", "算了", "不知道", "😀"),
}


@cache
def lines(language: str) -> tuple[tuple[str, ...], ...]:
    """What customers may say, a group for each intent."""
    groups = []
    for file in sorted((ROOT / "nlu_data/train" / language).glob("*.yml")):
        for block in yaml.safe_load(file.read_text("utf-8"))["nlu"]:
            groups.append(tuple(line[2:] for line in block["examples"].splitlines() if line[2:]))
    return (*groups, REFERENCES[language], SHORT[language])


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("seed", range(8))
def test_a_random_walk_never_loops(bot: RunningBot, language: str, seed: int) -> None:
    walk, chat = random.Random(f"{language} {seed}"), Chat(bot, language=language)
    heard: list[str] = []
    for number in range(TURNS):
        said = _go_on(walk, chat, language)
        answer = "\n".join(reply["text"] for reply in chat.replies)
        assert chat.response.status_code == 200, f"{number}: {said}"
        assert answer.strip(), f"{number}: {said}"
        assert "{" not in answer, answer  # a blank that nobody filled
        heard.append(answer)
        assert len(set(heard[-3:])) > 1 or len(heard) < 3, f"{number}: {said} → {answer}"


@pytest.mark.parametrize("text", ["hello", "how can I pay?", "yes", "no", "😀", "转人工", "4711"])
def test_who_says_the_same_for_ever_is_not_answered_the_same_for_ever(
    bot: RunningBot, text: str
) -> None:
    chat = Chat(bot)
    heard = [chat.say(text) for _ in range(8)]
    assert all(len(set(heard[at : at + 3])) > 1 for at in range(len(heard) - 2)), heard


@pytest.mark.parametrize("wish", ["I want a refund", "change my address", "reset my password"])
@pytest.mark.parametrize("text", ["bla bla", "yes", "no", "hm", "I don't know", "why?"])
def test_a_form_that_gets_no_answer_ends(bot: RunningBot, wish: str, text: str) -> None:
    """At the latest after the second time, with a person offered."""
    chat = Chat(bot)
    chat.say(wish)
    for _ in range(3):
        if "person" in " ".join(chat.titles) and "/deny" in str(chat.replies):
            break
        chat.say(text)
    assert any("person" in title for title in chat.titles), chat.replies


def _go_on(walk: random.Random, chat: Chat, language: str) -> str:
    """Click something that is offered, or say something of a random intent."""
    if chat.titles and walk.random() < 0.3:
        title = walk.choice(chat.titles)
        chat.click(title)
        return f"[{title}]"
    spoken = language if walk.random() < 0.9 else ("zh" if language == "en" else "en")
    text = walk.choice(walk.choice(lines(spoken)))
    chat.say(text)
    return text
