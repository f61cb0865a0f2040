"""The back office's one SQLite file: opening it, and making it when it is missing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from pathlib import Path

from automation.backoffice import settings

SCHEMA = Path(__file__).with_name("schema.sql")
BUSY_SECONDS = 5.0


@contextmanager
def transaction() -> Iterator[sqlite3.Connection]:
    """One visit to the file: kept whole when the block ends, undone when it raises."""
    with closing(connect(settings.database())) as connection:
        connection.execute("BEGIN IMMEDIATE")
        with connection:
            yield connection


@contextmanager
def reading() -> Iterator[sqlite3.Connection]:
    with closing(connect(settings.database())) as connection:
        yield connection


def connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def today() -> date:
    """The day it is where this company's computer stands."""
    return datetime.now().astimezone().date()


def this_minute() -> str:
    return datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
