"""What reading a line costs grows with its length, whatever it is made of."""

import time
from collections.abc import Callable
from datetime import date

import pytest

from language.entities import entities
from language.entities.trained import Trained
from language.privacy import redact
from language.text import LONGEST_TEXT, as_text
from tests.bot.test_costly_text import ADVERSE, prose
from tests.running import entity_pipelines_where_needed

MOST = 20  # times the ordinary
TODAY = date(2026, 11, 22)
UNITS = (
    *("one hundred ", "一", "三月", "1号", "路", "市", "城市", "Anna ", "Al ", "my name is "),
    *("€1", "1 1", "+1", "1-", "1/", "上", "王", "李娜", "12 Park Road, ", "in a ", "the day "),
    *("teepot ", "1 a street ", "name: ", '"name":"', "4111 ", "AB12 ", "a at b dot ", "身份证"),
    *("5 Park ", "A'", "卡"),
)
TEXTS = ADVERSE | {unit: (unit * LONGEST_TEXT)[:LONGEST_TEXT] for unit in UNITS}


@pytest.fixture(scope="module")
def trained() -> Trained:
    return Trained(entity_pipelines_where_needed())


def dear(read: Callable[[str], object]) -> dict[str, float]:
    """The texts that take far longer than as much ordinary prose, and how long."""
    heard = {unit: as_text(text) for unit, text in TEXTS.items() if as_text(text)}
    read(prose())
    ordinary = _seconds(read, prose())
    took = {unit: _seconds(read, text) for unit, text in heard.items()}
    return {unit: seconds for unit, seconds in took.items() if seconds > MOST * ordinary}


@pytest.mark.alone
def test_no_line_is_dear_to_read_for_what_it_names() -> None:
    assert not dear(lambda text: entities(text, TODAY))


@pytest.mark.alone
def test_no_line_is_dear_to_redact() -> None:
    assert not dear(lambda text: redact(text, thoroughly=False))


@pytest.mark.alone
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_line_is_dear_to_the_trained_part(trained: Trained, language: str) -> None:
    assert not dear(lambda text: trained.find(text, language))


@pytest.mark.alone
def test_a_common_message_costs_next_to_nothing() -> None:
    lines = ["where is my order 4711?", "I want a refund", "我的订单4711怎么还没到"]
    for line in lines:
        entities(line, TODAY)
    assert max(_seconds(lambda text: entities(text, TODAY), line) for line in lines) < 0.0015


def _seconds(read: Callable[[str], object], text: str) -> float:
    """The best of three, so that what else the machine does weighs less."""
    took = []
    for _ in range(3):
        began = time.perf_counter()
        read(text)
        took.append(time.perf_counter() - began)
    return min(took)
