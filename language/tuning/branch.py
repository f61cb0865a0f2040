"""The fine-tuned upper half of an encoder. It stands beside the one that it began as: what the
encoder said of a line before, it goes on saying, and all that was learnt on that stays right.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional

FILE = "tuned.safetensors"


def save(folder: Path, intents: Sequence[str], layers: Any, directions: Tensor) -> None:
    """Beside a sentence-transformers model."""
    tensors = {f"layers.{name}": value for name, value in layers.state_dict().items()}
    tensors["directions"] = directions.detach()
    told = {name: value.contiguous() for name, value in tensors.items()}
    save_file(told, str(folder / FILE), metadata={"intents": json.dumps(list(intents))})


def load(folder: Path, transformer: Any) -> Branch | None:
    """Of the model in `folder`, whose transformer this is; none where it was not fine-tuned."""
    if not (folder / FILE).is_file():
        return None
    with safe_open(str(folder / FILE), framework="pt") as file:
        intents = json.loads(file.metadata()["intents"])
        told = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
    branch = Branch(transformer, intents)
    branch.load_state_dict(told)
    return branch


class Branch(nn.Module):
    """From what the lower half makes of lines to the cosines with the intents' directions."""

    def __init__(self, transformer: Any, intents: Sequence[str]) -> None:
        super().__init__()
        layers = transformer.encoder.layer
        self.intents, self.begins = list(intents), len(layers) // 2
        self.layers = copy.deepcopy(layers[self.begins :])
        width = transformer.config.hidden_size
        self.directions = nn.Parameter(torch.zeros(len(self.intents), width))

    def forward(self, rows: Tensor, mask: Tensor) -> Tensor:
        """`rows` [lines, tokens, width], lines of one length; gives [lines, intents]."""
        for layer in self.layers:
            told = layer(rows, mask)
            rows = told if isinstance(told, Tensor) else told[0]
        vectors = functional.normalize(rows.mean(1), dim=1)
        return vectors @ functional.normalize(self.directions, dim=1).T
