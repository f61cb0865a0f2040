"""Two tests at once, except where one measures.

Every test holds one lock while it runs: shared, or alone if it is marked so. Whoever asks comes
through a door, one after the other, so that one that wants to be alone does not wait for ever."""

import fcntl
import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOM = "KAIDESK_TESTS_ROOM"  # a folder of this run, named by scripts/test


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Have the machine to itself what is marked `alone`, with the fixtures that it begins."""
    room = os.environ.get(ROOM)
    if room is None:
        return (yield)
    with held(Path(room), alone=item.get_closest_marker("alone") is not None):
        return (yield)


@contextmanager
def held(folder: Path, alone: bool) -> Iterator[None]:
    """The lock of a run, ours alone or shared with others."""
    with (folder / "door").open("w") as door, (folder / "room").open("w") as room:
        fcntl.flock(door, fcntl.LOCK_EX)
        fcntl.flock(room, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(door, fcntl.LOCK_UN)
        yield
