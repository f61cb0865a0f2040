"""Words that tell a feeling, in English and Chinese, with what turns or strengthens them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from language.text import CHINESE

REACH = 3  # words, or Chinese characters, over which "not" and "very" reach
STRENGTH = {"very": 1.5, "slightly": 0.5}
TURNED = -0.7  # "not good" is less bad than "good" is good
TOO_STRONG_TO_TURN = 3.0  # "not a scam?" is no praise
LONGEST_PHRASE = 4  # words
LONGEST_WORD = 8  # Chinese characters

_PIECE = re.compile(rf"[{CHINESE}]+|[a-z0-9][a-z0-9'/-]*|[^\sa-z0-9{CHINESE}]")
_STOP = re.compile(r"[.,;!?:，。！？；、…]")


@dataclass(frozen=True)
class Entry:
    """What one word or phrase tells: a feeling in [-3, 3], whether it is one of somebody upset,
    or (`role`: not, very, slightly) what it does to the feeling after it."""

    feeling: float = 0.0
    heat: bool = False
    role: str = ""


UNKNOWN = Entry()


@dataclass(frozen=True)
class Tone:
    """What the words of a line add up to; `last` is the last feeling told, `turned` how many
    were turned round by a negation."""

    glad: float = 0.0
    sore: float = 0.0
    heat: int = 0
    last: float = 0.0
    turned: int = 0

    @property
    def sum(self) -> float:
        return self.glad - self.sore


class Lexicon:
    """The words of a file with an entry a line: the word, a tab, what it tells."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = [line for line in lines if "\t" in line]
        self._entries = dict(_entry(line) for line in self.lines)
        self.negations = {word for word, told in self._entries.items() if told.role == "not"}

    @classmethod
    def read(cls, file: Path) -> Lexicon:
        return cls(file.read_text("utf-8").splitlines())

    def tone(self, line: str) -> Tone:
        """What `line` (one spelling, lower case) adds up to by its words alone."""
        told = list(self._feelings(line))
        return Tone(
            glad=sum(feeling for feeling, _, _ in told if feeling > 0),
            sore=-sum(feeling for feeling, _, _ in told if feeling < 0),
            heat=sum(is_hot for _, is_hot, _ in told),
            last=next((feeling for feeling, _, _ in reversed(told) if feeling), 0.0),
            turned=sum(is_turned for _, _, is_turned in told),
        )

    def _feelings(self, line: str) -> Iterator[tuple[float, bool, bool]]:
        """Each feeling in order, with what stands before it: how strong, of somebody upset,
        turned round."""
        negated, strength, left = False, 1.0, 0
        for word, entry in self._cut(line):
            if entry.role:
                negated = negated or entry.role == "not"
                strength *= STRENGTH.get(entry.role, 1.0)
                left = REACH
                continue
            if entry is not UNKNOWN:
                is_turned = negated and abs(entry.feeling) < TOO_STRONG_TO_TURN
                turn = TURNED if is_turned else 1.0
                yield entry.feeling * strength * turn, entry.heat and not is_turned, is_turned
            left -= 1
            if entry is not UNKNOWN or left < 0 or _STOP.search(word):
                negated, strength, left = False, 1.0, 0

    def _cut(self, line: str) -> Iterator[tuple[str, Entry]]:
        """The line as entries and what stands between them; the longest entry wins."""
        pieces = _PIECE.findall(line)
        at = 0
        while at < len(pieces):
            if _is_chinese(pieces[at]):
                yield from self._cut_chinese(pieces[at])
                at += 1
                continue
            for length in range(LONGEST_PHRASE, 0, -1):
                phrase = " ".join(pieces[at : at + length])
                if phrase in self._entries or length == 1:
                    yield phrase, self._entries.get(phrase, UNKNOWN)
                    at += length
                    break

    def _cut_chinese(self, run: str) -> Iterator[tuple[str, Entry]]:
        at = 0
        while at < len(run):
            for length in range(LONGEST_WORD, 0, -1):
                word = run[at : at + length]
                if word in self._entries or length == 1:
                    yield word, self._entries.get(word, UNKNOWN)
                    at += len(word)
                    break


def _entry(line: str) -> tuple[str, Entry]:
    word, _, told = line.partition("\t")
    parts = told.split()
    if parts[0] in ("not", *STRENGTH):
        return word, Entry(role=parts[0])
    return word, Entry(0.0 if parts[0] == "heat" else float(parts[0]), "heat" in parts)


def _is_chinese(piece: str) -> bool:
    return re.match(f"[{CHINESE}]", piece) is not None
