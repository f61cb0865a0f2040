"""Personal data are found in messages, logs and JSON; what a shop needs stays readable."""

import json
import re
from collections import Counter
from collections.abc import Iterator

import pytest

from language import privacy
from language.entities.examples import ANNOTATIONS
from language.entities.trained import Trained
from language.privacy import KINDS, find, redact
from tests.running import entity_pipelines_where_needed

MARKED = re.compile(r"\[([^\[\]]+)\]\(([a-z-]+)\)")
# All of the 189 pieces but one when the list was written, by the rules alone all but three.
FLOOR, FLOOR_OF_RULES = 0.95, 0.90


@pytest.fixture(scope="module", autouse=True)
def _trained() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        trained = Trained(entity_pipelines_where_needed())
        patch.setattr(privacy, "_trained", lambda: trained)
        yield


def messages(name: str) -> list[str]:
    lines = (ANNOTATIONS / f"held_out_{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


def unmarked(marked: str) -> tuple[str, list[tuple[int, int, str]]]:
    """A message, and where personal data of which kind stand in it."""
    text, spans, at = "", [], 0
    for piece in MARKED.finditer(marked):
        text += marked[at : piece.start()]
        spans.append((len(text), len(text) + len(piece[1]), piece[2]))
        text, at = text + piece[1], piece.end()
    return text + marked[at:], spans


def recall(*, thoroughly: bool) -> dict[str, float]:
    """The share of each kind of which no letter or digit stays."""
    there, gone = Counter[str](), Counter[str]()
    for marked in messages("private"):
        text, spans = unmarked(marked)
        covered = {at for s in find(text, thoroughly=thoroughly) for at in range(s.start, s.end)}
        for start, end, kind in spans:
            there[kind] += 1
            gone[kind] += all(at in covered or not text[at].isalnum() for at in range(start, end))
    return {kind: gone[kind] / there[kind] for kind in there}


def test_at_least_150_messages_are_held_out_with_every_kind_of_personal_data() -> None:
    held_out = messages("private")
    assert len(held_out) >= 150
    assert {kind for marked in held_out for _, kind in MARKED.findall(marked)} == set(KINDS)


def test_nearly_all_personal_data_are_found() -> None:
    figures = recall(thoroughly=True)
    assert min(figures.values()) >= FLOOR, figures


def test_the_rules_alone_find_most() -> None:
    figures = recall(thoroughly=False)
    assert min(figures.values()) >= FLOOR_OF_RULES, figures


@pytest.mark.parametrize("text", messages("harmless"))
def test_what_is_nobodys_stays_readable(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("I'm Anna Kern, KD-4711, paid €12.90 on 3 March", "KD-4711, paid €12.90 on 3 March"),
        ("我是郑爽爽，订单四七三一，三月五号付了三百块", "订单四七三一，三月五号付了三百块"),
        ('{"name":"Jo Hart","order":"KD-4733","total":"89"}', '"order":"KD-4733","total":"89"}'),
        ("Rosa Klein wants the Celadon Teapot back", "wants the Celadon Teapot back"),
    ],
)  # fmt: skip
def test_orders_amounts_days_and_products_stay_beside_personal_data(text: str, kept: str) -> None:
    redacted = redact(text)
    assert kept in redacted
    assert "[name]" in redacted


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("card 4111 1111 1111 1111", "card [card]"),
        ("number 4111 1111 1111 1112", "number 4111 1111 1111 1112"),  # its check digit is wrong
        ("卡号6222021234567890127", "卡号[card]"),  # wrong too, but it is called a card
        ("GB29 NWBK 6016 1331 9268 19 is my account", "[iban] is my account"),
        ("11010519491231002X", "[id]"),
        ("Steuer-ID 86095742719", "Steuer-ID [id]"),
        ("mail a.b@example.com", "mail [e-mail]"),
        ("ring 020 7946 0958", "ring [phone]"),
        ("to 9 Mill Lane, Leeds LS1 4AB", "to [address]"),
        ("my name is Jo Hart", "my name is [name]"),
    ],
)
def test_every_kind_has_a_placeholder_of_its_own(text: str, redacted: str) -> None:
    assert redact(text) == redacted


def test_redacting_twice_changes_nothing_more() -> None:
    for marked in messages("private"):
        once = redact(unmarked(marked)[0])
        assert redact(once) == once, marked


def test_a_long_text_is_read_to_its_end() -> None:
    text = "nothing to see here\n" * 500 + "my name is Jo Hart, card 4111 1111 1111 1111\n"
    assert redact(text).endswith("my name is [name], card [card]\n")
    assert "Hart" not in redact("x" * 1_490 + " my name is Jo Hart " + "y" * 3_000)


def test_positions_fit_what_was_written_before_folding() -> None:
    text = "㎉㎉ ﷺ １３８１２３４５６７８ ok"
    assert redact(text) == "㎉㎉ ﷺ [phone] ok"
