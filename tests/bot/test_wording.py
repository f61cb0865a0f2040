"""Every sentence of the bot, in both languages, in one place."""

import re
from functools import cache
from typing import Any

import pytest
import yaml

from desk.conversations.rules import topic_after
from tests.running import ROOT

STATUSES = ("placed", "shipped", "delivered", "cancelled", "refunded")
SLOT = re.compile(r"\{(\w+)\}")


@cache
def responses() -> dict[str, list[dict[str, Any]]]:
    """All that the bot can say, by name."""
    found: dict[str, list[dict[str, Any]]] = {}
    for file in sorted((ROOT / "bot/domain").glob("*.yml")):
        found |= yaml.safe_load(file.read_text("utf-8")).get("responses") or {}
    return found


def language_of(variant: dict[str, Any]) -> str:
    named = [c["value"] for c in variant.get("condition", []) if c["name"] == "language"]
    return str(named[0]) if named else "en"


def pairs() -> list[tuple[str, dict[str, dict[str, Any]]]]:
    """Each utterance with its variants by language; one entry per outcome code where it has any."""
    found = []
    for name, variants in responses().items():
        codes = {
            tuple(c["value"] for c in v.get("condition", []) if c["name"] == "job_code")
            for v in variants
        }
        for code in codes:
            of_code = [
                v
                for v in variants
                if code
                == tuple(c["value"] for c in v.get("condition", []) if c["name"] == "job_code")
            ]
            found.append((f"{name} {code}", {language_of(v): v for v in of_code}))
    return found


def test_every_sentence_stands_in_both_languages() -> None:
    assert not [name for name, spoken in pairs() if set(spoken) != {"en", "zh"}]


def test_a_chinese_sentence_is_chinese_and_an_english_one_is_not() -> None:
    for name, spoken in pairs():
        assert re.search(r"[\u4e00-\u9fff]", spoken["zh"]["text"]), name
        assert not re.search(r"[\u4e00-\u9fff]", spoken["en"]["text"]), name


def test_both_languages_offer_the_same_choices() -> None:
    for name, spoken in pairs():
        payloads = [[b["payload"] for b in spoken[x].get("buttons", [])] for x in ("en", "zh")]
        assert payloads[0] == payloads[1], name


def test_both_languages_fill_the_same_blanks() -> None:
    """A number or an amount that one customer is told, the other is told as well."""
    for name, spoken in pairs():
        blanks = [set(SLOT.findall(spoken[x]["text"])) for x in ("en", "zh")]
        assert blanks[0] == blanks[1], name


def test_an_unknown_address_is_told_what_a_known_one_is() -> None:
    """Or anybody could find out who is a customer."""
    done = {language_of(v): v["text"] for v in responses()["utter_reset_password_done"]}
    unknown = [
        v
        for v in responses()["utter_reset_password_refused"]
        if {"type": "slot", "name": "job_code", "value": "ACCOUNT_UNKNOWN"} in v["condition"]
    ]
    assert {language_of(v): v["text"] for v in unknown} == done


def test_nothing_is_cheered() -> None:
    told = [v["text"] for variants in responses().values() for v in variants]
    assert not [text for text in told if "!" in text or "！" in text]


def test_no_sentence_is_left_over() -> None:
    """Each is named by a rule, an action, the desk, or a form that asks for a slot."""
    places = [*(ROOT / "bot/dialogue").glob("*.yml"), *(ROOT / "actions").glob("*.py")]
    places += (ROOT / "desk").rglob("*.py")
    code = "\n".join(file.read_text("utf-8") for file in places)
    unnamed = {name for name in responses() if name not in code}
    kinds = {file.stem for file in (ROOT / "bot/dialogue").glob("*.yml")}
    built = {f"utter_{kind}_receipt" for kind in kinds}
    built |= {f"utter_order_{status}" for status in STATUSES}
    assert {name for name in unnamed - built if not name.startswith("utter_ask_")} == set()


@pytest.mark.parametrize("file", ["desk", "smalltalk"])
def test_how_a_talk_goes_on_is_no_topic(file: str) -> None:
    told = yaml.safe_load((ROOT / "bot/domain" / f"{file}.yml").read_text("utf-8"))
    assert not [intent for intent in told["intents"] if topic_after(intent, None) is not None]


def test_python_writes_no_sentence() -> None:
    """Actions name an utterance; none hands the bot a text of its own."""
    code = [file.read_text("utf-8") for file in (ROOT / "actions").glob("*.py")]
    assert not [text for text in code if re.search(r"utter_message\((?!response=)", text)]
    named = {name for text in code for name in re.findall(r'"(utter_\w+)"', text)}
    assert named <= set(responses())
