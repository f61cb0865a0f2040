"""What the customers of the measurement say: the small talk that both bots know."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import yaml

# (topic, words): one conversation. Both bots were trained on greetings, farewells and this
# question; neither bot's answer needs more than its responses.
CONVERSATION = (
    ("greet", "hello"),
    ("bot", "are you a bot?"),
    ("goodbye", "bye"),
    ("greet", "hey"),
    ("bot", "am I talking to a human?"),
    ("goodbye", "goodbye"),
    ("greet", "good morning"),
    ("bot", "are you a human?"),
    ("goodbye", "see you later"),
    ("goodbye", "bye bye"),
)


def answers(domain: Path, responses: dict[str, str]) -> dict[str, frozenset[str]]:
    """For each topic every text that the bot with this domain file may answer."""
    known = yaml.safe_load(domain.read_text(encoding="utf-8"))["responses"]
    return {topic: frozenset(_texts(known[name])) for topic, name in responses.items()}


def _texts(variants: Iterable[dict[str, str]]) -> Iterable[str]:
    return (variant["text"] for variant in variants)
