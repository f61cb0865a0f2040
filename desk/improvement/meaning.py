"""What grouping compares messages by: the sentence encoder, and what is said every day."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from desk.improvement.candidates import labelled
from desk.settings import settings

if TYPE_CHECKING:
    from desk.improvement.rules import Meaning
    from language.encoder import Encoder

ENOUGH = 400  # lines to know the middle of a language by


def meaning_of(language: str) -> Meaning | None:
    """Unit vectors of lines as seen from the middle of what this desk's customers say, without
    which all of them are alike; None where the encoder cannot read the language or has not been
    made: letters and words decide then."""
    reader = _encoder()
    if reader is None or (language == "zh" and not reader.facts.reads_chinese):
        return None
    middle = _middle(language)

    def seen_from_the_middle(texts: Sequence[str]) -> Any:
        import numpy as np  # noqa: PLC0415

        turned = reader.encode(texts) - middle
        return turned / np.maximum(np.linalg.norm(turned, axis=1, keepdims=True), 1e-9)

    return seen_from_the_middle


@cache
def everyday(language: str) -> tuple[str, ...]:
    """The training lines of this language: what customers say every day."""
    folder = settings().training_folder / language
    return tuple(text for text, _ in labelled(folder)) if folder.is_dir() else ()


@cache
def _middle(language: str) -> Any:
    lines = everyday(language)
    reader = _encoder()
    assert reader is not None
    sample = lines[:: max(1, len(lines) // ENOUGH)]
    return reader.encode(sample).mean(0) if sample else 0.0


@cache
def _encoder() -> Encoder | None:
    from language.encoder import Encoder  # noqa: PLC0415 - loads onnxruntime

    folder = settings().encoder_folder
    return Encoder(folder) if (folder / "model.onnx").exists() else None
