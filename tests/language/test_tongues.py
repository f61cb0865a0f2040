"""Which language a message is in, and in which one it is answered."""

import re

import pytest

from language.tongues import OTHER, SURE, answered_in, tongue_of
from tests.running import ROOT

LINES = "".join(file.read_text("utf-8") for file in (ROOT / "nlu_data/train/en").glob("*.yml"))
KNOWN = frozenset(re.findall("[a-z]+", LINES.lower()))  # as the trained bot does


def is_foreign(text: str) -> bool:
    told = tongue_of(text, KNOWN.__contains__)
    return told.name == OTHER and told.confidence >= SURE


@pytest.mark.parametrize(
    "text",
    [
        "Wo ist meine Bestellung?",
        "je voudrais annuler ma commande",
        "¿Dónde está mi pedido?",
        "quero meu dinheiro de volta",
        "Gdzie jest moja paczka",
        "Где мой заказ?",
        "أين طلبي",
        "注文はどこですか",
        "주문 취소하고 싶어요",
        "สินค้ายังไม่มาถึง",
        "Bonjour!",
        "hola, no me ha llegado el paquete KD-4711",
    ],
)
def test_a_language_that_nobody_trained_is_told(text: str) -> None:
    assert is_foreign(text)


@pytest.mark.parametrize(
    "text",
    [
        *("ok", "KD-4711", "", "??", "\U0001f642", "me@example.com", "https://example.com/de/der"),
        *("wheres my stuf", "i wanna return dis", "lol no", "refund pls", "Emily Hart", "no"),
        *("我要退款", "退款", "order 在哪里", "请问 KD-4711 到哪了", "我想 refund 这个 lamp"),
        *("5 Park Road, Leeds", "ASAP!!!", "the Café lamp", "naïve", "Café", "iPhone 15 Pro"),
    ],
)
def test_short_english_and_chinese_are_never_taken_for_foreign(text: str) -> None:
    assert not is_foreign(text)


def test_a_message_is_named_after_most_of_its_words() -> None:
    assert tongue_of("where is 订单 and my lamp please", KNOWN.__contains__).name == "en"
    assert tongue_of("我的 order 还没到", KNOWN.__contains__).name == "zh"
    assert tongue_of("4711", KNOWN.__contains__).confidence == 0


def test_held_out_messages_are_taken_for_what_they_are() -> None:
    file = (ROOT / "tests/nlu/foreign.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in file.splitlines()]
    right = [is_foreign(text) == (told == OTHER) for told, _, text in rows]
    never_foreign = [not is_foreign(text) for told, _, text in rows if told != OTHER]
    assert sum(right) / len(rows) >= 0.9
    assert sum(never_foreign) / len(never_foreign) >= 0.97


@pytest.mark.parametrize(
    ("text", "so_far", "expected"),
    [
        ("我要退款", "en", "zh"),
        ("好", "en", "zh"),
        ("订单 KD-4711 在哪里", "en", "zh"),
        ("Where is my order?", "zh", "en"),
        ("cancel it", "zh", "en"),
        ("refund please, 谢谢", "en", "zh"),
        ("帮我 check 一下 my order", "zh", "zh"),
        ("I said cancel the order, not 退款", "zh", "en"),
        # What says nothing of the language changes nothing.
        *((text, so_far, so_far) for text in ("KD-4711", "4711", "ok", "OK!", "👍", "a@b.co")
          for so_far in ("en", "zh")),
        *((text, "zh", "zh") for text in ("hello", "thank you", "iPhone 15 Pro", "Emily Hart",
                                          "refund", "https://example.com/where/is/it")),
    ],
)  # fmt: skip
def test_the_answer_follows_what_the_customer_writes(text: str, so_far: str, expected: str) -> None:
    assert answered_in(text, so_far) == expected
