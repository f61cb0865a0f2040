"""The intranet's pages about orders."""

import sqlite3
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from automation.backoffice import ledger, records
from automation.backoffice.database import reading, transaction
from automation.backoffice.sign_in import Staff, page

pages = APIRouter()
Text = Annotated[str, Form()]
Write = Callable[[sqlite3.Connection, sqlite3.Row, ledger.Filing], str]


@pages.get("/")
def list_of_orders(request: Request, _: Staff, q: str = "", status: str = "") -> Response:
    with reading() as connection:
        found = records.orders(connection, q, status)
        exactly = records.order(connection, q) if q else None
    if exactly is not None:
        return RedirectResponse(f"/orders/{exactly['number']}", status_code=303)
    return page(request, "orders.html", orders=found, q=q, status_asked=status)


@pages.get("/orders/{number}")
def order_page(request: Request, _: Staff, number: str) -> HTMLResponse:
    with reading() as connection:
        order = records.order(connection, number)
        if order is None:
            return _unknown(request, number)
        return page(
            request,
            "order.html",
            order=order,
            lines=records.lines(connection, order["number"]),
            refund=records.refund(connection, order["number"]),
            journal=records.journal(connection, order["number"]),
        )


@pages.get("/orders/{number}/refund")
def refund_form(request: Request, _: Staff, number: str) -> HTMLResponse:
    return _form(request, number, "refund.html", ledger.refusal_of_refund)


@pages.post("/orders/{number}/refund")
def file_refund(
    request: Request, who: Staff, number: str, reason: Text = "", reference: Text = ""
) -> HTMLResponse:
    filing = ledger.Filing(who, reference.strip(), reason.strip())
    return _filed(request, number, "Refund", ledger.file_refund, filing)


@pages.get("/orders/{number}/return")
def return_form(request: Request, _: Staff, number: str) -> HTMLResponse:
    return _form(request, number, "return.html", ledger.refusal_of_refund)


@pages.post("/orders/{number}/return")
def file_return(
    request: Request, who: Staff, number: str, reason: Text = "", reference: Text = ""
) -> HTMLResponse:
    filing = ledger.Filing(who, reference.strip(), reason.strip())
    return _filed(request, number, "Return", ledger.file_return, filing)


@pages.get("/orders/{number}/note")
def note_form(request: Request, _: Staff, number: str) -> HTMLResponse:
    return _form(request, number, "note.html", lambda _: None)


@pages.post("/orders/{number}/note")
def add_note(
    request: Request, who: Staff, number: str, remark: Text = "", reference: Text = ""
) -> HTMLResponse:
    filing = ledger.Filing(who, reference.strip(), remark.strip())
    return _filed(request, number, "Remark", ledger.add_note, filing)


@pages.get("/orders/{number}/cancel")
def cancel_form(request: Request, _: Staff, number: str) -> HTMLResponse:
    return _form(request, number, "cancel.html", ledger.refusal_of_change)


@pages.post("/orders/{number}/cancel")
def cancel(
    request: Request, who: Staff, number: str, reason: Text = "", reference: Text = ""
) -> HTMLResponse:
    filing = ledger.Filing(who, reference.strip(), reason.strip())
    return _filed(request, number, "Cancellation", ledger.cancel, filing)


@pages.get("/orders/{number}/address")
def address_form(request: Request, _: Staff, number: str) -> HTMLResponse:
    return _form(request, number, "address.html", ledger.refusal_of_change)


@pages.post("/orders/{number}/address")
def change_address(
    request: Request, who: Staff, number: str, address: Text = "", reference: Text = ""
) -> HTMLResponse:
    filing = ledger.Filing(who, reference.strip(), address)
    return _filed(request, number, "Change of address", ledger.change_address, filing)


@pages.get("/orders/{number}/invoice")
def invoice_data(request: Request, _: Staff, number: str) -> HTMLResponse:
    return _form(request, number, "invoice.html", _refusal_of_invoice)


@pages.post("/orders/{number}/invoice")
def note_invoice(
    request: Request, who: Staff, number: str, sent_to: Text = "", reference: Text = ""
) -> HTMLResponse:
    filing = ledger.Filing(who, reference.strip(), f"sent to {sent_to.strip()}")
    return _filed(request, number, "Invoice sent", ledger.note_invoice, filing)


@pages.get("/invoices")
def invoices_sent(request: Request, _: Staff) -> HTMLResponse:
    with reading() as connection:
        return page(request, "invoices.html", journal=records.invoices_sent(connection))


def _refusal_of_invoice(order: sqlite3.Row) -> ledger.Refused | None:
    if order["status"] == "cancelled":
        return ledger.Refused("E101", "Order is cancelled.")
    return None


def _form(
    request: Request,
    number: str,
    template: str,
    refusal: Callable[[sqlite3.Row], ledger.Refused | None],
) -> HTMLResponse:
    with reading() as connection:
        order = records.order(connection, number)
        if order is None:
            return _unknown(request, number)
        refused = refusal(order)
        if refused is not None:
            return _refused(request, order["number"], refused)
        lines = records.lines(connection, order["number"])
        return page(request, template, order=order, lines=lines)


def _filed(
    request: Request, number: str, what: str, write: Write, filing: ledger.Filing
) -> HTMLResponse:
    try:
        with transaction() as connection:
            order = records.order(connection, number)
            if order is None:
                return _unknown(request, number)
            given = write(connection, order, filing)
    except ledger.Refused as refused:
        return _refused(request, number, refused)
    shown: dict[str, Any] = {"what": what, "given": given, "reference": filing.reference}
    return page(request, "filed.html", order=order, **shown)


def _refused(request: Request, number: str, refused: ledger.Refused) -> HTMLResponse:
    return page(request, "refused.html", status=409, number=number, refused=refused)


def _unknown(request: Request, number: str) -> HTMLResponse:
    return page(request, "unknown.html", status=404, number=number)
