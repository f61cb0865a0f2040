"""The shop's pages: shelf, orders, the widget, and the page behind a reset link."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from fastapi.templating import Jinja2Templates

from automation.backoffice import records, settings
from automation.backoffice.database import reading, transaction
from automation.backoffice.passwords import password_digest, token_digest
from automation.backoffice.seed import EMILY, NA, PRODUCTS
from automation.backoffice.shop.identity import signed, subject
from automation.backoffice.shop.words import LANGUAGES, SHELF, WORDS

pages = APIRouter(prefix="/shop")
templates = Jinja2Templates(Path(__file__).with_name("templates"))
templates.env.filters["money"] = lambda minor: f"€{minor // 100:,}.{minor % 100:02d}"
SHORTEST_PASSWORD = 10


@pages.get("")
def shop(request: Request, lang: str = "en") -> HTMLResponse:
    with reading() as connection:
        customer = _customer(connection, request)
        orders = records.orders(connection, customer["email"], "") if customer else []
        items = {order["number"]: records.lines(connection, order["number"]) for order in orders}
        demo = [records.customer(connection, who) for who in (EMILY, NA)]
    return _page(
        request,
        "shop.html",
        lang,
        customer=customer,
        demo=demo,
        orders=orders,
        items=items,
        shelf=[(*article, PRODUCTS[article[0]][1]) for article in SHELF],
        user=_user(customer),
        just_left=request.session.pop("just_left", False),
        desk_url=settings.desk_url(),
        website_token=settings.website_token(),
    )


@pages.post("/sign-in")
def sign_in(
    request: Request, customer: Annotated[str, Form()] = "", lang: Annotated[str, Form()] = "en"
) -> Response:
    """Become one of the two demo customers, or a guest. A real shop asks for a password.

    Whoever was signed in before leaves the chat too; what a guest began goes with the customer.
    """
    if request.session.pop("customer", None) is not None:
        request.session["just_left"] = True
    if customer in {str(EMILY), str(NA)}:
        request.session["customer"] = int(customer)
    return RedirectResponse(f"/shop?lang={_known(lang)}", status_code=303)


@pages.get("/identity")
def identity(request: Request) -> JSONResponse:
    """A fresh token for the page's customer, or null for a guest."""
    with reading() as connection:
        customer = _customer(connection, request)
    if customer is None or not settings.identity_secret():
        return JSONResponse({"jwt": None})
    return JSONResponse({"jwt": signed(customer["id"], customer["email"], customer["name"])})


@pages.get("/password")
def password_page(request: Request, token: str = "") -> HTMLResponse:
    with reading() as connection:
        customer = _asked_for(connection, token)
    language = customer["language"] if customer else "en"
    return _page(request, "password.html", language, token=token, over=not customer, saved=False)


@pages.post("/password")
def set_password(
    request: Request, token: Annotated[str, Form()] = "", password: Annotated[str, Form()] = ""
) -> HTMLResponse:
    with transaction() as connection:
        customer = _asked_for(connection, token)
        long_enough = len(password) >= SHORTEST_PASSWORD
        if customer and long_enough:
            kept = (password_digest(password), customer["id"])
            connection.execute("UPDATE customers SET password_digest = ? WHERE id = ?", kept)
            used = (token_digest(token),)
            connection.execute("DELETE FROM reset_links WHERE token_digest = ?", used)
    language = customer["language"] if customer else "en"
    saved = bool(customer) and long_enough
    return _page(request, "password.html", language, token=token, over=not customer, saved=saved)


def _page(request: Request, name: str, lang: str, **shown: Any) -> HTMLResponse:
    language = _known(lang)
    shown |= {"lang": language, "languages": LANGUAGES, "say": WORDS[language]}
    return templates.TemplateResponse(request, name, shown)


def _known(lang: str) -> str:
    return lang if lang in LANGUAGES else "en"


def _customer(connection: sqlite3.Connection, request: Request) -> sqlite3.Row | None:
    signed_in = request.session.get("customer")
    return records.customer(connection, signed_in) if signed_in else None


def _user(customer: sqlite3.Row | None) -> dict[str, str] | None:
    """What the widget's `setUser` takes; nothing where the shop has no key to sign with."""
    if customer is None or not settings.identity_secret():
        return None
    return {
        "id": subject(customer["id"]),
        "name": customer["name"],
        "email": customer["email"],
    }


def _asked_for(connection: sqlite3.Connection, token: str) -> sqlite3.Row | None:
    """The customer whose unused and still valid link this is."""
    now = datetime.now(UTC).isoformat()
    row: sqlite3.Row | None = connection.execute(
        "SELECT c.* FROM reset_links r JOIN customers c ON c.id = r.customer_id"
        " WHERE r.token_digest = ? AND r.valid_until > ?",
        (token_digest(token), now),
    ).fetchone()
    return row
