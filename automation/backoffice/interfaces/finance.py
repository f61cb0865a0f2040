"""The finance department's system: the ledger of refunds, and what was found in it."""

import base64
import sqlite3
from io import BytesIO
from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response
from openpyxl import Workbook
from pydantic import BaseModel, Field

from automation.backoffice.database import reading, transaction
from automation.backoffice.interfaces.door import Asker, Refused

interface = APIRouter(prefix="/finance")
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADINGS = ("Day", "Refund", "Order", "Amount", "Currency")
LARGEST_WORKBOOK = 20_000_000  # letters of base 64


class Reconciliation(BaseModel):
    """What was compared, up to which day, and the workbook that tells the findings."""

    reference: str = Field(min_length=1, max_length=40)
    day: str
    findings: int = Field(ge=0)
    workbook: str = Field(max_length=LARGEST_WORKBOOK)


@interface.get("/refunds")
def refunds(_: Asker, until: str) -> dict[str, Any]:
    """The refunds that stand in the order system."""
    with reading() as connection:
        found = connection.execute(
            "SELECT r.*, o.currency FROM refunds r JOIN orders o ON o.number = r.order_number"
            " WHERE r.filed_on <= ? ORDER BY r.id",
            (until,),
        ).fetchall()
    return {
        "refunds": [
            {
                "number": f"RF-{row['id']}",
                "order_number": row["order_number"],
                "amount_minor": row["amount_minor"],
                "currency": row["currency"],
                "day": row["filed_on"],
            }
            for row in found
        ]
    }


@interface.get("/ledger.xlsx")
def ledger(_: Asker, until: str) -> Response:
    book = Workbook()
    sheet = book.active
    sheet.title = "Refunds paid"
    sheet.append(HEADINGS)
    with reading() as connection:
        for row in connection.execute("SELECT * FROM bookings WHERE day <= ?", (until,)):
            amount = row["amount_minor"] / 100
            told = (row["day"], row["refund_number"], row["order_number"], amount, row["currency"])
            sheet.append(told)
    written = BytesIO()
    book.save(written)
    return Response(written.getvalue(), media_type=EXCEL)


@interface.get("/reconciliations")
def reconciliation(_: Asker, reference: str) -> dict[str, str | None]:
    with reading() as connection:
        row = connection.execute(
            "SELECT id FROM reconciliations WHERE external_reference = ?", (reference,)
        ).fetchone()
    return {"number": _number(row["id"]) if row else None}


@interface.post("/reconciliations")
def file(who: Asker, told: Reconciliation) -> dict[str, str]:
    try:
        workbook = base64.b64decode(told.workbook, validate=True)
    except ValueError as broken:
        raise HTTPException(422, "The workbook is not base 64.") from broken
    try:
        with transaction() as connection:
            added = connection.execute(
                "INSERT INTO reconciliations"
                " (external_reference, day, findings, workbook, filed_by)"
                " VALUES (?, ?, ?, ?, ?)",
                (told.reference, told.day, told.findings, workbook, who),
            )
    except sqlite3.IntegrityError as twice:
        raise Refused("E302", "This reference has been used.") from twice
    return {"number": _number(added.lastrowid)}


def _number(row_id: int | None) -> str:
    return f"RC-{row_id}"
