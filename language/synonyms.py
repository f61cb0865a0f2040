"""Chinese words of one meaning: what is said in new words is recognised by old ones.

The lists are ours (`nlu_data/synonyms/zh.tsv`): a meaning, a tab, its words with blanks between.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

LISTS = Path(__file__).resolve().parents[1] / "nlu_data" / "synonyms" / "zh.tsv"
Meanings = dict[str, str]


@cache
def meanings() -> Meanings:
    """The meaning of each word; empty where there is no list."""
    if not LISTS.exists():
        return {}
    rows = (line.split("\t") for line in LISTS.read_text("utf-8").splitlines() if "\t" in line)
    found: Meanings = {}
    for meaning, words in (row[:2] for row in rows):
        for word in words.split():
            found.setdefault(word, meaning)
    return found


def meant(text: str, known: Meanings) -> Iterator[str]:
    """The meanings of a line, from left to right, each of the longest word that begins there."""
    longest = max(map(len, known), default=0)
    at = 0
    while at < len(text):
        if text[at] < "\u3400":  # no list has words of other letters that stand alone
            at += 1
            continue
        for end in range(min(at + longest, len(text)), at, -1):
            if text[at:end] in known:
                yield known[text[at:end]]
                at = end
                break
        else:
            at += 1
