"""A5 and A16: every route against every role, and what is written down of who looked and who was
refused."""

import re
from uuid import UUID, uuid4

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from sqlalchemy import select

from desk import clock
from desk.durable import reading, transaction
from desk.events.models import Event
from desk.events.queries import broken_seals
from desk.http.app import API
from desk.people import routes
from desk.people.models import Role
from desk.people.rules import ONE_LOOK
from tests.builders import a_conversation_in_the_queue, a_conversation_with, an_agent
from tests.doors import a_client, signed_in_as

OPEN = {
    ("POST", "/api/v1/sessions"),
    ("POST", "/api/v1/sign-in"),
    ("POST", "/api/v1/jobs"),
    ("GET", "/api/v1/jobs/{job_id}"),
    ("POST", "/api/v1/hooks/jobs"),
}
CALLERS = ("stranger", "customer", Role.AGENT, Role.SUPERVISOR, Role.ADMIN)


def needs_of(dependant: Dependant) -> set[object]:
    found = {dependant.call}
    for below in dependant.dependencies:
        found |= needs_of(below)
    return found


def guarded() -> list[tuple[str, str, str]]:
    """(method, path, who it wants) of every route of the API, from the router itself."""
    rows = []
    for route in (route for router in API for route in router.routes):
        if not isinstance(route, APIRoute):
            continue
        needs = needs_of(route.dependant)
        wants = (
            "supervisor" if routes.supervisor in needs
            else "staff" if routes.staff in needs or routes.signed_in in needs
            else "customer" if routes.present_customer in needs
            else "anybody"
        )  # fmt: skip
        path = "/api/v1" + route.path
        rows += [(method, path, wants) for method in sorted(route.methods - {"HEAD"})]
    return rows


ROUTES = guarded()


def test_a5_what_is_open_to_whoever_comes_is_known():
    """Each of these checks something of its own: a token, a password, a signature."""
    assert {(method, path) for method, path, wants in ROUTES if wants == "anybody"} == OPEN
    assert sum(wants == "supervisor" for _, _, wants in ROUTES) > 10
    assert sum(wants == "staff" for _, _, wants in ROUTES) > 10


@pytest.mark.fault("A5")
def test_a5_every_route_against_every_role(sqlite_database):
    """With ids that nobody has: who may come in gets past the door and is told something else."""
    with a_client() as client:
        headers = {"stranger": {}}
        session = client.post("/api/v1/sessions", json={"website_token": "test-site"}).json()
        headers["customer"] = {"Authorization": f"Bearer {session['token']}"}
        for caller in CALLERS:
            client.cookies.clear()
            told = headers.get(caller)
            if isinstance(caller, Role):
                told = signed_in_as(client, transaction(an_agent, "Alex", caller))
            wrong = []
            for method, path, wants in ROUTES:
                if path.endswith("/stream") or path == "/api/v1/sign-out" or wants == "anybody":
                    continue
                address = re.sub(r"\{[^}]*\}", str(uuid4()), path)
                answer = client.request(method, address, headers=told)
                refused = answer.json().get("code") if answer.status_code in (401, 403) else None
                if refused not in expected(caller, wants):
                    wrong.append((method, path, wants, answer.status_code, answer.text[:100]))
            assert not wrong, caller


def expected(caller: str, wants: str) -> set[str | None]:
    if wants == "customer":
        return {None} if caller == "customer" else {"NotSignedIn"}
    if caller == "customer":
        return {"NotSignedIn", "NotAllowed"}
    if caller == "stranger":
        return {"NotSignedIn"}
    return {"NotAllowed"} if wants == "supervisor" and caller is Role.AGENT else {None}


def log_of(session, person_id: UUID, kind: str) -> list[Event]:
    theirs = select(Event).where(Event.stream == person_id, Event.kind == kind)
    return list(session.scalars(theirs.order_by(Event.number)))


def test_an_attempt_that_was_refused_is_in_the_log(sqlite_database):
    agent = transaction(an_agent, "Alex")
    with a_client() as client:
        headers = signed_in_as(client, agent)
        name = "secret-name"
        assert client.delete(f"/api/v1/desk/replies/{uuid4()}", headers=headers).status_code == 403
        client.get(f"/api/v1/metrics/resolution?since={name}", headers=headers)
    first, second = reading(log_of, agent.id, "person.denied")
    assert (first.facts["method"], first.facts["code"]) == ("DELETE", "NOT_ALLOWED")
    assert first.facts["route"] == "/desk/replies/{reply_id}"
    assert name not in str(second.facts)


@pytest.mark.fault("A16")
def test_a16_who_reads_a_conversation_that_is_not_theirs_is_in_a_sealed_log(database, monkeypatch):
    admin, agent = (transaction(an_agent, n, r) for n, r in (("Ada", Role.ADMIN), ("Al", "agent")))
    waiting = transaction(a_conversation_in_the_queue)
    theirs = transaction(a_conversation_with, agent)
    with a_client() as client:
        signed_in_as(client, admin)
        for spoken in (waiting, waiting, theirs):
            assert client.get(f"/api/v1/desk/conversations/{spoken.id}").status_code == 200
        later = clock.now() + ONE_LOOK
        monkeypatch.setattr(clock, "now", lambda: later)
        assert client.get(f"/api/v1/desk/conversations/{waiting.id}").status_code == 200
        assert client.get(f"/api/v1/desk/conversations/{uuid4()}").status_code == 404
        client.cookies.clear()
        signed_in_as(client, agent)
        client.get(f"/api/v1/desk/conversations/{theirs.id}")
    looks = reading(log_of, admin.id, "conversation.looked_at")
    expected = [str(spoken.id) for spoken in (waiting, theirs, waiting)]
    assert [look.facts["subject"] for look in looks] == expected
    assert reading(log_of, agent.id, "conversation.looked_at") == []
    assert reading(broken_seals, admin.id) == []
