"""A desk of its own for every test, on SQLite and on PostgreSQL."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from desk import durable
from desk.integrations import bot, wording
from desk.settings import settings
from tests.databases import NoPostgres, copy_postgres, running_postgres

pytest_plugins = ["tests.side_by_side"]
ROOT = Path(__file__).resolve().parent.parent
SECRETS = {
    "DESK_SECRET": "a secret that signs the sessions of tests only",
    "DESK_BOT_SECRET": "a secret between desk and bot, in tests",
    "DESK_ACTIONS_SECRET": "a secret between bot and actions, in tests",
    "DESK_IDENTITY_SECRET": "a secret between shop and desk, in tests",
    "DESK_WEBSITE_TOKEN": "test-site",
    "DESK_WEBSITE_ORIGINS": "http://127.0.0.1:8090",
}


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    file = tmp_path_factory.mktemp("template") / "desk.sqlite3"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A running PostgreSQL with a migrated database `template_desk` to copy."""
    try:
        with running_postgres() as server:
            copy_postgres(server, "template1", "template_desk")
            migrate(f"{server}/template_desk")
            yield server
    except NoPostgres as missing:
        if os.environ.get("KAIDESK_REQUIRE_POSTGRES") == "1":
            raise
        pytest.skip(str(missing))


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh, migrated database of each kind in turn, in force as DESK_DATABASE_URL."""
    yield from _in_force(_fresh(request, request.param))


@pytest.fixture
def sqlite_database(request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh, migrated SQLite database, for tests whose point is not the database."""
    yield from _in_force(_fresh(request, "sqlite"))


@pytest.fixture
def postgres_database(request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh, migrated PostgreSQL database, for what only a server can suffer."""
    yield from _in_force(_fresh(request, "postgresql"))


@pytest.fixture
def session(database: str) -> Iterator[Session]:
    """A session whose work is undone when the test ends."""
    with durable.engine().connect() as connection, connection.begin() as undo:
        with Session(connection, expire_on_commit=False) as session:
            yield session
        undo.rollback()


def migrate(url: str) -> None:
    """What `desk migrate` does, to another database."""
    known = os.environ | SECRETS | {"DESK_DATABASE_URL": url}
    command = [sys.executable, "-m", "desk", "migrate"]
    subprocess.run(command, cwd=ROOT, env=known, check=True, capture_output=True)


def forget_settings() -> None:
    """Have this process read its settings, and all that was made from them, anew."""
    if durable.engine.cache_info().currsize:
        durable.engine().dispose()
    for remembered in (
        settings,
        durable.engine,
        durable._sessions,
        durable._readers,
        durable._datasource,
        durable._client,
        bot.bot,
        wording._responses,
    ):
        remembered.cache_clear()


def _fresh(request: pytest.FixtureRequest, kind: str) -> str:
    if kind == "sqlite":
        file = request.getfixturevalue("tmp_path") / "desk.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        return f"sqlite:///{file}"
    return copy_postgres(request.getfixturevalue("postgres_server"), "template_desk", "desk")


def _in_force(url: str) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (SECRETS | {"DESK_DATABASE_URL": url}).items():
            patch.setenv(name, value)
        forget_settings()
        yield url
        if durable._client.cache_info().currsize:
            durable._client().destroy()
        forget_settings()
