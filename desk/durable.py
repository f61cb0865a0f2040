"""The two ways anything happens: now, in one transaction; or later, in a workflow."""

import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from threading import Lock
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from dbos import (
    DBOS,
    DBOSClient,
    DBOSConfig,
    DBOSPortableJSONSerializer,
    EnqueueOptions,
    SQLAlchemyDatasource,
)
from dbos._dbos import _get_dbos_instance
from psycopg import Error as PostgresError
from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import Session, sessionmaker

from automation.catalogue import CATALOGUE
from desk import clock
from desk.settings import settings

P = ParamSpec("P")
R = TypeVar("R")

log = logging.getLogger(__name__)

QUEUE = "desk"
ROBOT_QUEUE = "robot-"  # and the robot's name: each has limits of its own
POLL_SECONDS = 0.5  # each look costs a worker that has nothing to do
ROBOT_POLL_SECONDS = 0.5  # a dozen queues: at 0.2 s an idle worker took 0.4 of a core
JSON_ONLY = DBOSPortableJSONSerializer()  # the default is pickle: rows that run code
TRIES = 8
LONGEST_PAUSE_SECONDS = 5.0
PATIENCE_SECONDS = 5.0  # twice this is the longest a request waits for SQLite; browsers wait 15
MOVED_UNDER_US = (
    *("uq_events_stream_number", "events.stream, events.number"),
    *("uq_tickets_number", "tickets.number"),
    *("pk_agents", "agents.id"),
    *("uq_topic_needs_topic", "topic_needs.topic"),
    *("uq_cues_key", "cues.key"),
    *("uq_jobs_key", "jobs.key"),
    *("uq_canned_replies_shortcut_language", "canned_replies.shortcut, canned_replies.language"),
    *("uq_promise_watches_conversation_id", "promise_watches.conversation_id"),
    *("uq_reading_marks_reader", "reading_marks.reader"),
    *("uq_calendars_name", "calendars.name"),
    *("uq_promise_policies_name", "promise_policies.name"),
    *("uq_job_attempts_job_id_number", "job_attempts.job_id, job_attempts.number"),
    "uq_conversations_customer_id_client_id",
    "conversations.customer_id, conversations.client_id",
)
CAREFULLY: dict[str, Any] = {
    "pool_size": 20,
    "max_overflow": 20,
    "pool_timeout": PATIENCE_SECONDS,
    "hide_parameters": True,
}
_one_writer = Lock()
_after_commit: list[Callable[[], None]] = []


def transaction(work: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Do `work` in one transaction: all of it or, if it raises, none.

    Inside a workflow, but not inside one of its steps, this is also a checkpoint: once done it
    is never done again. `work` may run more than once before it commits (a stream moved under
    it), so it must only write rows.

    Raises:
        OperationalError: the database could not be had in time, or not at all.
    """
    if DBOS.workflow_id is not None and DBOS.step_id is None:
        return _datasource().run_tx_step(
            {"name": work.__qualname__},
            lambda: work(_datasource().sql_session(), *args, **kwargs),
        )
    until = time.monotonic() + PATIENCE_SECONDS
    for attempt in range(TRIES):
        try:
            with _turn_to_write(until), _sessions()() as session, session.begin():
                result = work(session, *args, **kwargs)
        except (IntegrityError, OperationalError) as clash:
            is_last = attempt == TRIES - 1 or time.monotonic() >= until
            if is_last or not _worth_another_try(clash):
                raise
            time.sleep(random.uniform(0.005, 0.02) * (attempt + 1))
        else:
            for tell in _after_commit:
                tell()
            return result
    raise AssertionError("unreachable")


def patiently(work: Callable[[], R]) -> R:
    """Do `work`, again and again for as long as the database is away or too busy. For workflows,
    whose jobs must not be given up for that: nobody waits for an answer."""
    pause = 0.2
    while True:
        try:
            return work()
        except (OperationalError, InterfaceError, NoConnectionFree) as away:
            log.warning("The database is away or busy (%s); trying again.", type(away).__name__)
        time.sleep(pause * random.uniform(0.5, 1.0))
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)


def reading(query: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Answer `query` from one consistent view, without standing in any writer's way. It cannot
    write, nor lock a row."""
    with _readers()() as session:
        return query(session, *args, **kwargs)


def later(
    session: Session,
    workflow: str,
    subject: UUID,
    *,
    queue: str = QUEUE,
    round: int = 1,
    priority: int | None = None,
    not_before: datetime | None = None,
) -> None:
    """Start `workflow` on `subject` if, and only if, this transaction commits, and not before
    that moment. Once per subject and round; the lower the priority's number, the sooner."""
    options: EnqueueOptions = {
        "queue_name": queue,
        "workflow_name": workflow,
        "workflow_id": workflow_id(workflow, subject, round),
        "app_version": settings().release,
    }
    if priority is not None:
        options["priority"] = priority
    if not_before is not None:
        options["delay_seconds"] = max(0.0, (not_before - clock.now()).total_seconds())
    _client().enqueue_in_transaction(session, options, str(subject), round)


def workflow_id(workflow: str, subject: UUID, round: int = 1) -> str:
    """Under which DBOS knows one round of a workflow on one subject."""
    return f"{workflow}:{subject}" if round == 1 else f"{workflow}:{subject}:{round}"


def live_workflows() -> set[str]:
    """Ids of the workflows that a thread of this process is at. DBOS 3.4 has no public word for
    it, and those that it marks as running and nobody runs have to be found."""
    return set(_get_dbos_instance()._active_workflows_set.activeList())


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
        db_engine_kwargs={"hide_parameters": True},
        log_level="WARNING",
        enable_otlp=False,
    )
    DBOS(config=config)
    DBOS.launch()
    _register_queues()


def _register_queues() -> None:
    """All queues, here and nowhere else: what they may do stands in the database, and a second
    place that writes it would change it for every worker."""
    DBOS.register_queue(
        QUEUE, polling_interval_sec=POLL_SECONDS, worker_concurrency=4, on_conflict="always_update"
    )
    for robot in CATALOGUE.values():
        DBOS.register_queue(
            ROBOT_QUEUE + robot.name,
            polling_interval_sec=ROBOT_POLL_SECONDS,
            global_concurrency=robot.at_once,
            limiter={"limit": robot.per_minute, "period": 60.0} if robot.per_minute else None,
            on_conflict="always_update",
        )


def prepare_durable_tables() -> None:
    """Make the tables that DBOS keeps beside ours. Safe to repeat."""
    _datasource()
    DBOS.migrate(settings().database_url)


@cache
def engine() -> Engine:
    """The one engine of this process. What it fails on is not in the words of its errors: rows
    hold what customers said, and errors are logged."""
    url = settings().database_url
    return _sqlite(url) if url.startswith("sqlite") else _postgres(url)


def _postgres(url: str) -> Engine:
    made = create_engine(url, pool_pre_ping=True, **CAREFULLY)

    @event.listens_for(made, "handle_error")
    def leave_the_row_out(failed: ExceptionContext) -> None:
        # PostgreSQL's DETAIL repeats the whole row that broke a constraint.
        cause, wrapped = failed.original_exception, failed.sqlalchemy_exception
        if isinstance(cause, PostgresError) and cause.diag.message_primary:
            cause.args = (cause.diag.message_primary,)
            if wrapped is not None:
                wrapped.args = (f"({type(cause).__name__}) {cause}",)

    return made


def _sqlite(url: str) -> Engine:
    made = create_engine(url, **CAREFULLY)

    @event.listens_for(made, "connect")
    def prepare(raw: Any, _: object) -> None:
        raw.isolation_level = None  # we begin transactions ourselves, below
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            raw.execute(f"PRAGMA {pragma}")
        raw.execute(f"PRAGMA busy_timeout={int(PATIENCE_SECONDS * 1000)}")

    @event.listens_for(made, "begin")
    def begin(connection: Connection) -> None:
        # A writer that read before it locked could act on what is no longer true.
        reads_only = connection.get_execution_options().get("reads_only", False)
        connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")

    return made


@contextmanager
def _turn_to_write(until: float) -> Iterator[None]:
    """SQLite has one writer at a time, and those who wait look again at growing intervals: under
    load some wait for seconds. Threads of one process stand in line instead.

    Raises:
        OperationalError: the turn had not come at `until`, by the monotonic clock.
    """
    if engine().dialect.name != "sqlite":
        yield
        return
    if not _one_writer.acquire(timeout=max(0.0, until - time.monotonic())):
        raise OperationalError("BEGIN IMMEDIATE", None, TimeoutError("too many writers in line"))
    try:
        yield
    finally:
        _one_writer.release()


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
    postgres = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    kind = {"reads_only": True} if engine().dialect.name == "sqlite" else postgres
    return sessionmaker(engine().execution_options(**kind), expire_on_commit=False)


@cache
def _datasource() -> SQLAlchemyDatasource:
    return SQLAlchemyDatasource.create(
        settings().database_url, engine=engine(), serializer=JSON_ONLY
    )


@cache
def _client() -> DBOSClient:
    return DBOSClient(system_database_url=settings().database_url, serializer=JSON_ONLY)
