"""The desk's HTTP door, for tests that knock at it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi.testclient import TestClient

from desk.durable import transaction
from desk.http.app import create_app
from desk.integrations.bot import ScriptedBot
from desk.people import routes
from desk.people.models import Person, Role
from tests.builders import PASSWORD, an_agent
from tests.whole_desk import free_port, wait_until


@contextmanager
def a_client() -> Iterator[TestClient]:
    """A browser without a session, before a desk that has counted nobody's tries yet."""
    routes._limiter.storage.reset()
    with TestClient(create_app(ScriptedBot()), raise_server_exceptions=False) as client:
        yield client


@contextmanager
def a_server() -> Iterator[str]:
    """The same desk behind a real port, for what only a connection shows; gives its address."""
    routes._limiter.storage.reset()
    port = free_port()
    config = uvicorn.Config(create_app(ScriptedBot()), port=port, log_level="error")
    config.timeout_graceful_shutdown = 1
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run)
    thread.start()
    wait_until(lambda: running.started, 20)
    yield f"http://127.0.0.1:{port}"
    running.should_exit = True
    thread.join()


def signed_in(client: TestClient, role: Role) -> dict[str, str]:
    """Take somebody onto the staff and sign them in; gives the headers that their requests need."""
    return signed_in_as(client, transaction(an_agent, "Alex", role))


def signed_in_as(client: TestClient, person: Person) -> dict[str, str]:
    """Sign one of the staff in; gives the headers that their requests need."""
    told = {"email": person.email, "password": PASSWORD}
    return {"X-CSRF-Token": client.post("/api/v1/sign-in", json=told).json()["csrf_token"]}
