"""The two ways anything happens: now, in one transaction; or later, in a workflow."""

import random
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from threading import Lock
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer, SQLAlchemyDatasource
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from desk.settings import settings

P = ParamSpec("P")
R = TypeVar("R")

QUEUE = "desk"
JSON_ONLY = DBOSPortableJSONSerializer()  # the default is pickle: rows that run code
TRIES = 8
MOVED_UNDER_US = (
    *("uq_events_stream_number", "events.stream, events.number"),
    *("uq_tickets_number", "tickets.number"),
)
_one_writer = Lock()
_after_commit: list[Callable[[], None]] = []


def transaction(work: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Do `work` in one transaction: all of it or, if it raises, none.

    Inside a workflow this is also a checkpoint: once done it is never done again. `work` may
    run more than once before it commits (a stream moved under it), so it must only write rows.
    """
    if DBOS.workflow_id is not None:
        return _datasource().run_tx_step(
            {"name": work.__qualname__},
            lambda: work(_datasource().sql_session(), *args, **kwargs),
        )
    for attempt in range(TRIES):
        try:
            with _turn_to_write(), _sessions()() as session, session.begin():
                result = work(session, *args, **kwargs)
        except (IntegrityError, OperationalError) as clash:
            if attempt == TRIES - 1 or not _worth_another_try(clash):
                raise
            time.sleep(random.uniform(0.005, 0.02) * (attempt + 1))
        else:
            for tell in _after_commit:
                tell()
            return result
    raise AssertionError("unreachable")


def reading(query: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Answer `query` from one consistent view, without standing in any writer's way."""
    with _readers()() as session:
        return query(session, *args, **kwargs)


def later(session: Session, workflow: str, subject: UUID) -> None:
    """Start `workflow` on `subject` if, and only if, this transaction commits. Once per subject."""
    _client().enqueue_in_transaction(
        session,
        {
            "queue_name": QUEUE,
            "workflow_name": workflow,
            "workflow_id": f"{workflow}:{subject}",
            "app_version": settings().release,
        },
        str(subject),
    )


def after_commit(tell: Callable[[], None]) -> None:
    """Call `tell` in this process whenever one of its transactions has committed."""
    _after_commit.append(tell)


def run_workflows() -> None:
    """Make this process one of those that carry workflows out. Import their modules first."""
    _datasource()  # DBOS takes no datasource after launch
    config = DBOSConfig(
        name="kaidesk",
        system_database_url=settings().database_url,
        application_version=settings().release,
        executor_id=settings().worker_slot,
        serializer=JSON_ONLY,
        log_level="WARNING",
        enable_otlp=False,
    )
    DBOS(config=config)
    DBOS.launch()
    DBOS.register_queue(QUEUE, polling_interval_sec=0.1, worker_concurrency=4)


def prepare_durable_tables() -> None:
    """Make the tables that DBOS keeps beside ours. Safe to repeat."""
    _datasource()
    DBOS.migrate(settings().database_url)


@cache
def engine() -> Engine:
    """The one engine of this process."""
    url = settings().database_url
    if url.startswith("sqlite"):
        return _sqlite(url)
    return create_engine(url, pool_size=20, max_overflow=20, pool_pre_ping=True)


def _sqlite(url: str) -> Engine:
    made = create_engine(url, pool_size=20, max_overflow=20)

    @event.listens_for(made, "connect")
    def prepare(raw: Any, _: object) -> None:
        raw.isolation_level = None  # we begin transactions ourselves, below
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            raw.execute(f"PRAGMA {pragma}")
        raw.execute("PRAGMA busy_timeout=30000")

    @event.listens_for(made, "begin")
    def begin(connection: Connection) -> None:
        # A writer that read before it locked could act on what is no longer true.
        reads_only = connection.get_execution_options().get("reads_only", False)
        connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")

    return made


def _turn_to_write() -> AbstractContextManager[object]:
    """SQLite has one writer at a time, and those who wait look again at growing intervals: under
    load some wait for seconds. Threads of one process stand in line instead."""
    return _one_writer if engine().dialect.name == "sqlite" else nullcontext()


def _worth_another_try(clash: IntegrityError | OperationalError) -> bool:
    words = str(clash.orig).lower()
    if isinstance(clash, IntegrityError):
        return any(name in words for name in MOVED_UNDER_US)
    return "locked" in words or "deadlock" in words or "serialize" in words


@cache
def _sessions() -> sessionmaker[Session]:
    return sessionmaker(engine(), expire_on_commit=False)


@cache
def _readers() -> sessionmaker[Session]:
    return sessionmaker(engine().execution_options(reads_only=True), expire_on_commit=False)


@cache
def _datasource() -> SQLAlchemyDatasource:
    return SQLAlchemyDatasource.create(
        settings().database_url, engine=engine(), serializer=JSON_ONLY
    )


@cache
def _client() -> DBOSClient:
    return DBOSClient(system_database_url=settings().database_url, serializer=JSON_ONLY)
