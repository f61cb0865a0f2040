"""The directory: accounts, and what was done to them."""

import secrets
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field

from automation.backoffice import settings
from automation.backoffice.database import reading, this_minute, transaction
from automation.backoffice.interfaces.door import Asker, Refused
from automation.backoffice.outbox import MailNotAvailable, send_reset_link
from automation.backoffice.passwords import token_digest

interface = APIRouter(prefix="/directory")
LINK_LASTS = timedelta(hours=1)
PREFIXES = {"UNLOCK": "UL", "RESET": "RL"}


class Asked(BaseModel):
    """Under which reference of the asker's own."""

    reference: str = Field(min_length=1, max_length=40)


@interface.get("/accounts/{login}")
def account(_: Asker, login: str) -> dict[str, Any]:
    with reading() as connection:
        found = _account(connection, login)
        changes = connection.execute(
            "SELECT * FROM account_changes WHERE login = ? ORDER BY id", (found["login"],)
        ).fetchall()
    told = [{"number": _number(row), "reference": row["external_reference"]} for row in changes]
    return {"login": found["login"], "state": found["state"], "changes": told}


@interface.post("/accounts/{login}/unlock")
def unlock(_: Asker, login: str, asked: Asked) -> dict[str, str]:
    with transaction() as connection:
        found = _account(connection, login)
        _refuse_closed(found)
        connection.execute("UPDATE accounts SET state = 'open' WHERE login = ?", (found["login"],))
        return {"number": _noted(connection, found, "UNLOCK", asked.reference)}


@interface.post("/accounts/{login}/reset-link")
def mail_reset_link(_: Asker, login: str, asked: Asked) -> dict[str, str]:
    """Mails last, inside the transaction: what is noted was sent, and what was not sent is not."""
    token = secrets.token_urlsafe(32)
    link = f"{settings.url()}/shop/password?token={token}"
    try:
        with transaction() as connection:
            found = _account(connection, login)
            _refuse_closed(found)
            connection.execute(
                "INSERT INTO reset_links VALUES (?, ?, ?)",
                (
                    token_digest(token),
                    found["customer_id"],
                    (datetime.now(UTC) + LINK_LASTS).isoformat(),
                ),
            )
            number = _noted(connection, found, "RESET", asked.reference)
            send_reset_link(found["email"], found["name"], found["language"], link)
    except MailNotAvailable as silent:
        raise HTTPException(502, "The mail system does not answer.") from silent
    return {"number": number}


def _account(connection: sqlite3.Connection, login: str) -> sqlite3.Row:
    row: sqlite3.Row | None = connection.execute(
        "SELECT a.*, c.email, c.name, c.language FROM accounts a"
        " JOIN customers c ON c.id = a.customer_id WHERE a.login = ?",
        (login.strip(),),
    ).fetchone()
    if row is None:
        raise HTTPException(404)
    return row


def _refuse_closed(account: sqlite3.Row) -> None:
    if account["state"] == "closed":
        raise Refused("E301", "The account is closed.")


def _noted(connection: sqlite3.Connection, account: sqlite3.Row, kind: str, reference: str) -> str:
    """Write the change down. One reference stands for one change: a second one is refused."""
    try:
        added = connection.execute(
            "INSERT INTO account_changes (login, kind, external_reference, at)"
            " VALUES (?, ?, ?, ?) RETURNING *",
            (account["login"], kind, reference, this_minute()),
        ).fetchone()
    except sqlite3.IntegrityError as twice:
        raise Refused("E302", "This reference has been used.") from twice
    return _number(added)


def _number(change: sqlite3.Row) -> str:
    return f"{PREFIXES[change['kind']]}-{50_000 + int(change['id'])}"
