"""The journey of the desk: from the chat line to the robot, to the agent, to the figure."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from playwright.sync_api import expect

from tests.whole_desk import wait_until

pytestmark = [pytest.mark.journey, pytest.mark.browser]


@dataclass(frozen=True)
class Words:
    """What one customer says, and what the bot is expected to say back."""

    language: str
    order: str
    wish: str
    yes: re.Pattern[str]
    solved: re.Pattern[str]
    person: str
    thanks: str


ENGLISH = Words(
    "en",
    "KD-4711",
    "hi, the teapot I got last week arrived with a crack, I'd like my money back please",
    re.compile("yes", re.I),
    re.compile("yes", re.I),
    "Can I talk to a real person please?",
    "Thanks Alex, that helped",
)
CHINESE = Words(
    "zh",
    "KD-4731",
    "你好，上周收到的茶壶有裂缝，我想退款",
    re.compile("是|对|确认|好"),
    re.compile("解决了|是"),
    "我想找人工客服",
    "谢谢，帮了大忙",
)


@pytest.mark.parametrize("words", [ENGLISH, CHINESE], ids=["english", "chinese"])
def test_a_refund_is_filed_by_the_robot_and_an_agent_helps_with_the_rest(
    desk, widget, console, words
):
    began = datetime.now(UTC) - timedelta(seconds=1)
    (name,) = desk.back_office(
        "SELECT c.name FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.number = ?",
        words.order,
    )[0]
    widget.visit(words.language, customer=name)

    widget.say(words.wish)
    widget.reads("KD-4711")  # asked for the order number, with an example of one
    widget.say(words.order)
    expect(widget.frame.get_by_test_id("quick-reply").first).to_be_visible()
    widget.click(words.yes)
    widget.job("done")
    filed = desk.back_office("SELECT id FROM refunds WHERE order_number = ?", words.order)
    assert len(filed) == 1
    said = widget.reads(f"RF-{filed[0][0]}")
    assert has_chinese(said) == (words.language == "zh")
    widget.click(words.solved)
    wait_until(lambda: outcomes(desk, began)["confirmed"] == 1, 15, "the confirmation")
    widget.rate(4)

    widget.begin_anew()
    console.sign_in()
    widget.say(words.person)
    expect(console.waiting()).to_have_count(1, timeout=15_000)
    console.take_first()
    expect(console.page.get_by_test_id("packet")).to_be_visible()
    bot_said = widget.turns("bot").count()
    console.say("Hello, this is Alex. I have read everything.")
    widget.reads("this is Alex", author="agent")
    widget.say(words.thanks)
    expect(console.turns("customer").filter(has_text=words.thanks)).to_be_visible(timeout=15_000)
    assert widget.turns("bot").count() == bot_said
    console.resolve()
    wait_until(lambda: outcomes(desk, began)["handed_off"] == 1, 15, "the hand-off's figure")
    widget.is_over_without_a_rating()  # asked a minute ago

    ended = {"confirmed": 1, "assumed": 0, "handed_off": 1, "abandoned": 0, "failed": 0}
    assert outcomes(desk, began) == ended
    escalation = figure(desk, "escalation", began)
    assert (escalation["engaged"], escalation["kinds"]["requested"]) == (2, 1)
    assert escalation["unserved_handoffs"] == 0


def outcomes(desk, since):
    return figure(desk, "resolution", since)["outcomes"]


def figure(desk, name, since):
    with httpx.Client(base_url=desk.url + "/api/v1", timeout=20, trust_env=False) as supervisor:
        email = "supervisor@demo.kaidesk"
        if not hasattr(desk, "supervisor_cookies"):
            told = {"email": email, "password": desk.passwords[email]}
            supervisor.post("/sign-in", json=told).raise_for_status()
            desk.supervisor_cookies = dict(supervisor.cookies)
        window = {"since": since.isoformat(), "until": datetime.now(UTC).isoformat()}
        address = f"/metrics/{name}"
        answer = supervisor.get(address, params=window, cookies=desk.supervisor_cookies)
        answer.raise_for_status()
        return answer.json()["total"]


def has_chinese(text):
    return re.search("[\u4e00-\u9fff]", text) is not None
