"""The action server: `python -m actions`. On loopback only, and only for the bot."""

import hmac
import importlib
import logging
import pkgutil
import sys
import warnings
from typing import Any
from urllib.parse import urlsplit

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.utils import all_subclasses
from sanic import Request, Sanic
from sanic.response import HTTPResponse, json

import actions
from actions.settings import actions_settings
from actions.talk import Door
from desk.knowledge import queries as knowledge
from language import log_redaction

LOOPBACK = ("127.0.0.1", "localhost")


def main() -> None:
    """Serve until told to stop."""
    known = actions_settings()
    address = urlsplit(known.url)
    if address.hostname not in LOOPBACK:
        sys.exit(f"The action server listens on loopback only, not on {address.hostname}.")
    logging.basicConfig(level=logging.WARNING)
    log_redaction.install()
    knowledge.load()
    make_app(known.secret).run(
        host="127.0.0.1",
        port=address.port or 5155,
        single_process=True,
        access_log=False,
        motd=False,
    )


class WithoutDomain(ActionExecutor):
    """Rasa 3.6 does not send the whole domain with each call, and no action of ours reads it;
    this version of the SDK would refuse such a call."""

    def is_domain_digest_valid(self, domain_digest: str | None) -> bool:
        return True


def make_app(secret: str) -> Sanic[Any, Any]:
    """The server, with a guard before every route."""
    warnings.filterwarnings("ignore", message=".*versions of rasa and rasa_sdk.*")
    executor = WithoutDomain()
    for door in doors():
        executor.register_action(door)
    app: Sanic[Any, Any] = create_app(executor, cors_origins=[])

    async def refuse_strangers(request: Request) -> HTTPResponse | None:
        given = request.headers.get("X-Desk-Secret", "").encode()
        if hmac.compare_digest(given, secret.encode()):
            return None
        return json({"error": "forbidden"}, status=403)

    app.register_middleware(refuse_strangers, "request")
    return app


def doors() -> list[type[Door]]:
    """Every action of this package that the bot can call by a name."""
    for module in pkgutil.iter_modules(actions.__path__):
        if module.name != "__main__":
            importlib.import_module(f"actions.{module.name}")
    return [door for door in all_subclasses(Door) if hasattr(door, "name_in_domain")]


if __name__ == "__main__":
    main()
