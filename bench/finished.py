"""Tables full of jobs that are over: one that really was carried out, again and again."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import sqlalchemy as sa

from desk.durable import engine
from desk.jobs.models import Job, JobStatus

OURS = ("conversations", "jobs", "job_attempts", "events", "cues")
OF_DBOS = ("workflow_status", "operation_outputs", "workflow_input", "workflow_output")
OWN_ID = {"conversations", "jobs"}  # every other row's id is made anew
ANEW = {("conversations", "client_id"), ("jobs", "key")}
GIVEN_BY_DATABASE = {("events", "position"), ("events", "tx")}
LAST_DIGITS = 12  # of an id, in both ways of writing it: here the copies differ


def fill_with_finished_jobs(number: int) -> None:
    """Copy a job that is done, with its conversation, its events and what DBOS keeps of it."""
    is_postgres = engine().dialect.name == "postgresql"
    with engine().begin() as rows:
        chosen = sa.select(Job.id, Job.conversation_id).where(Job.status == JobStatus.DONE)
        done = rows.execute(chosen.limit(1)).one()
        known = f"{'dbos.' if is_postgres else ''}workflow_status"
        workflow = f"SELECT status FROM {known} WHERE workflow_uuid = 'carry_out:{done.id}'"
        assert rows.exec_driver_sql(workflow).scalar() == "SUCCESS", "It is not over for DBOS."
        ends = [one.hex[-LAST_DIGITS:] for one in done]
        for schema, names in ((None, OURS), ("dbos" if is_postgres else None, OF_DBOS)):
            for name in names:
                _copy(rows, schema, name, ends, number, is_postgres)
    if is_postgres:
        with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as rows:
            rows.execute(sa.text("ANALYZE"))
            rows.execute(sa.text("CHECKPOINT"))
        return
    with closing(sqlite3.connect(str(engine().url.database))) as file:
        file.execute("ANALYZE")
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _copy(
    rows: sa.Connection, schema: str | None, table: str, ends: list[str], number: int, pg: bool
) -> None:
    columns = list(sa.inspect(rows).get_columns(table, schema))
    kept = [c for c in columns if (table, c["name"]) not in GIVEN_BY_DATABASE]
    place = f"{schema}.{table}" if schema else table
    names = ", ".join(c["name"] for c in kept)
    values = ", ".join(_value(table, c, ends, pg) for c in kept)
    ours = " OR ".join(
        f"CAST({c['name']} AS TEXT) LIKE '%{end}%'" for c in columns if _is_text(c) for end in ends
    )
    series = (
        f"generate_series(1, {number}) AS n(i)"
        if pg
        else f"(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {number})"
        " SELECT i FROM n) AS n"
    )
    pattern = f"(SELECT * FROM {place} WHERE {ours}) AS pattern"
    told = f"INSERT INTO {place} ({names}) SELECT {values} FROM {pattern}, {series}"
    rows.exec_driver_sql(told.replace("%", "%%") if pg else told)


def _value(table: str, column: Any, ends: list[str], pg: bool) -> str:
    name = column["name"]
    kind = _kind(column)
    if (table, name) in ANEW or (name == "id" and table not in OWN_ID):
        made = "gen_random_uuid()" if pg else "lower(hex(randomblob(16)))"
        return f"CAST({made} AS TEXT)" if pg and kind != "UUID" else made
    if not _is_text(column):
        return str(name)
    counted = "lpad(to_hex(i), 12, '0')" if pg else "printf('%012x', i)"
    told = f"CAST({name} AS TEXT)"
    for end in ends:
        told = f"replace({told}, '{end}', {counted})"
    return f"CAST({told} AS {kind})" if pg else told


def _kind(column: Any) -> str:
    return str(column["type"]).partition("(")[0].upper()


def _is_text(column: Any) -> bool:
    return _kind(column) in {"UUID", "CHAR", "VARCHAR", "TEXT", "JSON", "JSONB"}
