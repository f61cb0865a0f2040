"""What a message costs grows with its length, whatever it is made of.

Costs are compared within one run: the same length of ordinary prose, by the same code."""

import time
from collections.abc import Callable
from uuid import uuid4

import numpy as np
import pytest

from actions.change_address import introduced_address, looks_like_address, without_preamble
from desk.conversations.rules import language_of, readable
from language.encoder import Encoder
from language.sentiment import trained
from language.text import EMAIL, LONGEST_TEXT, as_text, features, order_digits
from tests.running import MODEL, Chat, RunningBot

MOST = 20  # times the ordinary
QUICK_SECONDS = 0.000_2  # what takes less is not worth comparing
PROSE = (
    "Hello, I bought a teapot from you last week, order KD-4711, and it came broken. Please send "
    "the money back and write to emily.hart@example.com, or send a new one to 5 Park Road, Leeds. "
)
UNITS = [
    *("a", "1", ".", "@", " ", "a.", "a@", "1.", "'", "'s", "(", "_", "\u3389", "\ufdfa", "\u0130"),
    *("\u0301\u0323", "4711 ", "in 2000 ", "kd ", "to ", "to the address ", "yes, ", "no ", "字"),
    *("是", "改成", "http://a.b/", "\U0001f642", "AB111", "#", "address is "),
]
ADVERSE = {unit: (unit * LONGEST_TEXT)[:LONGEST_TEXT] for unit in UNITS} | {
    "a long address": "a" * 1_000 + "@" + "a." * 499,
    "a dotted address": "a." * 500 + "@" + "1." * 499,
    "blanks between": "a" + " " * 1_998 + "a",
    "marks on a letter": "a" + "\u0315\u0323" * 999,
}
READERS: dict[str, Callable[[str], object]] = {
    "language": lambda text: language_of(text, "en"),
    "readable": readable,
    "one spelling": as_text,
    "features": lambda text: list(features(text)),
    "order number": order_digits,
    "e-mail": EMAIL.findall,
    "new address": introduced_address,
    "an address": lambda text: looks_like_address(without_preamble(text)),
}
BEFORE_FOLDING = ("language", "readable", "one spelling")


@pytest.mark.alone
@pytest.mark.parametrize("reader", READERS)
def test_no_message_is_dear_to_read(reader: str) -> None:
    read = READERS[reader]
    ordinary = max(_seconds(read, prose()), QUICK_SECONDS)
    dear = {}
    for unit, text in ADVERSE.items():
        heard = text if reader in BEFORE_FOLDING else as_text(text)
        took = _seconds(read, heard) if heard.strip() else 0.0
        if took > MOST * ordinary:
            dear[unit] = took
    assert not dear, f"an ordinary one takes {ordinary:.5f} s"


@pytest.mark.alone
def test_no_message_is_dear_to_feel() -> None:
    model = trained(Encoder(MODEL.parent / "encoder"), MODEL.parent / "feelings")
    nothing = np.zeros(model.dimensions, np.float32)  # what the encoder costs is seen below

    def feel(text: str) -> object:
        return model.feeling(as_text(text), nothing)

    ordinary = _seconds(feel, prose())
    dear = {u: s for u, t in ADVERSE.items() if (s := _seconds(feel, t)) > MOST * ordinary}
    assert not dear, f"an ordinary one takes {ordinary:.5f} s"


@pytest.mark.alone
@pytest.mark.bot
def test_no_message_holds_up_the_bot(bot: RunningBot) -> None:
    ordinary = min(_turn(Chat(bot), "how can I pay?") for _ in range(3))
    dear = {}
    for unit, text in ADVERSE.items():
        took = min(_turn(Chat(bot), text) for _ in range(2)) if text.strip() else 0.0
        if took > MOST * ordinary:
            dear[unit] = took
    assert not dear, f"an ordinary one takes {ordinary:.3f} s"


@pytest.mark.parametrize("text", ["\u3389" * 2_000, "\ufdfa" * 2_000, " \ufdfa" * 1_000])
def test_what_folding_lengthens_is_cut_to_one_message(text: str) -> None:
    assert len(as_text(text)) == LONGEST_TEXT


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("\u3000" * 1_990 + "\ufdfa" * 10, as_text("\ufdfa" * 10)),
        ("e\u0301" * 1_500, "\u00e9" * 1_500),
        ("\u03b1\u0313\u0300\u0345" * 2_000, "\u1f82" * LONGEST_TEXT),
        ("\u1112\u1161\u11ab" * 600, "\ud55c" * 600),
        ("a" + "\u0323" * 3, "\u1ea1" + "\u0323" * 2),
    ],
)
def test_what_folding_shortens_is_read_whole(text: str, read: str) -> None:
    assert as_text(text) == read


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("bob.smith+shop@example.co.uk", "bob.smith+shop@example.co.uk"),
        ("it is ...bob@example.com", "bob@example.com"),
        ("<bob@example.com>, thanks", "bob@example.com"),
        ("邮箱是li.na@example.com。", "li.na@example.com"),
        ("mail:bob@example.com", "bob@example.com"),
    ],
)
def test_an_address_is_found_wherever_a_word_may_begin(text: str, email: str) -> None:
    assert EMAIL.findall(text) == [email]


def prose() -> str:
    return (PROSE * 20)[:LONGEST_TEXT].strip()


def _seconds(read: Callable[[str], object], text: str) -> float:
    """The best of three, so that what else the machine does weighs less."""
    took = []
    for _ in range(3):
        began = time.perf_counter()
        read(text)
        took.append(time.perf_counter() - began)
    return min(took)


def _turn(chat: Chat, text: str) -> float:
    chat.key = str(uuid4())
    began = time.perf_counter()
    chat.send(text=text)
    assert chat.replies, chat.response.text
    return time.perf_counter() - began
