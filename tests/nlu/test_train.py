"""What the bot is trained on: enough for every standard query in both languages, and no line
that says two things at once. Which line belongs where: nlu_data/README.md."""

import re
import unicodedata
from collections import Counter, defaultdict

import pytest
import yaml

from tests.conftest import ROOT

LANGUAGES = ("en", "zh")
STANDARD_QUERIES = {
    "cancel_order",
    "cancellation_fee",
    "change_address",
    "change_order",
    "check_invoice",
    "complaint",
    "contact",
    "create_account",
    "delete_account",
    "delivery_options",
    "delivery_period",
    "edit_account",
    "newsletter",
    "payment_issue",
    "payment_methods",
    "person",
    "place_order",
    "refund",
    "registration_problem",
    "resend_invoice",
    "reset_password",
    "returns_policy",
    "review",
    "set_up_address",
    "switch_account",
    "track_order",
    "track_refund",
}
LEAST = 40
LEAST_OUT_OF_SCOPE = 150
SHORT = {"en": 25, "zh": 8}  # characters
LONG = {"en": 60, "zh": 18}
LEAST_SHARE = 0.1  # of short lines and of long ones, over all standard queries


def labelled(language):
    """(intent, line) of everything that people wrote for training."""
    for file in sorted((ROOT / "nlu_data" / "train" / language).glob("*.yml")):
        for block in yaml.safe_load(file.read_text("utf-8"))["nlu"]:
            for line in block["examples"].splitlines():
                yield block["intent"], line.removeprefix("- ").strip()


def same(line):
    """What two lines share that differ in case and signs only."""
    folded = unicodedata.normalize("NFKC", line).lower()
    return re.sub(r"[\W_]+", "", folded) or folded


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_standard_query_has_forty_lines(language):
    counted = Counter(intent for intent, _ in labelled(language))
    assert {intent: counted[intent] for intent in STANDARD_QUERIES if counted[intent] < LEAST} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_no_business_of_ours_is_trained_broadly(language):
    counted = Counter(intent for intent, _ in labelled(language))
    assert counted["out_of_scope"] >= LEAST_OUT_OF_SCOPE


def test_both_languages_train_the_same_intents():
    english, chinese = ({intent for intent, _ in labelled(language)} for language in LANGUAGES)
    assert english == chinese


def test_no_line_is_trained_as_two_intents():
    meant = defaultdict(set)
    for language in LANGUAGES:
        for intent, line in labelled(language):
            meant[same(line)].add(intent)
    assert {line: intents for line, intents in meant.items() if len(intents) > 1} == {}


def test_no_line_is_trained_twice():
    written = [same(line) for language in LANGUAGES for _, line in labelled(language)]
    assert [line for line, times in Counter(written).items() if times > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_customers_write_both_briefly_and_at_length(language):
    lengths = [len(line) for intent, line in labelled(language) if intent in STANDARD_QUERIES]
    short = sum(length <= SHORT[language] for length in lengths) / len(lengths)
    long = sum(length >= LONG[language] for length in lengths) / len(lengths)
    assert min(short, long) >= LEAST_SHARE
