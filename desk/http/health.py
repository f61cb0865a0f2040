"""Whether this process is alive, and whether a customer would be served."""

import time
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from desk.durable import reading

KEPT_SECONDS = 2.0

router = APIRouter(tags=["health"])


class Readiness:
    """What each part said last. A part is asked every two seconds at most, by one who wants to
    know; the others are told the last answer, so that a part that hangs holds up nobody else."""

    def __init__(self, parts: Mapping[str, Callable[[], bool]]) -> None:
        self._parts = parts
        self._asking = Lock()
        self._found: dict[str, bool] = {}
        self._stale_at = 0.0

    def found(self) -> dict[str, bool]:
        """Whether each part is there."""
        is_first = not self._found
        if time.monotonic() >= self._stale_at and self._asking.acquire(blocking=is_first):
            try:
                self._look()
            finally:
                self._asking.release()
        return self._found

    def _look(self) -> None:
        if time.monotonic() >= self._stale_at:  # those who waited for the first look need no other
            self._found = {name: is_there() for name, is_there in self._parts.items()}
            self._stale_at = time.monotonic() + KEPT_SECONDS


@router.get("/healthz")
def get_health() -> dict[str, str]:
    """This process is alive."""
    return {"status": "alive"}


@router.get("/readyz", response_model=None)
def get_readiness(request: Request) -> JSONResponse:
    """Whether the parts that a customer needs are there: 200 if all are, else 503."""
    found = request.app.state.readiness.found()
    status = 200 if all(found.values()) else 503
    return JSONResponse({"ready": status == 200, "parts": found}, status)


def database_answers() -> bool:
    """Whether the database does."""

    def one(session: Any) -> bool:
        return bool(session.scalar(text("SELECT 1")))

    try:
        return reading(one)
    except SQLAlchemyError:
        return False
