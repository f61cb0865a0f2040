"""What a text kept for agents may hold."""

import re

from desk.conversations.rules import readable
from desk.errors import Invalid

LONGEST_SHORTCUT = 40  # characters
PLACES = ("customer_name", "agent_name")
_SHORTCUT = re.compile(r"[\w-]+")
_PLACE = re.compile(r"\{([^{}]*)\}")


class NoShortcut(Invalid):
    """Nothing that can be typed after a slash and found again."""


class NoSuchPlace(Invalid):
    """The text has a place in braces that nobody can fill."""


def shortcut_of(text: str) -> str:
    """The shortcut as it is kept: small letters, without the slash that agents type before it.

    Raises:
        NoShortcut: blank, over 40 characters, or more than letters, digits, `-` and `_`.
    """
    kept = text.strip().removeprefix("/").lower()
    if len(kept) > LONGEST_SHORTCUT or not _SHORTCUT.fullmatch(kept):
        raise NoShortcut("A shortcut has 1 to 40 letters, digits, - or _, without blanks.")
    return kept


def fillable(body: str) -> str:
    """The text as it is kept.

    Raises:
        TooLong, Unreadable: it could not be sent.
        NoSuchPlace: it has a place other than {customer_name} and {agent_name}.
    """
    kept = readable(body, what="reply")
    unknown = [place for place in _PLACE.findall(kept) if place not in PLACES]
    if unknown:
        raise NoSuchPlace(
            f"Nobody can fill {{{unknown[0]}}}; use {{customer_name}} or {{agent_name}}."
        )
    return kept
