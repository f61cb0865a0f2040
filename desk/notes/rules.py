"""What a note may hold, and whom it names."""

import re
from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from desk.conversations.rules import readable

LONGEST_NOTE = 4_000  # characters


def readable_note(text: str) -> str:
    """The note as it is kept.

    Raises:
        TooLong: over 4,000 characters.
        Unreadable: blank, or holding null bytes or broken UTF-8.
    """
    return readable(text, what="note", longest=LONGEST_NOTE)


def named_in(text: str, names: Mapping[UUID, str]) -> set[UUID]:
    """Whom a text mentions as `@Name`: by the full name, or by its first word where only one
    colleague is called that. Case does not count, and an e-mail address mentions nobody."""
    spelled = _spellings(names)
    if not spelled:
        return set()
    longest_first = sorted(spelled, key=len, reverse=True)
    anybody = "|".join(re.escape(spelling) for spelling in longest_first)
    # Letters of other scripts may stand close by: Chinese puts no blank around a name.
    mention = re.compile(f"(?<![A-Za-z0-9])@({anybody})(?![A-Za-z0-9])", re.IGNORECASE)
    return {one for found in mention.findall(text) for one in spelled.get(found.casefold(), ())}


def _spellings(names: Mapping[UUID, str]) -> dict[str, set[UUID]]:
    full, first = defaultdict[str, set[UUID]](set), defaultdict[str, set[UUID]](set)
    for person_id, name in names.items():
        words = name.casefold().split()
        if words:
            full[" ".join(words)].add(person_id)
            first[words[0]].add(person_id)
    return {word: who for word, who in first.items() if len(who) == 1} | dict(full)
