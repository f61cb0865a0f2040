"""What may be said, and in which language it was."""

import hashlib
import unicodedata

from desk.errors import Invalid
from language.tongues import answered_in

LONGEST_TEXT = 2_000  # characters; Rasa's cost grows with the square of the length
DESK_PREFIX = "desk:"  # quick replies that the desk answers itself
ANSWERS = ("/affirm", "/deny")  # quick replies that mean something only to the question above them
OLD_CHOICE = "/old_choice"  # what such a click means once the question is past

# Intents that say how a talk goes on, not what it is about.
WITHOUT_TOPIC = frozenset(
    {
        *("affirm", "deny", "inform", "correct", "stop", "greet", "goodbye", "thanks", "help"),
        *("bot_challenge", "chitchat", "smalltalk", "nlu_fallback", "out_of_scope"),
        *("dont_know", "refuse_answer", "old_choice", "foreign_language"),
        *("session_start", "restart", "back"),
    }
)


COOLS_BY = 0.8  # with each message that shows no anger
THANKFUL = 0.33  # a score from which on whoever was upset no longer is


class TooLong(Invalid):
    """More characters than one message may have."""


class Unreadable(Invalid):
    """Nothing that a person could have meant to say."""


def readable(text: str, *, what: str = "message", longest: int = LONGEST_TEXT) -> str:
    """The text as it is kept: outer blanks gone, otherwise as written. `what` it is called in
    the words of a refusal.

    Raises:
        TooLong: over `longest` characters.
        Unreadable: blank, or holding null bytes or broken UTF-8.
    """
    if len(text) > longest:
        raise TooLong(f"A {what} has at most {longest:,} characters; this one has {len(text):,}.")
    if "\x00" in text:
        raise Unreadable(f"A {what} cannot contain null bytes.")
    if any(unicodedata.category(character) == "Cs" for character in text):
        raise Unreadable(f"The {what} is not valid UTF-8 text.")
    kept = text.strip()
    if not kept:
        raise Unreadable(f"A {what} needs at least one visible character.")
    return kept


def language_of(text: str, so_far: str) -> str:
    """The language that the customer is answered in, `en` or `zh`, after this message."""
    return answered_in(text, so_far)


def topic_after(intent: str, so_far: str | None) -> str | None:
    """What a conversation is about once this intent was heard. Wanting a person is about
    something only where nothing else is."""
    if intent in WITHOUT_TOPIC or intent.startswith("EXTERNAL_"):
        return so_far
    return so_far if so_far and intent == "person" else intent


def upset_after(so_far: float | None, upset: float, score: float) -> float:
    """How likely a customer is upset after a message with this chance and score: who was angry
    a moment ago and now gives an order number is so still, who gives thanks is not."""
    if so_far is None or score >= THANKFUL:
        return upset
    return max(upset, COOLS_BY * so_far)


def digest_of(text: str, salt: str) -> str:
    """What an event keeps of a text: it proves the text while its row stands, and nothing after
    the row and its salt are erased."""
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()
