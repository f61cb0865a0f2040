"""Lines as vectors: a sentence encoder in ONNX, without torch.

A folder made by `language.export` holds `model.onnx`, `tokenizer.json` and `encoder.json`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

Vectors = NDArray[np.float32]
MODEL, TOKENIZER, FACTS = "model.onnx", "tokenizer.json", "encoder.json"
FILES = (MODEL, TOKENIZER, FACTS)
AT_ONCE = 16  # lines in one run of the network
READ_CHARACTERS = 2_000  # of a line; what it costs must stay within bounds


@dataclass(frozen=True)
class Facts:
    """What `encoder.json` says. `cosine` is how close the quantised network is to the original
    (1.0: not quantised). `reads_chinese`: whether its tokens cover everyday Chinese."""

    name: str
    dimensions: int
    layers: int
    longest: int  # tokens; of a longer line, the first and the last are read
    precision: str  # int8 or fp32
    cosine: float
    unknown: int | None
    reads_chinese: bool
    leans: list[str] = field(default_factory=list)  # intents that it was fine-tuned to tell apart


class Reading(NamedTuple):
    """`sentence` [n, d], of length 1; `layers` [n, layers, d], what each layer of the network
    makes of the line on average, the word vectors first; `known` [n], the share of tokens that
    the encoder has a vector for; `leanings` [n, intents], the cosine with each intent that the
    encoder was fine-tuned with: none for an encoder as it comes."""

    sentence: Vectors
    layers: Vectors
    known: Vectors
    leanings: Vectors


class Encoder:
    """Reads lines. One thread: two are slower for a line, and the machine has other work."""

    def __init__(self, folder: Path | str, threads: int = 1) -> None:
        self.folder = Path(folder)
        self.facts = Facts(**json.loads((self.folder / FACTS).read_text("utf-8")))
        self._tokenizer = Tokenizer.from_file(str(self.folder / TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._session = _session(self.folder / MODEL, threads)

    @property
    def dimensions(self) -> int:
        return self.facts.dimensions

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One vector of length 1 for each text, as the model was trained to give."""
        return self.read(texts).sentence

    def read(self, texts: Sequence[str]) -> Reading:
        """All that the encoder tells of each text."""
        ids = [self._tokens(text) for text in texts]
        sentence = np.zeros((len(ids), self.facts.dimensions), np.float32)
        layers = np.zeros((len(ids), self.facts.layers, self.facts.dimensions), np.float32)
        leanings = np.zeros((len(ids), len(self.facts.leans)), np.float32)
        for rows in _of_one_length(ids):
            given = {"input_ids": np.array([ids[row] for row in rows], np.int64)}
            sentence[rows], layers[rows], *more = self._session.run(None, given)
            if more:
                leanings[rows] = more[0]
        known = np.array([self._known(i) for i in ids], np.float32)
        return Reading(sentence, layers, known, leanings)

    def _tokens(self, text: str) -> list[int]:
        """The beginning and the end: the story often stands before the question."""
        ids: list[int] = self._tokenizer.encode(text[:READ_CHARACTERS]).ids
        if len(ids) <= self.facts.longest:
            return ids
        half = self.facts.longest // 2
        return ids[:half] + ids[-half:]

    def _known(self, ids: list[int]) -> float:
        words = ids[1:-1] if len(ids) > 2 else []  # without the marks of beginning and end
        unknown = sum(word == self.facts.unknown for word in words)
        return 1 - unknown / len(words) if words else 0.0


def _of_one_length(ids: list[list[int]]) -> Iterator[list[int]]:
    """Rows to be read at once. Of one length, as what fills up shorter ones would blur all."""
    shortest_first = sorted(range(len(ids)), key=lambda row: len(ids[row]))
    for _, same in groupby(shortest_first, key=lambda row: len(ids[row])):
        rows = list(same)
        yield from (rows[at : at + AT_ONCE] for at in range(0, len(rows), AT_ONCE))


def _session(model: Path, threads: int) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
