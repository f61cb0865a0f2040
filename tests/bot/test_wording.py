"""Every sentence of the bot, in both languages, in one place."""

import re
from functools import cache
from typing import Any

import pytest
import yaml

from desk.conversations.rules import topic_after
from tests.running import ROOT

NO_SLOT = ("utter_ask_solved", "utter_ask_what_else")
STATUSES = ("placed", "shipped", "delivered", "cancelled", "refunded")
IN_BOTH = ("utter_foreign_language",)  # said to somebody who may read either
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
    """Each utterance with its variants by language; one entry per outcome code where it has any,
    and one for each time of asking."""
    found = []
    for name, variants in responses().items():
        spoken: dict[str, dict[str, dict[str, Any]]] = {}
        for variant in variants:
            spoken.setdefault(case_of(variant), {})[language_of(variant)] = variant
        found += [(f"{name} {case}".strip(), languages) for case, languages in spoken.items()]
    return found


def case_of(variant: dict[str, Any]) -> str:
    """In which case this is said, whatever the language; a first question is the plain case."""
    conditions = variant.get("condition", [])
    cases = [str(c["value"]) for c in conditions if c["name"] != "language"]
    return " ".join(case for case in cases if case != "first")


def test_every_sentence_stands_in_both_languages() -> None:
    assert not [name for name, spoken in pairs() if set(spoken) != {"en", "zh"}]


def test_a_chinese_sentence_is_chinese_and_an_english_one_is_not() -> None:
    for name, spoken in pairs():
        assert re.search(r"[\u4e00-\u9fff]", spoken["zh"]["text"]), name
        if name not in IN_BOTH:
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


def test_a_question_put_again_is_put_in_other_words() -> None:
    variants = [variant for name, spoken in pairs() for variant in spoken.values()]
    for name, spoken in pairs():
        if name.endswith(" again"):
            first = dict(pairs())[name.removesuffix(" again")]
            assert all(spoken[x]["text"] != first[x]["text"] for x in ("en", "zh")), name
    assert [v for v in variants if case_of(v) == "again"]


def test_what_every_form_asks_has_other_words_for_the_second_time() -> None:
    """All but whether to go ahead: that question names what it is about anew."""
    known = dict(pairs())
    asked = [n for n in known if n.startswith("utter_ask_") and not n.endswith("_confirmed")]
    plain = [n for n in asked if " " not in n and n not in NO_SLOT]
    assert not [name for name in plain if f"{name} again" not in known]


def test_chinese_is_punctuated_as_chinese() -> None:
    """No half-width marks between Chinese characters, and no blanks between them."""
    for name, spoken in pairs():
        if name not in IN_BOTH:
            text = spoken["zh"]["text"]
            assert not re.search(
                r"[\u4e00-\u9fff][,;:?!.]|[\u4e00-\u9fff] [\u4e00-\u9fff]", text
            ), name


def test_what_customers_read_is_short() -> None:
    for name, spoken in pairs():
        assert len(spoken["en"]["text"]) <= 300, name
        assert len(spoken["zh"]["text"]) <= 130, name


def test_nothing_is_cheered() -> None:
    told = [v["text"] for variants in responses().values() for v in variants]
    assert not [text for text in told if "!" in text or "！" in text]


def test_no_sentence_is_left_over() -> None:
    """Each is named by a rule, an action, the desk, or a form that asks for a slot."""
    places = [*(ROOT / "bot/dialogue").glob("*.yml"), *(ROOT / "actions").glob("*.py")]
    places += [*(ROOT / "desk").rglob("*.py"), *(ROOT / "bot/components").glob("*.py")]
    code = "\n".join(file.read_text("utf-8") for file in places)
    unnamed = {name for name in responses() if name not in code}
    kinds = {file.stem for file in (ROOT / "bot/dialogue").glob("*.yml")}
    built = {f"utter_{kind}_receipt" for kind in kinds}
    by_status = ("utter_order", "utter_change_order", "utter_track_refund")
    built |= {f"{name}_{status}" for name in by_status for status in STATUSES}
    built |= {"utter_payment_failed", "utter_payment_pending"}
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
