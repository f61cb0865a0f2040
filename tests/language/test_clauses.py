"""Two wishes in one message. What is understood of a clause is given here; the trained bot's own
ear is measured in tests/nlu."""

from collections.abc import Sequence

import pytest

from language.clauses import MOST_CLAUSES, clauses, two_wishes
from language.intents import Understood
from language.text import LONGEST_TEXT

BY_WORD = {
    "cancel": "cancel_order",
    "取消": "cancel_order",
    "refund": "refund",
    "退款": "refund",
    "invoice": "resend_invoice",
    "发票": "resend_invoice",
    "thanks": "thanks",
}


def understood(text: str) -> Understood:
    """As a bot that goes by single words."""
    found = [intent for word, intent in BY_WORD.items() if word in text.lower()]
    return Understood([(each, 0.95 / len(found)) for each in found] or [("inform", 0.4)], 0.9)


def wishes(text: str) -> list[tuple[str, str]]:
    def understand(parts: Sequence[str]) -> list[Understood]:
        return [understood(part) for part in parts]

    found = two_wishes(text, understood(text), understand)
    return [(wish.intent, wish.text) for wish in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "cancel 4711 and refund me",
            [("cancel_order", "cancel 4711"), ("refund", "refund me")],
        ),
        (
            "Refund the lamp. Also, I need the invoice",
            [("refund", "Refund the lamp"), ("resend_invoice", "I need the invoice")],
        ),
        (
            "取消订单4711，另外把发票发我",
            [("cancel_order", "取消订单4711"), ("resend_invoice", "把发票发我")],
        ),
        ("我要退款顺便开发票", [("refund", "我要退款"), ("resend_invoice", "开发票")]),
        ("please refund 12.90, that is what i paid", []),
        ("cancel it and cancel the other one", []),
        ("refund me and thanks", []),
        ("i bought a lamp, it broke, now i want a refund", []),
        ("cancel", []),
        ("", []),
    ],
)
def test_both_wishes_are_heard_where_there_are_two(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert wishes(text) == expected


def test_amounts_and_numbers_are_not_cut() -> None:
    assert clauses("refund 1,200.50 for KD-4711") == ["refund 1,200.50 for KD-4711"]


@pytest.mark.parametrize("unit", ["and ", "，", ".", "a and ", "另外", "\n", "&", "1, "])
def test_however_long_a_message_few_clauses_are_looked_at(unit: str) -> None:
    assert len(clauses((unit * LONGEST_TEXT)[:LONGEST_TEXT])) <= MOST_CLAUSES


def test_an_ordinary_message_is_not_read_twice() -> None:
    def never(_: Sequence[str]) -> list[Understood]:
        raise AssertionError("It has one wish.")

    text = "i would like a refund for my lamp please"
    assert two_wishes(text, understood(text), never) == []
