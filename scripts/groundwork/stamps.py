"""Stamps: what has been done stays done until one of its inputs changes."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

PASSED_OVER = {"__pycache__", "node_modules", "dist", ".vite", ".rasa", ".pytest_cache"}


def files_below(path: Path) -> Iterator[Path]:
    """`path` itself if it is a file, else all files below it in a fixed order, without caches."""
    if path.is_file():
        yield path
    elif path.is_dir():
        for child in sorted(path.iterdir()):
            if child.name not in PASSED_OVER:
                yield from files_below(child)


def digest(paths: Iterable[Path], *also: str) -> str:
    """One hash over the names and contents of all files below `paths`, and over `also`."""
    total = hashlib.sha256()
    for text in also:
        total.update(text.encode() + b"\0")
    for path in paths:
        for file in files_below(path):
            total.update(str(file).encode() + b"\0")
            total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


class Stamp:
    """The digest of a step's inputs, kept from when the step was last finished."""

    def __init__(self, folder: Path, name: str) -> None:
        self.file = folder / name

    def is_valid(self, inputs: str) -> bool:
        return self.file.is_file() and self.file.read_text().strip() == inputs

    def press(self, inputs: str) -> None:
        """Say that the step is finished for these inputs."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(inputs + "\n")

    def lift(self) -> None:
        """The step is about to run: whatever was true before is not to be relied on."""
        self.file.unlink(missing_ok=True)
