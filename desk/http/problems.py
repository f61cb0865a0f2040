"""Every refusal as RFC 9457 problem details: what is wrong, and what would be right."""

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from starlette.exceptions import HTTPException

from desk.conversations.rules import TooLong
from desk.errors import Conflict, DeskError, Forbidden, Invalid, NotFound
from desk.people.routes import TooMany
from desk.people.rules import NotSignedIn

log = logging.getLogger(__name__)

STATUS: dict[type[DeskError], int] = {
    TooMany: 429,
    NotSignedIn: 401,
    TooLong: 413,
    NotFound: 404,
    Forbidden: 403,
    Conflict: 409,
    Invalid: 422,
}
TITLES = {
    400: "The request cannot be read",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Not possible here",
    409: "Not as things stand",
    413: "Too long",
    415: "Another kind of content",
    422: "Something in the request is wrong",
    429: "Too many requests",
    500: "Our mistake",
    503: "Not available just now",
}


def explain_errors(app: FastAPI) -> None:
    """Have `app` answer every error with problem details."""
    app.add_exception_handler(DeskError, _refusal)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(OperationalError, _database)
    app.add_exception_handler(NoConnectionFree, _database)
    app.add_exception_handler(Exception, _mistake)


def problem(status: int, detail: str, code: str, **more: Any) -> JSONResponse:
    """One problem, as the client sees it."""
    headers = {"Retry-After": str(more["retry_after"])} if "retry_after" in more else None
    body = {"type": "about:blank", "title": TITLES.get(status, "Refused"), "status": status}
    return JSONResponse(
        body | {"detail": detail, "code": code} | more,
        status,
        headers=headers,
        media_type="application/problem+json",
    )


async def _refusal(_: Request, error: Exception) -> JSONResponse:
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
    more: dict[str, Any] = {}
    if isinstance(error, TooMany):
        more["retry_after"] = error.retry_after_seconds
    return problem(status, str(error), type(error).__name__, **more)


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    wrong = [
        {"where": ".".join(str(part) for part in found["loc"]), "what": found["msg"]}
        for found in error.errors()
    ]
    unreadable = any(found["type"] == "json_invalid" for found in error.errors())
    told = "; ".join(f"{w['where']}: {w['what']}" for w in wrong)
    return problem(400 if unreadable else 422, told, "InvalidRequest", errors=wrong)


async def _http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return problem(error.status_code, str(error.detail), f"Http{error.status_code}")


async def _database(_: Request, error: Exception) -> JSONResponse:
    log.error("The database failed: %s", error)
    return problem(
        503, "The desk cannot reach its database. Try again shortly.", "Unavailable", retry_after=5
    )


async def _mistake(_: Request, error: Exception) -> JSONResponse:
    log.exception("A request failed.", exc_info=error)
    return problem(500, "Something went wrong on our side. Nothing was changed.", "Mistake")
