"""A1 to A4, B3, B4, F13: who may come in, and what each door says to the rest."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import jwt
import pytest
from fastapi.testclient import TestClient

from desk.durable import transaction
from desk.http.app import create_app
from desk.integrations.bot import ScriptedBot
from desk.people import routes
from desk.people.models import Role
from tests.builders import PASSWORD, a_conversation_in_the_queue, an_agent
from tests.conftest import SECRETS


@pytest.fixture
def client(sqlite_database):
    routes._limiter.storage.reset()
    with TestClient(create_app(ScriptedBot()), raise_server_exceptions=False) as client:
        yield client


def a_session(client):
    answer = client.post("/api/v1/sessions", json={"website_token": "test-site"})
    assert answer.status_code == 201
    return {"Authorization": f"Bearer {answer.json()['token']}"}


def a_conversation_of(client, customer):
    answer = client.post(
        "/api/v1/conversations", json={"client_id": str(uuid4())}, headers=customer
    )
    return answer.json()["id"]


def send(client, customer, conversation_id, **body):
    told = {"client_id": str(uuid4()), "text": "hello"} | body
    address = f"/api/v1/conversations/{conversation_id}/turns"
    return client.post(address, json=told, headers=customer)


def sign_in(client, role=Role.AGENT):
    person = transaction(an_agent, "Alex", role)
    answer = client.post("/api/v1/sign-in", json={"email": person.email, "password": PASSWORD})
    assert answer.status_code == 200
    return {"X-CSRF-Token": answer.json()["csrf_token"]}


def problem(answer, status, code):
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    return answer.json()["detail"]


def test_a1_another_customers_conversation_is_not_found_at_any_door(client):
    mine, theirs = a_session(client), a_session(client)
    conversation_id = a_conversation_of(client, theirs)
    address = f"/api/v1/conversations/{conversation_id}"
    problem(client.get(address, headers=mine), 404, "NoSuchConversation")
    problem(send(client, mine, conversation_id), 404, "NoSuchConversation")
    problem(client.post(f"{address}/typing", headers=mine), 404, "NoSuchConversation")
    problem(client.get(f"{address}/stream", headers=mine), 404, "NoSuchConversation")
    assert client.get("/api/v1/conversations", headers=mine).json() == {"items": []}


@pytest.mark.parametrize(
    "token",
    [
        "",
        "guessed",
        jwt.encode({"sub": str(uuid4()), "aud": "customer", "exp": 9e9}, "k" * 32, "HS256"),
        jwt.encode({"sub": str(uuid4()), "aud": "customer", "exp": 9e9}, None, "none"),
    ],
)
def test_a2_a_session_that_the_desk_did_not_sign_opens_nothing(client, token):
    answer = client.get("/api/v1/conversations", headers={"Authorization": f"Bearer {token}"})
    problem(answer, 401, "NotSignedIn")


def test_a2_an_expired_session_opens_nothing(client):
    claims = {"sub": str(uuid4()), "aud": "customer", "exp": datetime.now(UTC) - timedelta(hours=1)}
    token = jwt.encode(claims, SECRETS["DESK_SECRET"], "HS256")
    answer = client.get("/api/v1/conversations", headers={"Authorization": f"Bearer {token}"})
    problem(answer, 401, "NotSignedIn")


def identity(**claims):
    told = {
        "sub": "customer-1",
        "aud": "kaidesk",
        "email": "mei@example.org",
        "name": "Mei",
        "iat": datetime.now(UTC),
        "exp": datetime.now(UTC) + timedelta(minutes=30),
    } | claims
    return jwt.encode(told, SECRETS["DESK_IDENTITY_SECRET"], "HS256")


def test_a3_only_a_signed_identity_makes_a_customer_known(client):
    customer = a_session(client)
    answer = client.put("/api/v1/session/identity", json={"jwt": identity()}, headers=customer)
    assert answer.json() == {"name": "Mei", "email": "mei@example.org"}
    other = identity(sub="customer-2", email="bob@example.org")
    answer = client.put("/api/v1/session/identity", json={"jwt": other}, headers=customer)
    problem(answer, 409, "AnotherCustomer")


@pytest.mark.parametrize(
    "token",
    [
        jwt.encode({"sub": "x", "email": "mei@example.org"}, None, "none"),
        identity(exp=datetime.now(UTC) - timedelta(minutes=5)),
        identity(exp=datetime.now(UTC) + timedelta(hours=3)),
        identity(aud="another desk"),
        identity(email=""),
        "not a token",
    ],
)
def test_a3_an_identity_that_is_not_signed_as_agreed_is_refused(client, token):
    answer = client.put("/api/v1/session/identity", json={"jwt": token}, headers=a_session(client))
    problem(answer, 403, "IdentityRefused")


def test_a3_a_new_session_knows_nothing_of_an_earlier_one_by_the_same_words(client):
    first, second = a_session(client), a_session(client)
    send(client, first, a_conversation_of(client, first), text="I am mei@example.org")
    send(client, second, a_conversation_of(client, second), text="I am mei@example.org")
    assert len(client.get("/api/v1/conversations", headers=second).json()["items"]) == 1


def test_a4_the_console_is_closed_to_strangers_and_to_customers(client):
    customer = a_session(client)
    for headers in ({}, customer):
        problem(client.get("/api/v1/desk/queue", headers=headers), 401, "NotSignedIn")
        problem(client.get("/api/v1/desk/stream", headers=headers), 401, "NotSignedIn")


def test_a10_a_write_without_the_csrf_token_is_refused(client):
    token = sign_in(client)
    waiting = transaction(a_conversation_in_the_queue)
    take = f"/api/v1/desk/conversations/{waiting.id}/take"
    problem(client.post(take), 403, "NoCsrfToken")
    problem(client.post(take, headers={"X-CSRF-Token": "guess"}), 403, "NoCsrfToken")
    assert client.post(take, headers=token).json()["answered_by"] == "agent"


def test_an_agent_takes_answers_and_resolves(client):
    token = sign_in(client)
    waiting = transaction(a_conversation_in_the_queue)
    queue = client.get("/api/v1/desk/queue").json()
    assert [line["id"] for line in queue["waiting"]] == [str(waiting.id)]
    address = f"/api/v1/desk/conversations/{waiting.id}"
    client.post(f"{address}/take", headers=token)
    body = {"client_id": str(uuid4()), "text": "Hello, Alex here."}
    said = [client.post(f"{address}/turns", json=body, headers=token).json() for _ in range(2)]
    assert said[0]["id"] == said[1]["id"]
    assert said[0]["author_name"] == "Alex"
    assert client.post(f"{address}/resolve", headers=token).json()["status"] == "resolved"
    late = {"client_id": str(uuid4()), "text": "one more"}
    problem(client.post(f"{address}/turns", json=late, headers=token), 409, "NotYours")


def test_a_wrong_password_and_an_unknown_address_are_refused_alike(client):
    person = transaction(an_agent)
    told = {
        problem(
            client.post("/api/v1/sign-in", json={"email": email, "password": "wrong"}),
            401,
            "WrongPassword",
        )
        for email in (person.email, "nobody@desk.example")
    }
    assert len(told) == 1


def test_a15_guessing_passwords_is_slowed_down(client):
    person = transaction(an_agent)
    wrong = {"email": person.email, "password": "wrong"}
    answers = [client.post("/api/v1/sign-in", json=wrong) for _ in range(6)]
    problem(answers[-1], 429, "TooMany")
    assert int(answers[-1].headers["retry-after"]) > 0


def test_signing_out_ends_it(client):
    token = sign_in(client)
    cookie = client.cookies["desk_session"]
    assert client.post("/api/v1/sign-out", headers=token).status_code == 204
    client.cookies.set("desk_session", cookie)
    problem(client.get("/api/v1/me"), 401, "NotSignedIn")


def test_the_staff_cookie_is_out_of_reach_of_scripts_and_other_sites(client):
    person = transaction(an_agent)
    answer = client.post("/api/v1/sign-in", json={"email": person.email, "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_f13_a_retry_gets_the_same_answer_and_other_words_are_a_conflict(client):
    customer = a_session(client)
    conversation_id, client_id = a_conversation_of(client, customer), str(uuid4())
    first, again = (send(client, customer, conversation_id, client_id=client_id) for _ in range(2))
    assert (first.status_code, first.json()) == (202, again.json())
    other = send(client, customer, conversation_id, client_id=client_id, text="other")
    problem(other, 409, "SaidOtherwise")


def test_b3_two_thousand_characters_are_the_most(client):
    customer = a_session(client)
    conversation_id = a_conversation_of(client, customer)
    assert send(client, customer, conversation_id, text="x" * 2_000).status_code == 202
    assert "2,001" in problem(
        send(client, customer, conversation_id, text="x" * 2_001), 413, "TooLong"
    )
    huge = send(client, customer, conversation_id, text="x" * 1_000_000)
    problem(huge, 413, "TooLarge")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"client_id":"ID","text":"a\\u0000b"}', 422),
        (b'{"client_id":"ID","text":"a\\ud800b"}', 422),
        (b'{"client_id":"ID","text":"   "}', 422),
        (b'{"client_id":"ID","text":null}', 422),
        (b'{"client_id":"nope","text":"hi"}', 422),
        (b'{"client_id":"ID","text":"\xff\xfe"}', 400),
        (b'{"client_id":', 400),
        (b"[1, 2]", 422),
        (b"1e999", 422),
        (b"[" * 5_000, 400),
        (b"", 422),
    ],
)
def test_b4_b8_what_cannot_be_meant_is_refused_in_words(client, body, status):
    customer = a_session(client)
    address = f"/api/v1/conversations/{a_conversation_of(client, customer)}/turns"
    content = body.replace(b"ID", str(uuid4()).encode())
    answer = client.post(
        address, content=content, headers=customer | {"Content-Type": "application/json"}
    )
    assert answer.status_code == status
    assert answer.json()["detail"]


@pytest.mark.parametrize("wrong", ["-1", "9223372036854775808", "١٢", "%5B%5D", "00000000"])
def test_b9_an_id_that_is_none_is_refused(client, wrong):
    answer = client.get(f"/api/v1/conversations/{wrong}", headers=a_session(client))
    problem(answer, 422, "InvalidRequest")


def test_a_customer_who_sends_too_fast_is_asked_to_wait(client):
    customer = a_session(client)
    conversation_id = a_conversation_of(client, customer)
    answers = [send(client, customer, conversation_id) for _ in range(8)]
    assert {answer.status_code for answer in answers} == {202, 429}


def test_a7_a_site_that_is_not_listed_may_not_frame_the_widget(client, tmp_path, monkeypatch):
    answer = client.get("/widget/frame")
    if answer.status_code == 200:
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors http://127.0.0.1:8090" in policy
        assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]
    unknown = client.post("/api/v1/sessions", json={"website_token": "stolen"})
    problem(unknown, 403, "UnknownWebsite")


def test_readiness_says_which_part_is_missing(client):
    answer = client.get("/readyz")
    missing = [part for part, is_there in answer.json()["parts"].items() if not is_there]
    assert (answer.status_code, missing) == (503, ["bot"])
    assert client.get("/healthz").status_code == 200


def test_the_api_describes_every_operation_with_an_example(client):
    told = client.get("/api/v1/openapi.json").json()
    shapes = told["components"]["schemas"]

    def has_example(schema):
        schema = shapes[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
        ours = "example" in schema or "examples" in schema
        fields = schema.get("properties", {}).values()
        return ours or any("examples" in field for field in fields)

    for path, operations in told["paths"].items():
        for verb, operation in operations.items():
            assert operation.get("summary"), (verb, path)
            bodies = [operation.get("requestBody", {}).get("content", {})]
            bodies += [a.get("content", {}) for s, a in operation["responses"].items() if s < "300"]
            for body in bodies:
                for kind, content in body.items():
                    if kind == "application/json" and path.startswith("/api/"):
                        known = "example" in content or "examples" in content
                        assert known or has_example(content["schema"]), (verb, path)
