"""The intranet's pages about customers, and the link that lets one set a new password."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse

from automation.backoffice import ledger, records, settings
from automation.backoffice.database import reading, transaction
from automation.backoffice.outbox import MailNotAvailable, send_reset_link
from automation.backoffice.passwords import token_digest
from automation.backoffice.sign_in import Staff, page

pages = APIRouter()
LINK_LASTS = timedelta(hours=1)


@pages.get("/customers")
def list_of_customers(request: Request, _: Staff, q: str = "") -> HTMLResponse:
    with reading() as connection:
        found = records.customers(connection, q)
    return page(request, "customers.html", customers=found, q=q)


@pages.get("/customers/{customer_id}")
def customer_page(request: Request, _: Staff, customer_id: int) -> HTMLResponse:
    with reading() as connection:
        customer = records.customer(connection, customer_id)
        if customer is None:
            return page(request, "unknown.html", status=404, number=str(customer_id))
        return page(
            request,
            "customer.html",
            customer=customer,
            orders=records.orders(connection, customer["email"], ""),
            journal=records.customer_journal(connection, customer_id),
        )


@pages.get("/customers/{customer_id}/subscription")
def subscription_form(request: Request, _: Staff, customer_id: int) -> HTMLResponse:
    with reading() as connection:
        customer = records.customer(connection, customer_id)
        subscription = records.subscription(connection, customer_id)
    if customer is None:
        return page(request, "unknown.html", status=404, number=str(customer_id))
    refused = ledger.refusal_of_plan(subscription["plan"] if subscription else None, "")
    if refused is not None and refused.number != "E404":
        return page(request, "refused.html", status=409, number="", refused=refused)
    shown: dict[str, Any] = {"subscription": subscription, "plans": ledger.PLANS}
    return page(request, "subscription.html", customer=customer, **shown)


@pages.post("/customers/{customer_id}/subscription")
def change_subscription(
    request: Request,
    who: Staff,
    customer_id: int,
    plan: Annotated[str, Form()] = "",
    reference: Annotated[str, Form()] = "",
) -> HTMLResponse:
    filing = ledger.Filing(who, reference.strip(), plan.strip())
    try:
        with transaction() as connection:
            customer = records.customer(connection, customer_id)
            if customer is None:
                return page(request, "unknown.html", status=404, number=str(customer_id))
            given = ledger.change_plan(connection, customer, filing)
    except ledger.Refused as refused:
        return page(request, "refused.html", status=409, number="", refused=refused)
    shown: dict[str, Any] = {"given": given, "reference": filing.reference}
    return page(request, "filed.html", what="Change of plan", customer=customer, **shown)


@pages.post("/customers/{customer_id}/reset-link")
def mail_reset_link(
    request: Request, who: Staff, customer_id: int, reference: Annotated[str, Form()] = ""
) -> HTMLResponse:
    """Mails first and writes down after, so that what stands in the journal was sent."""
    token = secrets.token_urlsafe(32)
    link = f"{settings.url()}/shop/password?token={token}"
    filing = ledger.Filing(who, reference.strip(), "link to set a new password")
    try:
        with transaction() as connection:
            customer = records.customer(connection, customer_id)
            if customer is None:
                return page(request, "unknown.html", status=404, number=str(customer_id))
            connection.execute(
                "INSERT INTO reset_links VALUES (?, ?, ?)",
                (token_digest(token), customer_id, (datetime.now(UTC) + LINK_LASTS).isoformat()),
            )
            given = ledger.note(connection, "RESET", filing, customer_id=customer_id)
            send_reset_link(customer["email"], customer["name"], customer["language"], link)
    except MailNotAvailable:
        silent = ledger.Refused("E900", "Mail system not available. Call IT, extension 4400.")
        return page(request, "refused.html", status=502, number="", refused=silent)
    shown: dict[str, Any] = {"given": given, "reference": filing.reference}
    return page(request, "filed.html", what="Reset link sent", customer=customer, **shown)
