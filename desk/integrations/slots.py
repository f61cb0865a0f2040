"""A worker's slot: a lock that goes with the process that holds it, however it dies."""

import fcntl
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Protocol

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from desk.settings import settings

# A connection may be lost while its worker lives. It notices within a beat or at the timeout, and
# its robots end within their leash, if it is frozen as well: after that its jobs are free.
GRACE_SECONDS = 8.0
CONNECT_SECONDS = 3
ANSWER_MILLISECONDS = 3000


class Slot(Protocol):
    """What a worker holds for as long as it lives."""

    def is_held(self) -> bool:
        """Whether it is still ours. A lock on disk cannot be lost; a connection can."""

    def take_again(self) -> bool:
        """Try to get back what was lost; False while that is not possible."""

    def give_back(self) -> None:
        """Let it go."""


def grace_seconds() -> float:
    """How long a slot has to be free before its worker is taken for dead."""
    return GRACE_SECONDS if _is_on_postgres() else 0.0


@contextmanager
def take(name: str) -> Iterator[Slot | None]:
    """Hold a worker's slot for the length of the block; None if another process has it."""
    slot: _PostgresSlot | _DiskSlot = _PostgresSlot(name) if _is_on_postgres() else _DiskSlot(name)
    try:
        yield slot if slot.take_again() else None
    finally:
        slot.give_back()


@contextmanager
def hold_slot(name: str) -> Iterator[bool]:
    """Hold a slot for the length of the block; gives whether it could be had."""
    with take(name) as slot:
        yield slot is not None


def _is_on_postgres() -> bool:
    return not settings().database_url.startswith("sqlite")


class _PostgresSlot:
    """An advisory lock of a session of its own: no pool may take it back meanwhile."""

    def __init__(self, name: str) -> None:
        self._key = zlib.crc32(f"worker slot {name}".encode())
        self._connection: Connection | None = None

    def is_held(self) -> bool:
        if self._connection is None:
            return False
        try:
            self._connection.execute(text("SELECT 1"))
        except DBAPIError:
            self.give_back()
            return False
        return True

    def take_again(self) -> bool:
        self.give_back()
        try:
            self._connection = _engine().connect()
            asked = text("SELECT pg_try_advisory_lock(:key)")
            if self._connection.execute(asked, {"key": self._key}).scalar():
                return True
        except DBAPIError:
            pass
        self.give_back()
        return False

    def give_back(self) -> None:
        if self._connection is not None:
            with suppress(DBAPIError):
                self._connection.close()
            self._connection = None


def _engine() -> Engine:
    """Connections that notice within seconds that nobody is at the other end any more."""
    return create_engine(
        make_url(settings().database_url),
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "tcp_user_timeout": ANSWER_MILLISECONDS,
            "keepalives_idle": 1,
            "keepalives_interval": 1,
            "keepalives_count": 3,
            "options": f"-c statement_timeout={ANSWER_MILLISECONDS}",
        },
    )


class _DiskSlot:
    """A lock on a file, on the machine that has the one SQLite file as well."""

    def __init__(self, name: str) -> None:
        folder: Path = settings().robot_folder
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{zlib.crc32(name.encode()):08x}.slot"
        self._file: IO[str] | None = None

    def is_held(self) -> bool:
        return self._file is not None

    def take_again(self) -> bool:
        self.give_back()
        file = self._path.open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True

    def give_back(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
