"""What a line means: logistic regression over letters, words and Chinese characters.

One model for both languages. Training needs scikit-learn; understanding needs numpy only, so
the bot starts without loading either TensorFlow or scikit-learn for it.
"""

from __future__ import annotations

import json
from collections import Counter
from math import log
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from language.text import features

RANKED = 3  # as many as anybody looks at; every one is kept in the tracker of each turn


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TwoLanguageIntents(GraphComponent, IntentClassifier):
    """Names the intent of a line and how sure it is, in English and in Chinese."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"inverse_regularisation": 30.0, "max_iterations": 400, "doubt": 0.5}

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._places: dict[str, int] = {}
        self._rarity = np.zeros(0, dtype=np.float32)
        self._weights = np.zeros((0, 0), dtype=np.float32)
        self._bias = np.zeros(0, dtype=np.float32)
        self._intents: list[str] = []

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TwoLanguageIntents:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TwoLanguageIntents:
        loaded = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
            numbers = np.load(folder / "numbers.npz", allow_pickle=False)
        loaded._intents = words["intents"]
        loaded._places = {word: at for at, word in enumerate(words["features"])}
        loaded._rarity, loaded._weights, loaded._bias = (
            numbers[name] for name in ("rarity", "weights", "bias")
        )
        return loaded

    def train(self, training_data: TrainingData) -> Resource:
        examples = [(e.get(TEXT), e.get(INTENT)) for e in training_data.intent_examples]
        examples = [(text, intent) for text, intent in examples if text and intent]
        self._learn([text for text, _ in examples], [intent for _, intent in examples])
        with self._storage.write_to(self._resource) as folder:
            words = {"intents": self._intents, "features": list(self._places)}
            (folder / "words.json").write_text(json.dumps(words, ensure_ascii=False), "utf-8")
            np.savez_compressed(
                folder / "numbers.npz",
                rarity=self._rarity,
                weights=self._weights,
                bias=self._bias,
            )
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if message.get(INTENT):  # a quick reply's payload, already understood
                continue
            ranking = self.ranking(message.get(TEXT) or "")
            message.set(INTENT, ranking[0] if ranking else None, add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def ranking(self, text: str) -> list[dict[str, Any]]:
        """The likeliest intents with their probabilities, best first; none known, all are even."""
        places, values = self._vector(text)
        score = self._bias + values @ self._weights[places]
        odds = np.exp(score - score.max())
        odds /= odds.sum()
        best = np.argsort(-odds)[:RANKED]
        return [{"name": self._intents[at], "confidence": float(odds[at])} for at in best]

    def _vector(self, text: str) -> tuple[list[int], np.ndarray]:
        """The line in known features. What was never seen in training takes its share of the
        length, by `doubt`, so that a line of strange words is not understood with confidence."""
        counted = Counter(features(text))
        known = {self._places[f]: n for f, n in counted.items() if f in self._places}
        values = np.array([1 + log(n) for n in known.values()], dtype=np.float32)
        values *= self._rarity[list(known)]
        strange = sum((1 + log(n)) ** 2 for f, n in counted.items() if f not in self._places)
        strange *= self._config["doubt"] * float(self._rarity.max()) ** 2
        length = float(np.sqrt((values**2).sum() + strange))
        return list(known), values / length if length else values

    def _learn(self, texts: list[str], intents: list[str]) -> None:
        from scipy.sparse import csr_matrix  # noqa: PLC0415 - only training needs these
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

        seen = Counter(f for text in texts for f in set(features(text)))
        self._places = {word: at for at, word in enumerate(sorted(seen))}
        self._rarity = np.array(
            [log((1 + len(texts)) / (1 + seen[word])) + 1 for word in self._places],
            dtype=np.float32,
        )
        rows, columns, values = [], [], []
        for row, text in enumerate(texts):
            places, weights = self._vector(text)
            rows += [row] * len(places)
            columns += places
            values += weights.tolist()
        shape = (len(texts), len(self._places))
        learner = LogisticRegression(
            C=self._config["inverse_regularisation"],
            max_iter=self._config["max_iterations"],
            class_weight="balanced",
        ).fit(csr_matrix((values, (rows, columns)), shape=shape), intents)
        self._intents = [str(intent) for intent in learner.classes_]
        self._weights = learner.coef_.T.astype(np.float32)
        self._bias = learner.intercept_.astype(np.float32)
