"""Sentences as vectors. The index is made with sentence-transformers; questions are read by the
same network in ONNX, which needs neither torch nor its 400 MB."""

import hashlib
import logging
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from desk.errors import DeskError

Vectors = NDArray[np.float32]
PROBES = (
    "How much is shipping to Norway?",
    "The code you sent me does not work and now I am locked out of my account.",
    "You can return anything within 30 days of delivery.",
    "thanks",
)
WORTH_A_TRIAL = 64  # texts
LEAST_COSINE = 0.97  # between two readings of one sentence that may stand for each other


class NoEncoder(DeskError):
    """There is no network that reads sentences as this index was made from them."""


class Sentences(Protocol):
    """Whatever turns sentences into vectors of length 1."""

    @property
    def name(self) -> str:
        """Vectors made under another name cannot be compared with these."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors: ...


class Weights:
    """A sentence-transformers model: an installed package, a folder, or a name; what is not on
    this machine yet is fetched only if it `may_fetch`."""

    def __init__(self, model: str, *, may_fetch: bool = False) -> None:
        from sentence_transformers import (  # noqa: PLC0415  takes seconds
            SentenceTransformer,
        )

        from language.export import weights_of  # noqa: PLC0415

        place = weights_of(model)
        here_only = Path(place).exists() or not may_fetch
        logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
        self.name = Path(model).name
        self._model: Any = SentenceTransformer(place, device="cpu", local_files_only=here_only)
        self._in_short_numbers: bool | None = None

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self._model.get_sentence_embedding_dimension()), np.float32)
        if self._in_short_numbers is None and len(texts) >= WORTH_A_TRIAL:
            self._in_short_numbers = self._are_short_numbers_faster(texts[:WORTH_A_TRIAL])
        return self._encode(texts, in_short_numbers=bool(self._in_short_numbers))

    def _are_short_numbers_faster(self, texts: Sequence[str]) -> bool:
        """Newer processors take bfloat16 three times as fast (cosine 0.9999), older ones slower."""
        self._encode(texts[:2], in_short_numbers=True)
        seconds = []
        for short in (False, True):
            began = time.perf_counter()
            self._encode(texts, in_short_numbers=short)
            seconds.append(time.perf_counter() - began)
        return seconds[1] < seconds[0]

    def _encode(self, texts: Sequence[str], *, in_short_numbers: bool) -> Vectors:
        import torch  # noqa: PLC0415  is there already

        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=in_short_numbers):
            told = self._model.encode(
                list(texts), normalize_embeddings=True, batch_size=32, show_progress_bar=False
            )
        return np.asarray(told, np.float32)


class Exported:
    """The same in ONNX, as `language.export` leaves it in a folder."""

    def __init__(self, folder: Path) -> None:
        from language.encoder import Encoder  # noqa: PLC0415  brings onnxruntime

        try:
            self._encoder = Encoder(folder)
        except (OSError, ValueError, TypeError, KeyError, RuntimeError) as broken:
            raise NoEncoder(f"No usable encoder in {folder}.") from broken
        self.name = self._encoder.facts.name

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors: Vectors = self._encoder.encode(texts)
        return vectors


class FakeSentences:
    """For tests: sentences that share words are near each other."""

    name = "shared-words"
    dimensions = 64

    def encode(self, texts: Sequence[str]) -> Vectors:
        made = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().split():
                place = hashlib.sha256(word.encode()).digest()[0] % self.dimensions
                made[row, place] += 1
        lengths = np.linalg.norm(made, axis=1, keepdims=True)
        made /= np.where(lengths > 0, lengths, 1)
        return made


def sentences(model: str, *, may_fetch: bool = False) -> Sentences:
    """The encoder of this name: of an exported folder as it is, else by sentence-transformers.

    Raises:
        NoEncoder: neither finds it.
    """
    if (Path(model) / "encoder.json").is_file():
        return Exported(Path(model))
    try:
        return Weights(model, may_fetch=may_fetch)
    except (OSError, ValueError, ImportError) as missing:
        raise NoEncoder(f"sentence-transformers finds no model {model!r}: {missing}") from missing


def agree(reader: Sentences, probes: Vectors) -> bool:
    """Whether `reader` sees the probes as whoever made these vectors of them did."""
    seen = reader.encode(PROBES)
    return seen.shape == probes.shape and bool((seen * probes).sum(axis=1).min() >= LEAST_COSINE)
