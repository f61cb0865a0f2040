"""How well the shipped model understands what it has never seen."""

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
def understood(lines: tuple[str, ...]) -> list[dict[str, Any]]:
    train_where_needed()
    ran = subprocess.run(
        [str(BOT_PYTHON), "-W", "ignore", "-m", "bot.understand"],
        cwd=ROOT,
        env=os.environ | {"DESK_MODEL": str(MODEL)},
        input="\n".join(lines),
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in ran.stdout.splitlines()]


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
