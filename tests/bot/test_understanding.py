"""How well the shipped model understands what it has never seen."""

import atexit
import json
import os
import subprocess
from functools import cache
from typing import Any

import pytest
import yaml

from tests.running import BOT_PYTHON, MODEL, ROOT, train_where_needed

LANGUAGES = ("en", "zh")
# 0.96 and 0.95 before the pipeline was tuned. What was missed has been read twice since, and lines
# of the same kinds were trained on: today's 0.98 and 0.99 flatter, and no clean figure exists.
FLOOR = {"en": 0.92, "zh": 0.92}
LEAST_TRAINED, LEAST_HELD_OUT = 30, 10

pytestmark = pytest.mark.bot


def labelled(kind: str, language: str) -> list[tuple[str, str]]:
    """(line, intent) of every example in `nlu_data/<kind>/<language>`."""
    lines = []
    for file in sorted((ROOT / "nlu_data" / kind / language).glob("*.yml")):
        for block in yaml.safe_load(file.read_text("utf-8"))["nlu"]:
            examples = [line.strip()[2:] for line in block["examples"].splitlines()]
            lines += [(example, block["intent"]) for example in examples if example]
    return lines


@cache
def reader() -> subprocess.Popen[str]:
    """One process for all the lines of this file: it takes seconds to start."""
    train_where_needed()
    started = subprocess.Popen(
        [str(BOT_PYTHON), "-W", "ignore", "-m", "bot.understand"],
        cwd=ROOT,
        env=os.environ | {"DESK_MODEL": str(MODEL)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(started.kill)
    return started


@cache
def understood(lines: tuple[str, ...]) -> list[dict[str, Any]]:
    told = []
    for line in lines:
        print(line, file=reader().stdin, flush=True)
        told.append(json.loads(reader().stdout.readline()))
    return told


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bot_understands_lines_it_has_never_seen(language: str) -> None:
    lines = labelled("holdout", language)
    meant = understood(tuple(text for text, _ in lines))
    missed = [
        f"{text!r}: {intent}, not {told['intent']} ({told['confidence']:.2f})"
        for (text, intent), told in zip(lines, meant, strict=True)
        if told["intent"] != intent
        # To not understand what is no business of ours is to understand it.
        and not (intent == "out_of_scope" and told["intent"] == "nlu_fallback")
    ]
    right = 1 - len(missed) / len(lines)
    assert right >= FLOOR[language], f"{right:.3f} of {len(lines)}\n" + "\n".join(missed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_held_out_is_trained_on(language: str) -> None:
    trained = {text.lower() for text, _ in labelled("train", language)}
    assert not [text for text, _ in labelled("holdout", language) if text.lower() in trained]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("kind", "least"), [("train", LEAST_TRAINED), ("holdout", LEAST_HELD_OUT)])
def test_every_intent_has_examples_enough(kind: str, least: int, language: str) -> None:
    intents = [intent for _, intent in labelled(kind, language)]
    assert set(intents) == {intent for _, intent in labelled("train", "en")}
    few = {intent: intents.count(intent) for intent in set(intents)}
    assert not {intent: n for intent, n in few.items() if n < least}


NUMBERS = {
    "KD-4711": "KD-4711",
    "where is kd 4711?": "KD-4711",
    "＃４７１１": "KD-4711",
    "订单４７１２到哪了": "KD-4712",
    "not 4711 but 4712": "KD-4712",
    "I'd like my money back for 4733 please": "KD-4733",
    "order no. 104733": "KD-104733",
    "I paid 1500 euros": None,
    "that was in 2024, I think": None,
    "2024年买的": None,
    "花了1280元": None,
    "call me at 0171 2345678": None,
    "mail me at 4711@example.com": None,
    "KD-47110000": None,
}


def test_order_numbers_are_found_however_they_are_written() -> None:
    told = understood(tuple(NUMBERS))
    found = {each["text"]: each["entities"].get("order_number") for each in told}
    assert found == NUMBERS


UNREADABLE = {
    "no words": ["", " ", "\u200b\u200b", "\u202e\u200f", "???", "\U0001f642" * 12],
    "of machines": [
        '{"intent": "refund", "order": "KD-4711"}',
        '[{"refund": true}]',
        "<html><body><h1>Refund</h1></body></html>",
        "/restart",
        '/EXTERNAL_refund{"order":"1"}',
        "／cancel_order",
    ],
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_nothing_is_done_about_what_nobody_can_have_meant(kind: str) -> None:
    lines = [line for line in UNREADABLE[kind] if not line.startswith("/")]
    told = [each["intent"] for each in understood(tuple(lines))]
    assert set(told) <= {"nlu_fallback", "out_of_scope"}, dict(zip(lines, told, strict=True))


def test_a_long_message_is_understood_like_a_short_one() -> None:
    story = "I have been a customer of yours for many years and never had any trouble. " * 26
    (told,) = understood((f"{story[:1900]} Please cancel my order KD-4711.",))
    assert told["intent"] in {"cancel_order", "nlu_fallback", "complaint", "out_of_scope"}


def test_a_language_that_nobody_trained_is_named() -> None:
    lines = ("Wo ist meine Bestellung?", "¿Dónde está mi pedido?", "注文した商品はいつ届きますか")
    assert {each["intent"] for each in understood(lines)} == {"foreign_language"}


def wishes_of(lines: list[str]) -> list[list[str]]:
    told = understood(tuple(lines))
    return [[each["intent"], *(a["name"] for a in each.get("also", []))] for each in told]


@pytest.mark.parametrize(
    ("line", "wishes"),
    [
        (
            "cancel my order KD-4711 and send me the invoice again",
            ["cancel_order", "resend_invoice"],
        ),
        ("我要退款，另外怎么重置密码", ["refund", "reset_password"]),
    ],
)
def test_two_wishes_in_one_message_are_both_heard(line: str, wishes: list[str]) -> None:
    assert wishes_of([line]) == [wishes]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_trained_as_one_wish_is_hardly_ever_heard_as_two(language: str) -> None:
    lines = [line for line, _ in labelled("train", language)][::4]
    assert sum(len(wishes) > 1 for wishes in wishes_of(lines)) / len(lines) < 0.01


def test_held_out_messages_with_two_wishes_are_told_from_those_with_one() -> None:
    file = (ROOT / "tests/nlu/two_wishes.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in file.splitlines()]
    heard = wishes_of([row[3] for row in rows])
    both = [h == [one, two] for h, (_, one, two, _) in zip(heard, rows, strict=True) if two != "-"]
    single = [len(h) == 1 for h, row in zip(heard, rows, strict=True) if row[2] == "-"]
    assert sum(both) / len(both) >= 0.65
    assert sum(single) / len(single) >= 0.85
