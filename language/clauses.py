"""Two wishes in one message: where it may be cut, and whether both parts are wishes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from language.intents import Understood
from language.text import CHINESE

# What goes on as before, says yes or no, or only tells a story, is no wish of its own.
NO_WISHES = frozenset(
    (
        *("affirm", "deny", "inform", "correct", "stop", "greet", "goodbye", "thanks", "help"),
        *("bot_challenge", "chitchat", "smalltalk", "complaint", "dont_know", "refuse_answer"),
        *("nlu_fallback", "out_of_scope", "foreign_language"),
    )
)
MOST_CLAUSES = 8  # of a message that is looked at; what it costs must stay within bounds
# Chosen on training lines, of which fewer than one in a hundred may be heard as two wishes.
SURE = 0.8  # each of the two, heard alone
SURE_ALONE = 0.98  # one of which the whole message does not speak
HEARD = 0.01  # the less likely of the two in the whole message
SHORTEST = 3  # characters of a clause, blanks not counted; of Chinese, two

_CUT = re.compile(
    r"[!?;\n。！？；，、…]+|\.(?!\d)|,(?!\d)"
    r"|\b(?:and|also|plus|then|besides|additionally|furthermore)\b|&|\+(?!\d)"
    r"|另外|还有|顺便|然后|而且|并且|以及|同时|此外|再就是|再帮|再给|再把|并(?=[取退修更查改换把给])"
    r"|和(?=[取退修更查改换申])|\s(?:\d[.)])\s",
    re.I,
)
_SPACE = re.compile(r"\s+")
_CHINESE = re.compile(f"[{CHINESE}]")


class Wish(NamedTuple):
    """`text`: the clause, as it was written."""

    intent: str
    confidence: float
    text: str


def clauses(text: str) -> list[str]:
    """The parts that a line falls into, in order; one where it cannot be cut."""
    parts: list[str] = []
    for part in _CUT.split(text, maxsplit=4 * MOST_CLAUSES):
        kept = _SPACE.sub(" ", part or "").strip()
        if _size(kept) >= SHORTEST:
            parts.append(kept)
    return parts[:MOST_CLAUSES]


def two_wishes(
    text: str, whole: Understood, understand: Callable[[Sequence[str]], list[Understood]]
) -> list[Wish]:
    """The two wishes in a message, in order; empty where it does not surely have two.

    `whole` is what the message means as one, with all intents ranked. A clause counts where it is
    understood alone, the more surely the less the whole message speaks of the same. `understand`
    is called only for a message that can be cut.
    """
    heard = {name for name, chance in whole.ranking if chance >= HEARD}
    parts = clauses(text)
    if len(parts) < 2 or not heard - NO_WISHES:
        return []
    found: list[Wish] = []
    for part, meant in zip(parts, understand(parts), strict=True):
        name, chance = meant.ranking[0]
        least = SURE if name in heard else SURE_ALONE
        if name not in NO_WISHES and chance >= least and meant.is_in_scope:
            found.append(Wish(name, chance, part))
    first = found[:1]
    second = [wish for wish in found if first and wish.intent != first[0].intent][:1]
    return first + second if second else []


def _size(text: str) -> int:
    chinese = len(_CHINESE.findall(text))
    return chinese * 2 + len(re.findall(r"[^\W_]", text)) - chinese
