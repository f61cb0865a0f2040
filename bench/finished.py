"""Tables full of jobs that are over: one that really was carried out, again and again."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from desk.durable import engine
from desk.jobs.models import Job, JobStatus

OURS = ("conversations", "jobs", "job_attempts", "events", "cues")
OF_DBOS = ("workflow_status", "operation_outputs", "workflow_input", "workflow_output")
MADE_ANEW = {"id", "client_id", "key", "hash"}
LEFT_OUT = {"position", "tx"}
AT_ONCE = 500


def fill_with_finished_jobs(number: int) -> None:
    """Copy a job that is done, with its conversation, its events and what DBOS keeps of it."""
    tables = _tables()
    with engine().connect() as rows:
        done = rows.execute(
            sa.select(Job.id, Job.conversation_id).where(Job.status == JobStatus.DONE).limit(1)
        ).one()
        rows.rollback()
        pattern = [(t, row) for t in tables for row in _rows_of(rows, t, done)]
        rows.rollback()
    for _ in range(number // AT_ONCE):
        with engine().begin() as rows:
            copies = [_renaming(done) for _ in range(AT_ONCE)]
            for table, row in pattern:
                rows.execute(table.insert(), [_copy(table, row, renamed) for renamed in copies])
    if engine().dialect.name == "postgresql":
        with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as rows:
            rows.execute(sa.text("ANALYZE"))


def _tables() -> list[sa.Table]:
    """Reflected without types of ours, so that every value is copied as it stands."""
    of_dbos = "dbos" if engine().dialect.name == "postgresql" else None
    found = []
    with engine().connect() as rows:
        for schema, names in ((None, OURS), (of_dbos, OF_DBOS)):
            for name in names:
                known = [column["name"] for column in sa.inspect(rows).get_columns(name, schema)]
                columns = [sa.Column(column, sa.types.NullType()) for column in known]
                found.append(sa.Table(name, sa.MetaData(), *columns, schema=schema))
    return found


def _rows_of(rows: sa.Connection, table: sa.Table, done: Any) -> list[dict[str, Any]]:
    """The rows that speak of the job or its conversation, whichever way ids are written."""
    names = _spellings(done)
    found = rows.execute(sa.select(table)).mappings()
    return [dict(row) for row in found if any(n in str(v) for v in row.values() for n in names)]


def _spellings(done: Any) -> list[str]:
    return [word for one in done for word in (str(one), one.hex)]


def _renaming(done: Any) -> dict[str, str]:
    new = [uuid4() for _ in done]
    return dict(zip(_spellings(done), [w for n in new for w in (str(n), n.hex)], strict=True))


def _copy(table: sa.Table, row: dict[str, Any], renamed: dict[str, str]) -> dict[str, Any]:
    copied = {name: _renamed(value, renamed) for name, value in row.items()}
    for name in copied.keys() & LEFT_OUT:
        if table.name == "events":
            del copied[name]
    for name in copied.keys() & MADE_ANEW:
        was = row[name]
        if copied[name] == was and not isinstance(was, int):
            new = uuid4()
            copied[name] = new if isinstance(was, UUID) else new.hex
    return copied


def _renamed(value: Any, renamed: dict[str, str]) -> Any:
    if isinstance(value, UUID):
        return UUID(renamed.get(str(value), str(value)))
    if isinstance(value, str):
        for old, new in renamed.items():
            value = value.replace(old, new)
    return value
