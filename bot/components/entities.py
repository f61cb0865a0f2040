"""What a message names, for Rasa: the rules of `language.entities`, and its trained part where a
line may need it."""

from __future__ import annotations

import logging
import os
import re
import shutil
import threading
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from language.entities import Entity, entities
from language.entities.spans import folded
from language.entities.trained import (
    NotTrained,
    Trained,
    is_current,
    is_worth_a_look,
    made_once,
    train,
)
from language.text import CHINESE

log = logging.getLogger(__name__)

_CHINESE = re.compile(f"[{CHINESE}]")
ONLY_ONE = ("order_number", "email")  # of these the last one named counts, as ever
ALSO = "also"  # the role of all but the last of a kind, so that a slot takes one and no list


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class EntityFinder(GraphComponent):
    """Fills `entities`. Names are looked for in earnest only where a line may hold one."""

    def __init__(self, storage: ModelStorage, resource: Resource) -> None:
        self._storage, self._resource = storage, resource
        self._trained: Trained | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EntityFinder:
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> EntityFinder:
        finder = cls(model_storage, resource)
        with model_storage.read_from(resource) as folder:
            finder._trained = Trained(folder)
        # Loading spaCy takes a second, for which neither the start nor a customer should wait.
        threading.Thread(target=finder._warm_up, daemon=True).start()
        return finder

    def train(self, training_data: TrainingData) -> Resource:
        made = made_once()
        if not is_current(made):
            train(made)
        with self._storage.write_to(self._resource) as folder:
            shutil.copytree(made, folder, dirs_exist_ok=True)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT)
            if text and not text.startswith("/"):
                message.set(ENTITIES, as_rasa_wants(self.find(text)), add_to_output=True)
        return messages

    def find(self, text: str) -> list[Entity]:
        return entities(text, today(), self._learned(text))

    def _learned(self, text: str) -> list[Entity]:
        line = folded(text).text
        language = "zh" if _CHINESE.search(line) else "en"
        if self._trained is None or not is_worth_a_look(line, language):
            return []
        try:
            return self._trained.find(line, language)
        except NotTrained as missing:
            log.warning("Names are found by rules only: %s", missing)
            self._trained = None
            return []

    def _warm_up(self) -> None:
        try:
            assert self._trained is not None
            self._trained.load()
        except NotTrained as missing:
            log.warning("Names are found by rules only: %s", missing)
            self._trained = None


def as_rasa_wants(found: list[Entity]) -> list[dict[str, Any]]:
    """In the order of the line, the last of each kind without a role."""
    last = {each.kind: each for each in found}
    return [told for each in found for told in _told(each, is_last=each is last[each.kind])]


def _told(each: Entity, *, is_last: bool) -> Iterator[dict[str, Any]]:
    if not is_last and each.kind in ONLY_ONE:
        return
    yield {
        "entity": each.kind,
        "start": each.start,
        "end": each.end,
        "value": each.value,
        "extractor": "EntityFinder",
        **each.more,
        **({} if is_last else {"role": ALSO}),
    }


def today() -> date:
    """By the desk's clock on the wall."""
    return datetime.now(ZoneInfo(os.environ.get("DESK_TIME_ZONE", "UTC"))).date()
