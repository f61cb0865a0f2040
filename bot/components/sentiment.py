"""How the customer feels, told with every message they write: `sentiment` {score, upset, label}."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.encoder import ENCODER, READING
from language.sentiment import Sentiment, trained, vectors

SENTIMENT = "sentiment"
DEFAULT_MODEL = "var/model/kaidesk.tar.gz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class SentimentAnalyzer(GraphComponent):
    """Learns from `nlu_data/sentiment`, not from the intents. Stands behind the encoder, which
    reads every message but a quick reply's payload."""

    def __init__(
        self, model_storage: ModelStorage, resource: Resource, model: Sentiment | None = None
    ) -> None:
        self._storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentimentAnalyzer:
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SentimentAnalyzer:
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, Sentiment.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        encoder = next(message.get(ENCODER) for message in training_data.nlu_examples)
        model = trained(encoder, _beside_the_model())
        with self._storage.write_to(self._resource) as folder:
            model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            reading = message.get(READING)
            if self._model is None or reading is None:
                continue
            felt = self._model.feeling(message.get(TEXT) or "", vectors(reading)[0])
            told = {"score": felt.score, "upset": felt.upset, "label": felt.label}
            message.set(SENTIMENT, told, add_to_output=True)
        return messages


def _beside_the_model() -> Path:
    """Where the head is kept until what it is made of changes: it takes longer than intents."""
    return Path(os.environ.get("DESK_MODEL", DEFAULT_MODEL)).parent / "feelings"
