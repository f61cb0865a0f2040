"""The encoder while it learns, with one direction for every intent."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from itertools import chain
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

TOGETHER = 16  # lines of like length that are read at once
APART = -1e9
KINDS = ("bert", "roberta", "xlm-roberta")


class NotLayered(ValueError):
    """The model is not a stack of layers of the kind that is known here."""


class Learner(nn.Module):
    """A transformer with mean pooling; an intent's direction begins as the mean of its lines.

    The word vectors and the lower half of the layers stay as they are. Most words of a desk's
    customers are never in its training lines, and must go on meaning what they meant; and what
    the lower half makes of a line is worked out only once.
    """

    def __init__(self, transformer: Any, intents: int, half: bool) -> None:
        super().__init__()
        self.transformer = transformer
        self.directions = nn.Parameter(torch.zeros(intents, transformer.config.hidden_size))
        self._half = half
        layers = transformer.encoder.layer
        self._fixed, self.learning = layers[: len(layers) // 2], layers[len(layers) // 2 :]
        for part in (transformer.embeddings, self._fixed):
            part.requires_grad_(False)

    @torch.no_grad()
    def lower(self, lines: Sequence[Sequence[int]]) -> list[Tensor]:
        """What the fixed half makes of each line, a row for each token."""
        self.eval()
        found: list[Tensor | None] = [None] * len(lines)
        for places in _of_like_length([len(line) for line in lines]):
            part = [lines[at] for at in places]
            longest = max(map(len, part))
            ids = torch.tensor([[*line, *[0] * (longest - len(line))] for line in part])
            with self._precision():
                told = self._through(self._fixed, self.transformer.embeddings(ids), _mask(part))
            for at, rows in zip(places, told, strict=True):
                found[at] = rows[: len(lines[at])].to(torch.bfloat16 if self._half else rows.dtype)
        self.train()
        return [rows for rows in found if rows is not None]

    def forward(self, lines: Sequence[Tensor]) -> Tensor:
        """A vector of length 1 for each line, from what `lower` gave. Lines of like length are
        read together, so that hardly anything is filled up."""
        order = _of_like_length([len(line) for line in lines])
        vectors = torch.cat([self._upper([lines[at] for at in places]) for places in order])
        places = torch.tensor(list(chain(*order)))
        return functional.normalize(vectors, dim=1)[places.argsort()]

    def scores(self, vectors: Tensor) -> Tensor:
        """The cosine of every line with every intent."""
        return vectors @ functional.normalize(self.directions, dim=1).T

    @torch.no_grad()
    def begin_at_means(self, lines: Sequence[Tensor], labels: Sequence[int]) -> None:
        self.eval()
        vectors = torch.cat([self(lines[at : at + 64]) for at in range(0, len(lines), 64)])
        self.directions.zero_().index_add_(0, torch.tensor(labels), vectors)
        self.directions.copy_(functional.normalize(self.directions, dim=1))
        self.train()

    def layers(self) -> list[list[nn.Parameter]]:
        """What learns, from the lowest layer to the highest."""
        return [list(layer.parameters()) for layer in self.learning]

    def learnt(self) -> dict[str, Tensor]:
        """The state without what is fixed."""
        names = {name for name, each in self.named_parameters() if each.requires_grad}
        return {name: value for name, value in self.state_dict().items() if name in names}

    def _upper(self, lines: list[Tensor]) -> Tensor:
        rows = nn.utils.rnn.pad_sequence(lines, batch_first=True).float()
        with self._precision():
            told = self._through(self.learning, rows, _mask(lines)).float()
        real = torch.tensor([[float(at < len(o)) for at in range(rows.shape[1])] for o in lines])
        mean: Tensor = (told * real[:, :, None]).sum(1) / real.sum(1, keepdim=True)
        return mean

    @staticmethod
    def _through(layers: Any, rows: Tensor, mask: Tensor) -> Tensor:
        for layer in layers:
            told = layer(rows, mask)
            rows = told if isinstance(told, Tensor) else told[0]
        return rows

    def _precision(self) -> AbstractContextManager[Any]:
        return torch.autocast("cpu", dtype=torch.bfloat16, enabled=self._half)


def _of_like_length(lengths: Sequence[int]) -> list[list[int]]:
    order = sorted(range(len(lengths)), key=lambda at: lengths[at])
    return [order[at : at + TOGETHER] for at in range(0, len(order), TOGETHER)]


def _mask(lines: Sequence[Any]) -> Tensor:
    """Added to what every token pays attention to: nothing for tokens, much less for filling."""
    longest = max(map(len, lines))
    rows = [[0.0] * len(line) + [APART] * (longest - len(line)) for line in lines]
    return torch.tensor(rows)[:, None, None, :]


def load(folder: Path | str, intents: int) -> Learner:
    """From the folder of a sentence-transformers model of one transformer with mean pooling."""
    from transformers import AutoModel  # noqa: PLC0415 - takes seconds
    from transformers.utils import logging  # noqa: PLC0415

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # of loading: takes no time

    transformer = AutoModel.from_pretrained(str(folder), local_files_only=True)
    if transformer.config.model_type not in KINDS:
        raise NotLayered(f"{folder}: a {transformer.config.model_type}, not {' or '.join(KINDS)}.")
    return Learner(transformer, intents, half=torch.cpu._is_avx512_bf16_supported()).train()


def together(vectors: Tensor, labels: Tensor, temperature: float) -> Tensor:
    """Supervised contrastive loss: lines of one intent attract each other, all others repel.
    Lines of the label -1 only repel.

    Source: Khosla and others, Supervised Contrastive Learning (2020), equation 2.
    """
    likeness = vectors @ vectors.T / temperature
    itself = torch.eye(len(labels), dtype=torch.bool)
    likeness = likeness.masked_fill(itself, APART)
    alike = (labels[:, None] == labels[None]) & (labels[:, None] >= 0) & ~itself
    chance = likeness - torch.logsumexp(likeness, 1, keepdim=True)
    paired = alike.any(1)
    if not paired.any():
        return vectors.sum() * 0
    return -((chance * alike).sum(1)[paired] / alike.sum(1)[paired]).mean()
