"""The carrier's one page. Anybody may look up a number; it never says who sends what to whom."""

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

from automation.backoffice.database import reading

pages = APIRouter(prefix="/carrier")
templates = Jinja2Templates(Path(__file__).with_name("templates"))


@pages.get("")
def track(request: Request, number: str = "") -> HTMLResponse:
    wanted = number.strip().upper()
    with reading() as connection:
        parcel = connection.execute(
            "SELECT * FROM parcels WHERE tracking_number = ?", (wanted,)
        ).fetchone()
        scans = connection.execute(
            "SELECT * FROM scans WHERE tracking_number = ? ORDER BY at DESC", (wanted,)
        ).fetchall()
    shown = {"asked": wanted, "parcel": parcel, "scans": scans}
    status = 404 if wanted and parcel is None else 200
    return templates.TemplateResponse(request, "track.html", shown, status_code=status)
