"""The sentence encoder in Rasa: it reads each message once, for all components behind it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.train import DEFAULT_MODEL, encoder_folder
from language.encoder import FILES, Encoder

__all__ = ["DEFAULT_MODEL", "ENCODER", "READING", "EncoderFeaturizer"]

ENCODER = "encoder"  # on every message: the encoder itself
READING = "reading"  # on every message that is heard: what the encoder makes of it


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class EncoderFeaturizer(GraphComponent):
    """Learns nothing: training puts a copy of the encoder into the model, so that what was
    learnt on its vectors and the encoder never disagree. `encoder` names its folder."""

    def __init__(self, storage: ModelStorage, resource: Resource, encoder: Encoder) -> None:
        self._storage, self._resource, self._encoder = storage, resource, encoder

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"encoder": None}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EncoderFeaturizer:
        folder = Path(config["encoder"]) if config["encoder"] else encoder_folder()
        return cls(model_storage, resource, _SharedEncoder(folder))

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> EncoderFeaturizer:
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, _SharedEncoder(folder))

    def train(self, training_data: TrainingData) -> Resource:
        with self._storage.write_to(self._resource) as folder:
            for name in FILES:
                shutil.copy(self._encoder.folder / name, folder / name)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        for message in training_data.nlu_examples:
            message.set(ENCODER, self._encoder)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT) or ""
            message.set(ENCODER, self._encoder)
            if not text.startswith("/"):  # a quick reply's payload, which nobody reads
                message.set(READING, self._encoder.read([text]))
        return messages


class _SharedEncoder(Encoder):
    def fingerprint(self) -> str:
        """What Rasa tells encoders apart by."""
        return repr(self.facts)
