"""One running bot for all tests of this folder."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import SECRETS, forget_settings
from tests.running import RunningBot, running_bot


@pytest.fixture(scope="session")
def bot_process(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningBot]:
    """The trained bot with real actions, on a desk database with the demo orders."""
    folder = tmp_path_factory.mktemp("bot")
    shutil.copy(sqlite_template, folder / "desk.sqlite3")
    with running_bot(folder, f"sqlite:///{folder}/desk.sqlite3", **SECRETS) as running:
        yield running


@pytest.fixture
def bot(bot_process: RunningBot) -> Iterator[RunningBot]:
    """The same, with its desk in force in the test's own process."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in bot_process.environment.items():
            if name.startswith("DESK_"):
                patch.setenv(name, value)
        forget_settings()
        yield bot_process
        forget_settings()
