"""Who sits in front of the intranet."""

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.templating import Jinja2Templates

from automation.backoffice.database import reading, this_minute
from automation.backoffice.passwords import is_password

pages = APIRouter()
templates = Jinja2Templates(Path(__file__).with_name("templates"))


def money(minor: int, currency: str = "EUR") -> str:
    return f"{currency} {minor // 100:,}.{minor % 100:02d}"


templates.env.filters["money"] = money
templates.env.globals["this_minute"] = this_minute


class NotSignedIn(Exception):
    """The page is for staff."""


def staff(request: Request) -> str:
    """The login of whoever asks.

    Raises:
        NotSignedIn: nobody, so far.
    """
    login = request.session.get("staff")
    if not login:
        raise NotSignedIn
    return str(login)


Staff = Annotated[str, Depends(staff)]


def page(request: Request, name: str, *, status: int = 200, **shown: Any) -> HTMLResponse:
    """A page of the intranet, with its bars around it."""
    shown["login"] = request.session.get("staff")
    return templates.TemplateResponse(request, name, shown, status_code=status)


async def show_sign_in(request: Request, _: Exception) -> Response:
    return RedirectResponse(request.url_for("sign_in_page"), status_code=303)


@pages.get("/sign-in")
def sign_in_page(request: Request) -> HTMLResponse:
    return page(request, "sign_in.html", wrong=False)


@pages.post("/sign-in")
def sign_in(
    request: Request, login: Annotated[str, Form()] = "", password: Annotated[str, Form()] = ""
) -> Response:
    with reading() as connection:
        found = connection.execute("SELECT * FROM staff WHERE login = ?", (login,)).fetchone()
    if found is None or not is_password(password, found["password_digest"]):
        return page(request, "sign_in.html", status=401, wrong=True)
    request.session["staff"] = found["login"]
    return RedirectResponse("/", status_code=303)


@pages.post("/sign-out")
def sign_out(request: Request) -> Response:
    request.session.clear()
    return RedirectResponse("/sign-in", status_code=303)
