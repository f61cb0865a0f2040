"""The desk's HTTP door, for tests that knock at it."""

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi.testclient import TestClient

from desk.durable import transaction
from desk.http.app import create_app
from desk.integrations.bot import ScriptedBot
from desk.people import routes
from desk.people.models import Person, Role
from tests.builders import PASSWORD, an_agent


@contextmanager
def a_client() -> Iterator[TestClient]:
    """A browser without a session, before a desk that has counted nobody's tries yet."""
    routes._limiter.storage.reset()
    with TestClient(create_app(ScriptedBot()), raise_server_exceptions=False) as client:
        yield client


def signed_in(client: TestClient, role: Role) -> dict[str, str]:
    """Take somebody onto the staff and sign them in; gives the headers that their requests need."""
    return signed_in_as(client, transaction(an_agent, "Alex", role))


def signed_in_as(client: TestClient, person: Person) -> dict[str, str]:
    """Sign one of the staff in; gives the headers that their requests need."""
    told = {"email": person.email, "password": PASSWORD}
    return {"X-CSRF-Token": client.post("/api/v1/sign-in", json=told).json()["csrf_token"]}
