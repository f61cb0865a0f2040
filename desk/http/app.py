"""The HTTP face of the desk: routes in, errors out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from desk.approvals import routes as approvals
from desk.dialogue.workflows import Answering, Overhearing
from desk.errands import routes as errands
from desk.http import customers, health, pages, staff
from desk.http import help as help_pages
from desk.http.presence import Presence
from desk.http.problems import explain_errors, problem
from desk.http.stream import Stream
from desk.improvement import routes as improvement
from desk.integrations.bot import Bot, bot
from desk.knowledge import queries as articles
from desk.knowledge import routes as knowledge
from desk.metrics import routes as metrics
from desk.notes import routes as notes
from desk.oversight import routes as oversight
from desk.people import routes as people
from desk.promises import routes as promises
from desk.replies import routes as replies
from desk.routing import routes as routing
from desk.routing.workflows import Routing

API = (
    people.router,
    customers.router,
    staff.router,
    notes.router,
    replies.router,
    routing.router,
    metrics.router,
    knowledge.router,
    improvement.router,
    approvals.router,
    oversight.router,
    errands.router,
    promises.router,
    promises.kept,
)
LARGEST_BODY = 64 * 1024  # bytes; a message of 2,000 characters fits with room to spare


def create_app(asked: Bot | None = None) -> FastAPI:
    """The desk over HTTP, answering customers through `asked`, by default the real bot."""

    @asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[None]:
        app.state.answering = answering = Answering(asked or bot())
        router = Routing()
        app.state.stream = stream = Stream(on_news=answering.nudge, on_event=router.hear)
        app.state.readiness = health.Readiness(
            {
                "database": health.database_answers,
                "bot": lambda: bot().is_ready(),
                "answering": lambda: answering.is_running,
                "stream": lambda: stream.is_running,
                "routing": lambda: router.is_running,
            }
        )
        app.state.stream.start()
        app.state.answering.start()
        router.start()
        presence = Presence(stream.followed)
        presence.start()
        articles.load()
        overhearing = Overhearing(asked or bot())
        overhearing.start()
        yield
        overhearing.stop()
        presence.stop()
        router.stop()
        app.state.stream.stop()
        app.state.answering.stop()

    app = Desk(
        title="Kaidesk",
        version="1",
        summary="A service desk that improves itself.",
        lifespan=running,
        max_body_size=LARGEST_BODY,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    for routes in API:
        app.include_router(routes, prefix="/api/v1")
    for routes in (health.router, help_pages.router, pages.router):
        app.include_router(routes)
    app.mount("/assets", pages.assets())
    app.add_middleware(CarefulHeaders)
    explain_errors(app)
    return app


class Desk(FastAPI):
    """FastAPI refuses a body that is too large in plain text; the desk explains itself."""

    def build_middleware_stack(self) -> ASGIApp:
        """The stack, with the refusal at its outer edge put into our words."""
        inner = super().build_middleware_stack()

        async def outer(scope: Scope, receive: Receive, send: Send) -> None:
            refused = False

            async def explain(message: Message) -> None:
                nonlocal refused
                if message["type"] == "http.response.start" and message["status"] == 413:
                    refused = b"text/plain" in dict(message["headers"]).get(b"content-type", b"")
                    if refused:
                        told = f"A request has at most {LARGEST_BODY:,} bytes."
                        await problem(413, told, "TooLarge")(scope, receive, send)
                if not refused:
                    await send(message)

            await inner(scope, receive, explain)

        return outer


class CarefulHeaders:
    """Headers that keep a browser from guessing and leaking."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; add the headers to its answer."""

        async def careful(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("X-Content-Type-Options", "nosniff")
                headers.setdefault("Referrer-Policy", "same-origin")
                if scope["path"].startswith("/api/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, careful if scope["type"] == "http" else send)
