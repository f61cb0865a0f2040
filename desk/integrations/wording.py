"""The few sentences that the desk says itself, read from where the bot's sentences stand."""

from functools import cache
from typing import Any

import yaml

from desk.settings import settings


class WordsMissing(LookupError):
    """A sentence that the desk needs stands in no file of the bot's domain."""


def wording(name: str, language: str) -> str:
    """What `name` (an `utter_…`) says in `language`; its plain variant where that has none.

    Raises:
        WordsMissing: no file under DESK_WORDING_FOLDER has it.
    """
    variants = _responses().get(name)
    if not variants:
        raise WordsMissing(f"{name} stands in no file of {settings().wording_folder}.")
    plain = next((v for v in variants if not v.get("condition")), variants[0])
    chosen = next((v for v in variants if _speaks(v, language)), plain)
    return str(chosen["text"])


def _speaks(variant: dict[str, Any], language: str) -> bool:
    conditions = variant.get("condition") or []
    return any(c.get("name") == "language" and c.get("value") == language for c in conditions)


@cache
def _responses() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for file in sorted(settings().wording_folder.glob("**/*.yml")):
        found |= (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).get("responses") or {}
    return found
