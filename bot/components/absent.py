"""Stand-ins for libraries that Rasa imports and this bot never calls.

Rasa's core imports TensorFlow for its neural policies, and a library for each channel and store
it knows. Ours uses none of them. Left out, the bot starts in a third of the time and needs a
quarter of a gigabyte less. Only `bot.run` does this; training loads everything.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from abc import ABCMeta
from types import ModuleType
from typing import Any

UNUSED = frozenset(
    (
        *("tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras", "jax"),
        *("matplotlib", "PIL", "sklearn_crfsuite", "pymongo", "bson", "boto3", "botocore"),
        *("redis", "slack_sdk", "aiogram", "twilio", "webexteamssdk", "fbmessenger"),
        *("mattermostwrapper", "socketio", "engineio", "hvac", "google", "prompt_toolkit"),
        *("rocketchat_API", "kafka", "confluent_kafka", "pika", "aio_pika", "aiormq", "pamqp"),
        *("scipy", "sklearn", "sqlalchemy", "questionary"),
    )
)


class _AnyName(ABCMeta):
    """Every attribute of an absent thing is an absent thing."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent

    def __getitem__(cls, _: Any) -> Any:
        return cls


class Absent(Exception, metaclass=_AnyName):
    """May be named, inherited from, caught and used as a decorator; calling it does nothing."""

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls is Absent and len(args) == 1 and callable(args[0]) and not kwargs:
            return args[0]
        return super().__new__(cls)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return args[0] if args else self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent


class _AbsentModule(ModuleType):
    __path__ = ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name.partition(".")[0] not in UNUSED:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _AbsentModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing in it."""


def leave_out_the_unused() -> None:
    """Must run before anything of Rasa is imported."""
    sys.meta_path.insert(0, _Finder())
