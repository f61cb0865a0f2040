"""What screens are shown, on both databases: what helps, and nothing that is others' affair."""

import pytest
from fastapi.testclient import TestClient

from desk.durable import transaction
from desk.http.app import create_app
from desk.integrations.bot import ScriptedBot
from desk.people import routes
from tests.builders import PASSWORD, a_conversation_with, an_agent


@pytest.fixture
def client(database):
    routes._limiter.storage.reset()
    with TestClient(create_app(ScriptedBot()), raise_server_exceptions=False) as client:
        yield client


def test_an_agent_is_seen_typing_only_where_the_conversation_is_theirs(client):
    alex, ming = (transaction(an_agent, name) for name in ("Alex", "Ming"))
    taken = transaction(a_conversation_with, alex)
    answers = []
    for agent in (alex, ming):
        signed_in = {"email": agent.email, "password": PASSWORD}
        token = client.post("/api/v1/sign-in", json=signed_in).json()["csrf_token"]
        address = f"/api/v1/desk/conversations/{taken.id}/typing"
        answers.append(client.post(address, headers={"X-CSRF-Token": token}).status_code)
    assert answers == [204, 409]
