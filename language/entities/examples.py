"""Messages in which people have marked what is a name, an address, a product.

One JSON object a line, marked as in Rasa's own training files, so that a line can be read and
changed by hand: `{"text": "I'm [Anna Kern](person_name), where is my [celadon pot](product)?"}`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ANNOTATIONS = Path(__file__).resolve().parents[2] / "nlu_data" / "entities"
LABELS = ("person_name", "address", "product")
_MARKED = re.compile(r"\[([^\[\]]+)\]\((\w+)\)")


class BadAnnotation(ValueError):
    """A line that is no JSON object with a text, or marks something by another label."""


@dataclass(frozen=True)
class Annotated:
    """A message, and where in it stands what."""

    text: str
    spans: tuple[tuple[int, int, str], ...]

    def swapped(self, another: Callable[[str, str], str]) -> Annotated:
        """The same message about somebody else: each marked stretch (its label, itself) by
        `another` of its kind."""
        text, spans, at = "", [], 0
        for start, end, label in self.spans:
            text += self.text[at:start]
            told = another(label, self.text[start:end])
            spans.append((len(text), len(text) + len(told), label))
            text, at = text + told, end
        return Annotated(text + self.text[at:], tuple(spans))

    def lowered(self) -> Annotated:
        """As it is written by those who never press shift."""
        lower = self.text.lower()
        return Annotated(lower, self.spans) if len(lower) == len(self.text) else self

    def marked(self, label: str) -> list[str]:
        return [self.text[start:end] for start, end, told in self.spans if told == label]


def annotated(path: Path) -> list[Annotated]:
    """All messages of a file.

    Raises:
        BadAnnotation: names the file and the line.
    """
    messages = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            messages.append(_read(json.loads(line)["text"]))
        except (ValueError, KeyError, TypeError) as bad:
            raise BadAnnotation(f"{path.name}, line {number}: {bad}") from bad
    return messages


def _read(marked: str) -> Annotated:
    text, spans, at = "", [], 0
    for found in _MARKED.finditer(marked):
        told, label = found.groups()
        if label not in LABELS:
            raise BadAnnotation(f"{label!r} is none of {', '.join(LABELS)}")
        text += marked[at : found.start()]
        spans.append((len(text), len(text) + len(told), label))
        text, at = text + told, found.end()
    return Annotated(text + marked[at:], tuple(spans))
