"""The built pages, each under the strictest policy it can live with."""

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from desk.errors import NotFound
from desk.settings import settings

router = APIRouter(include_in_schema=False)

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "object-src 'none'; frame-ancestors {ancestors}"
)


class NotBuilt(NotFound):
    """The pages have not been built."""


def assets() -> StaticFiles:
    """Hashed files, which never change under one name."""
    return StaticFiles(directory=settings().web_folder / "assets", check_dir=False)


@router.get("/")
def get_root() -> Response:
    """The desk's front door is the console."""
    return RedirectResponse("/console")


@router.get("/widget/sdk.js")
def get_sdk() -> Response:
    """The loader that a web site embeds."""
    return _file("sdk.js", cache="public, max-age=300", cross_origin=True)


@router.get("/widget/frame")
def get_frame() -> Response:
    """The widget itself, which only the allowed web sites may frame."""
    return _page("widget/index.html", ancestors=" ".join(settings().origins) or "'none'")


@router.get("/console")
@router.get("/console/{path:path}")
def get_console(path: str = "") -> Response:
    """The agents' console."""
    return _page("console/index.html")


@router.get("/dashboard")
@router.get("/dashboard/{path:path}")
def get_dashboard(path: str = "") -> Response:
    """The supervisors' dashboard."""
    return _page("dashboard/index.html")


def _page(name: str, ancestors: str = "'none'") -> Response:
    page = _file(name, cache="no-cache")
    page.headers["Content-Security-Policy"] = POLICY.format(ancestors=ancestors)
    return page


def _file(name: str, *, cache: str, cross_origin: bool = False) -> Response:
    file: Path = settings().web_folder / name
    if not file.is_file():
        raise NotBuilt(f"{name} has not been built. Run `make up`, or `npm run build` in web/.")
    response = FileResponse(file, headers={"Cache-Control": cache})
    if cross_origin:
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
