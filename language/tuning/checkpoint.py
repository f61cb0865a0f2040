"""What lets a training go on after it was ended: written whole or not at all."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import torch

NAME = "checkpoint.pt"
ROOM = 600_000_000  # bytes: a checkpoint, the one that replaces it, and the finished model


class NoRoom(OSError):
    """The disk does not hold what training has to keep."""


def check_room(folder: Path) -> None:
    """Before the work begins rather than after an hour of it."""
    free = shutil.disk_usage(folder).free
    if free < ROOM:
        raise NoRoom(f"{folder}: {free >> 20} MiB are free, {ROOM >> 20} are needed.")


def save(folder: Path, state: dict[str, Any]) -> None:
    """The state, with that of chance. The last one stays until this one is on the disk."""
    fresh = folder / f"{NAME}.new"
    state = state | {"chance": torch.get_rng_state()}
    try:
        with fresh.open("wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(folder / NAME)
    except (OSError, RuntimeError) as wrong:  # torch reports a full disk as a RuntimeError
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise NoRoom(f"The checkpoint could not be written to {folder}: {wrong}") from wrong


def load(folder: Path, digest: str) -> dict[str, Any] | None:
    """The last state of the same training, and chance as it was then; of another one, nothing."""
    file = folder / NAME
    if not file.exists():
        return None
    state: dict[str, Any] = torch.load(file, weights_only=False)
    if state["digest"] != digest:
        return None
    torch.set_rng_state(state["chance"])
    return state
