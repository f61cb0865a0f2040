"""What a message means, and whether it means anything the bot was trained for."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.encoder import ENCODER, READING
from language.clauses import Wish, two_wishes
from language.encoder import Encoder
from language.heads import Settings, lines_of
from language.intents import OUT_OF_SCOPE, RANKED, Intents, Understood
from language.scope import THRESHOLD
from language.speech import is_speech
from language.tongues import OTHER, SURE, Tongue, tongue_of

NOT_UNDERSTOOD, FOREIGN = "nlu_fallback", "foreign_language"
SCOPE, ALSO, LANGUAGE = "scope", "also", "language"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TwoLanguageIntents(GraphComponent, IntentClassifier):
    """Names the intent of a message in English and in Chinese. Stands behind the encoder.

    `validation` names a file of JSON lines {text, intent or null} that sets the threshold instead
    of held-out training lines; further settings are those of `language.heads.Settings`.
    """

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        intents: Intents | None = None,
    ) -> None:
        self._config, self._storage, self._resource = config, storage, resource
        self._intents = intents

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"validation": None}

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
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, Intents.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        examples = [each for each in training_data.intent_examples if each.get(TEXT)]
        self._intents = Intents.learn(
            [each.get(TEXT) for each in examples],
            [each.get(INTENT) for each in examples],
            examples[0].get(ENCODER),
            self._settings(),
            self._validation(),
        )
        with self._storage.write_to(self._resource) as folder:
            self._intents.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if message.get(INTENT):  # a quick reply's payload, already understood
                continue
            for name, value in self._told(message).items():
                message.set(name, value, add_to_output=True)
        return messages

    def _told(self, message: Message) -> dict[str, Any]:
        assert self._intents is not None
        text, encoder = message.get(TEXT) or "", message.get(ENCODER)
        lines = lines_of([text], encoder, message.get(READING))
        (meant,) = self._intents.understood(lines, most=len(self._intents.names))
        tongue = tongue_of(text, self._intents.knows)
        if not is_speech(text):
            meant = meant._replace(scope=0.0)
            return _keys(meant, tongue, [], [_not_understood(meant), *_found(meant)])
        wishes = [] if tongue.by_letters else two_wishes(text, meant, self._understand(encoder))
        ranking = with_wishes(wishes, meant) if wishes else ranked(meant, tongue)
        return _keys(meant, tongue, wishes, ranking)

    def _understand(self, encoder: Encoder) -> Callable[[Sequence[str]], list[Understood]]:
        return lambda texts: self._intents.understood(lines_of(texts, encoder))

    def _settings(self) -> Settings:
        known = Settings.__dataclass_fields__
        return Settings(**{name: value for name, value in self._config.items() if name in known})

    def _validation(self) -> list[tuple[str, str | None]]:
        if not self._config["validation"]:
            return []
        lines = Path(self._config["validation"]).read_text("utf-8").splitlines()
        return [(row["text"], row["intent"]) for row in map(json.loads, lines)]


def ranked(meant: Understood, tongue: Tongue) -> list[dict[str, Any]]:
    """Best first; in front of them `nlu_fallback` where none of them may be gone by, and
    `foreign_language` where the message surely is in one."""
    found = _found(meant)
    is_business = found[0]["name"] != OUT_OF_SCOPE
    is_understood = meant.is_in_scope and is_business
    if (
        tongue.name == OTHER
        and tongue.confidence >= SURE
        and (tongue.by_letters or not is_understood)
    ):
        return [{"name": FOREIGN, "confidence": tongue.confidence}, *found]
    return found if is_understood or not is_business else [_not_understood(meant), *found]


def with_wishes(wishes: list[Wish], meant: Understood) -> list[dict[str, Any]]:
    """The first wish in front of what the whole message seemed to mean."""
    first = {"name": wishes[0].intent, "confidence": wishes[0].confidence}
    rest = [(name, chance) for name, chance in meant.ranking if name != wishes[0].intent]
    others = [{"name": name, "confidence": chance} for name, chance in rest[: RANKED - 1]]
    return [first, *others]


def _found(meant: Understood) -> list[dict[str, Any]]:
    return [{"name": name, "confidence": chance} for name, chance in meant.ranking[:RANKED]]


def _not_understood(meant: Understood) -> dict[str, Any]:
    return {"name": NOT_UNDERSTOOD, "confidence": 1 - meant.scope}


def _keys(
    meant: Understood, tongue: Tongue, wishes: list[Wish], ranking: list[dict[str, Any]]
) -> dict[str, Any]:
    also = [{"name": w.intent, "confidence": w.confidence, "text": w.text} for w in wishes[1:]]
    return {
        INTENT: ranking[0],
        INTENT_RANKING_KEY: ranking,
        SCOPE: {"score": meant.scope, "threshold": THRESHOLD},
        ALSO: also,
        LANGUAGE: {"name": tongue.name, "confidence": tongue.confidence},
    }
