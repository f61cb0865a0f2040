"""Order numbers and e-mail addresses, found by how they are written."""

from __future__ import annotations

import unicodedata
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from language.text import EMAIL, order_digits


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ReferenceExtractor(GraphComponent):
    """Fills `order_number` (as `KD-4711`) and `email`; the last one named counts."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ReferenceExtractor:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT)
            if text and not text.startswith("/"):
                message.set(ENTITIES, references(text), add_to_output=True)
        return messages


def references(text: str) -> list[dict[str, Any]]:
    """The entities of one line, as Rasa wants them."""
    # Folding may lengthen a line; positions are of the folded one, which nobody shows.
    folded = unicodedata.normalize("NFKC", text)
    orders = [_entity("order_number", s, e, f"KD-{d}") for s, e, d in order_digits(folded)]
    emails = [_entity("email", *m.span(1), m.group(1).lower()) for m in EMAIL.finditer(folded)]
    return orders[-1:] + emails[-1:]


def _entity(kind: str, start: int, end: int, value: str) -> dict[str, Any]:
    return {
        "entity": kind,
        "start": start,
        "end": end,
        "value": value,
        "extractor": "ReferenceExtractor",
    }
