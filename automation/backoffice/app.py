"""The sample company's systems in one process: intranet, shop, carrier, directory, finance."""

import secrets
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.middleware.sessions import SessionMiddleware

from automation.backoffice import customer_pages, order_pages, sign_in
from automation.backoffice.carrier import pages as carrier
from automation.backoffice.interfaces import directory, door, finance, mail_trace
from automation.backoffice.ledger import Refused
from automation.backoffice.shop import pages as shop

HERE = Path(__file__).parent


def app() -> FastAPI:
    """The application. The order system is deliberately without an API: what staff cannot click,
    nobody can do. Directory, finance and the mail system's trace speak JSON."""
    company = FastAPI(title="Kiln & Dew", docs_url=None, redoc_url=None, openapi_url=None)
    # Whoever was signed in signs in again after a restart: the key lives as long as the process.
    company.add_middleware(
        SessionMiddleware,
        secret_key=secrets.token_hex(32),
        session_cookie="intranet",
        same_site="strict",
    )
    company.mount("/static", StaticFiles(directory=HERE / "static"))
    company.mount("/shop/static", StaticFiles(directory=HERE / "shop" / "static"))
    company.include_router(sign_in.pages)
    company.include_router(order_pages.pages)
    company.include_router(customer_pages.pages)
    company.include_router(shop.pages)
    company.include_router(carrier.pages)
    company.include_router(directory.interface)
    company.include_router(finance.interface)
    company.include_router(mail_trace.interface)
    company.add_exception_handler(sign_in.NotSignedIn, sign_in.show_sign_in)
    company.add_exception_handler(Refused, door.say_no)
    return company
