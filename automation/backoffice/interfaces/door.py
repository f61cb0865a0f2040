"""Who may ask, and how a system says no."""

from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request
from fastapi.responses import JSONResponse, Response
from fastapi.security import HTTPBasic, HTTPBasicCredentials

from automation.backoffice.database import reading
from automation.backoffice.ledger import Refused
from automation.backoffice.passwords import is_password

_asked_for = HTTPBasic(realm="Kiln & Dew")


def _known(told: Annotated[HTTPBasicCredentials, Depends(_asked_for)]) -> str:
    """The login of whoever asks; 401 for anybody who is not on the staff."""
    with reading() as connection:
        found = connection.execute(
            "SELECT * FROM staff WHERE login = ?", (told.username,)
        ).fetchone()
    if found is None or not is_password(told.password, found["password_digest"]):
        raise HTTPException(401)
    return str(found["login"])


Asker = Annotated[str, Depends(_known)]


async def say_no(_: Request, refused: Exception) -> Response:
    """The refusal's number and text, as JSON. The intranet's own pages show theirs themselves."""
    told: dict[str, Any] = {"number": getattr(refused, "number", ""), "text": str(refused)}
    return JSONResponse(told, status_code=409)


__all__ = ["Asker", "Refused", "say_no"]
