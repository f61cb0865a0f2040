"""What a feeling is recognised by: pieces of the line, and how it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import tanh

from language.lexicon import Lexicon
from language.text import CHINESE, plain

BLOCKS = "wlc"  # words, letters of words, Chinese characters: each weighs the same in a line
LETTERS = (3, 4, 5)  # in a row
CHARACTERS = (1, 2, 3, 4)
NEGATED = 3  # words after a negation
SHOUTED = 0.6  # of the letters are capitals
LONG_ENOUGH_TO_SHOUT = 4  # letters
_PIECE = re.compile(rf"[{CHINESE}]+|[a-z0-9']+|[^\sa-z0-9{CHINESE}]")
_DRAWN_OUT = re.compile(r"([a-z])(?<!\1\1)\1{2,5}(?!\1)")  # sooo; longer ones are a stuck key


def one_spelling(text: str) -> str:
    """Width, case, the looks of emoji, and every number made alike."""
    return re.sub(r"\d", "0", plain(text).replace("\ufe0f", ""))


def pieces(line: str, negations: set[str]) -> Iterator[str]:
    """Every piece of a line in one spelling; its first character names its block."""
    words: list[str] = []
    negated = 0
    for piece in _PIECE.findall(line):
        if piece[0] > "\u2fff" and re.match(f"[{CHINESE}]", piece):
            yield from _runs("c", f"^{piece}$", CHARACTERS)
            words.append("\u3007")
            continue
        words.append(piece)
        if not piece[0].isalnum() or not piece.isascii():
            negated = 0
            continue
        yield from _runs("l", f"<{piece}>", LETTERS)
        if negated:
            yield f"w!{piece}"
        negated = NEGATED if piece in negations else max(0, negated - 1)
    framed = ["^", *words, "$"]
    yield from (f"w{word}" for word in words)
    for length in (2, 3):
        yield from (
            "w" + " ".join(framed[at : at + length]) for at in range(len(framed) - length + 1)
        )


def signs(text: str, line: str, lexicon: Lexicon) -> list[float]:
    """What the words add up to by the lexicon, and how loudly they are written."""
    told = lexicon.tone(line)
    exclaimed, asked = line.count("!"), line.count("?")
    return [
        tanh(told.glad / 3),
        tanh(told.sore / 3),
        tanh(told.sum / 3),
        tanh(told.last / 2),
        min(told.heat, 3) / 2,
        min(told.turned, 2) / 2,
        float(told.glad == 0 == told.sore),
        float(told.glad > 0 < told.sore),
        _shouted(text),
        min(exclaimed, 3) / 3,
        min(asked, 3) / 3,
        float(line.endswith("?")),
        float(_DRAWN_OUT.search(line) is not None),
        min(len(line), 100) / 100,
    ]


def _shouted(text: str) -> float:
    letters = [letter for letter in text if letter.isascii() and letter.isalpha()]
    if len(letters) < LONG_ENOUGH_TO_SHOUT:
        return 0.0
    capitals = sum(letter.isupper() for letter in letters) / len(letters)
    return capitals if capitals > SHOUTED else 0.0


def _runs(block: str, framed: str, lengths: tuple[int, ...]) -> Iterator[str]:
    for length in lengths:
        yield from (block + framed[at : at + length] for at in range(len(framed) - length + 1))
