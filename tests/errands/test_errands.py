"""Jobs on a program's word and by the clock: each once, signed, and within the same limits."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from automation.contracts import JobRequest
from desk import clock
from desk.durable import reading, transaction
from desk.errands import queries
from desk.errands.commands import AskedOtherwise, add_schedule, ask_once, set_going
from desk.errands.models import Schedule
from desk.errands.rules import NoSuchTime, NotSigned, check_signature, next_time, sign
from desk.errands.workflows import start_what_is_due
from desk.jobs.models import Asker, Job, JobStatus
from desk.people.models import Role
from tests.builders import an_agent
from tests.conftest import forget_settings
from tests.doors import a_client, signed_in

INVOICE = JobRequest("resend_invoice", {"order_number": "KD-4712"})
BODY = {"kind": "resend_invoice", "inputs": {"order_number": "KD-4712"}}
NOW = datetime(2026, 11, 28, 1, 0, tzinfo=UTC)
AT = int(NOW.timestamp())


def jobs():
    return reading(lambda session: session.scalars(select(Job)).all())


# Rules


def test_what_one_of_our_secrets_signed_just_now_is_let_through():
    for secret in ("old", "new"):
        check_signature(sign(secret, AT - 299, b"{}"), b"{}", ["new", "old"], NOW)


@pytest.mark.parametrize(
    ("header", "body", "secrets"),
    [
        ("", b"{}", ["new"]),
        (sign("other", AT, b"{}"), b"{}", ["new"]),
        (sign("new", AT, b"{}"), b"{ }", ["new"]),
        (sign("new", AT - 301, b"{}"), b"{}", ["new"]),
        (sign("new", AT + 301, b"{}"), b"{}", ["new"]),
        (sign("new", AT, b"{}").replace("t=1", "t=2"), b"{}", ["new"]),
        (sign("", AT, b"{}"), b"{}", []),
        (f"t={AT},v1=", b"{}", ["new"]),
    ],
)
def test_anything_else_is_not(header, body, secrets):
    with pytest.raises(NotSigned):
        check_signature(header, body, secrets, NOW)


def test_a_time_is_the_clocks_of_the_company_and_survives_their_change():
    assert next_time("30 6 * * *", NOW, "Asia/Shanghai") == datetime(
        2026, 11, 28, 22, 30, tzinfo=UTC
    )
    spring = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
    assert next_time("0 6 * * *", spring, "Europe/Berlin") == datetime(
        2026, 3, 29, 4, 0, tzinfo=UTC
    )


@pytest.mark.parametrize("wrong", ["", "* * * *", "0 0 30 2 *", "61 * * * *", "* * * * * *", "x"])
def test_a_time_that_never_comes_is_none(wrong):
    with pytest.raises(NoSuchTime):
        next_time(wrong, NOW, "UTC")


# Commands


def test_a_key_is_one_job_however_many_ask_at_once(database):
    def ask(_):
        return transaction(ask_once, Asker.API, "key", INVOICE).id

    with ThreadPoolExecutor(6) as programs:
        assert len(set(programs.map(ask, range(6)))) == 1
    with pytest.raises(AskedOtherwise):
        transaction(ask_once, Asker.API, "key", JobRequest("refund", INVOICE.inputs))
    assert transaction(ask_once, Asker.WEBHOOK, "key", INVOICE).id != jobs()[0].id


def test_a_refund_from_outside_waits_for_a_supervisor_like_any(session):
    request = JobRequest("refund", {"order_number": "KD-4711"})
    job = ask_once(session, Asker.API, "key", request, worth=None)
    assert (job.status, job.conversation_id) == (JobStatus.WAITING, None)


def a_schedule(session, cron="* * * * *", inputs=INVOICE.inputs):
    sam = an_agent(session, "Sam", Role.SUPERVISOR)
    told = {"kind": "resend_invoice", "inputs": inputs, "cron": cron}
    return add_schedule(session, sam, name=f"S {uuid4()}", **told)


def is_due(session, schedule_id, since):
    session.get(Schedule, schedule_id).next_at = clock.now() - since


def test_a_schedule_that_is_due_starts_once_however_many_workers_look(database):
    made = transaction(a_schedule)
    start_what_is_due()
    assert jobs() == []
    transaction(is_due, made.id, timedelta(hours=5))  # nobody worked for hours: one run, not 300
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda _: start_what_is_due(), range(4)))
    (job,) = jobs()
    known = reading(queries.schedule, made.id)
    assert (job.asked_by, known.last_job_id) == (Asker.SCHEDULE, job.id)
    assert known.next_at > clock.now()


def test_a_paused_schedule_does_not_start_and_a_broken_one_pauses(sqlite_database):
    paused, broken = transaction(a_schedule), transaction(a_schedule)
    sam = transaction(an_agent, "Kim", Role.SUPERVISOR)
    transaction(set_going, paused.id, sam, goes=False)

    def break_it(session):
        known = session.get(Schedule, broken.id)
        known.kind, known.next_at = "gone_robot", clock.now()

    transaction(break_it)
    start_what_is_due()
    assert jobs() == []
    assert [one.next_at for one in reading(queries.schedules)] == [None, None]


# At the door


@pytest.fixture
def client(sqlite_database, monkeypatch):
    monkeypatch.setenv("DESK_API_TOKEN", "a token of a program, for tests only")
    monkeypatch.setenv("DESK_WEBHOOK_SECRETS", "new-secret old-secret")
    forget_settings()
    with a_client() as client:
        yield client


SOON = {"name": "Some day", "cron": "soon"}
PROGRAM = {"Authorization": "Bearer a token of a program, for tests only"}


def test_a_program_asks_and_looks(client):
    told = PROGRAM | {"Idempotency-Key": "k1"}
    first, again = (client.post("/api/v1/jobs", json=BODY, headers=told) for _ in range(2))
    assert (first.status_code, first.json()["status"]) == (202, "queued")
    assert again.json()["id"] == first.json()["id"]
    shown = client.get(f"/api/v1/jobs/{first.json()['id']}", headers=PROGRAM)
    assert shown.json()["kind"] == "resend_invoice"
    other = client.post("/api/v1/jobs", json=BODY | {"inputs": {"order_number": "1"}}, headers=told)
    assert (other.status_code, other.json()["code"]) == (409, "AskedOtherwise")


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (BODY, PROGRAM, 422, "InvalidRequest"),
        (BODY, {"Authorization": "Bearer guessed", "Idempotency-Key": "k"}, 401, "NotSignedIn"),
        (BODY, {"Idempotency-Key": "k"}, 401, "NotSignedIn"),
        ({"kind": "x", "inputs": {}}, PROGRAM | {"Idempotency-Key": "k"}, 404, "NoSuchRobot"),
        (BODY | {"inputs": {}}, PROGRAM | {"Idempotency-Key": "k"}, 422, "InputsDoNotFit"),
    ],
)
def test_what_is_refused_is_said_and_leaves_nothing(client, body, headers, status, code):
    answer = client.post("/api/v1/jobs", json=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert jobs() == []


def test_without_a_token_in_the_settings_no_token_is_right(client, monkeypatch):
    monkeypatch.setenv("DESK_API_TOKEN", "")
    forget_settings()
    told = {"Authorization": "Bearer ", "Idempotency-Key": "k"}
    assert client.post("/api/v1/jobs", json=BODY, headers=told).status_code == 401


def hook(client, body, secret="new-secret", at=None):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    signature = sign(secret, int(at or time.time()), content)
    headers = {"X-Desk-Signature": signature, "Content-Type": "application/json"}
    return client.post("/api/v1/hooks/jobs", content=content, headers=headers)


def test_a_signed_delivery_is_a_job_and_its_copy_the_same(client):
    told = {"id": "evt_1", "type": "job.requested", "data": BODY}
    answers = [hook(client, told), hook(client, told, "old-secret"), hook(client, told)]
    assert {answer.status_code for answer in answers} == {202}
    assert len(jobs()) == 1
    changed = told | {"data": BODY | {"inputs": {"order_number": "KD-1"}}}
    assert hook(client, changed).json()["code"] == "AskedOtherwise"
    assert hook(client, told, at=time.time() - 400).status_code == 403
    assert hook(client, told, "guessed").json()["code"] == "NotSigned"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"id": ""}', b"\xff", b'{"id":"x","type":"y"}']
)
def test_a_delivery_that_is_none_is_refused(client, body):
    answer = hook(client, body)
    assert (answer.status_code, answer.json()["code"]) == (422, "NoDelivery")


def test_supervisors_keep_the_schedules_and_agents_see_them(client):
    told = {"name": "Mondays", "cron": "0 6 * * 1", **BODY}
    agent = signed_in(client, Role.AGENT)
    assert client.post("/api/v1/desk/schedules", json=told, headers=agent).status_code == 403
    sam = signed_in(client, Role.SUPERVISOR)
    made = client.post("/api/v1/desk/schedules", json=told, headers=sam)
    assert (made.status_code, made.json()["next_at"] is not None) == (201, True)
    again = client.post("/api/v1/desk/schedules", json=told, headers=sam)
    assert (again.status_code, again.json()["code"]) == (409, "NameTaken")
    wrong = client.post("/api/v1/desk/schedules", json=told | SOON, headers=sam)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "NoSuchTime")
    address = f"/api/v1/desk/schedules/{made.json()['id']}"
    assert client.post(f"{address}/pause", headers=sam).json()["next_at"] is None
    assert client.post(f"{address}/go-on", headers=sam).json()["next_at"] is not None
    assert names(client) == ["Mondays"]


def names(client):
    return [one["name"] for one in client.get("/api/v1/desk/schedules").json()["items"]]


def test_a_schedule_is_changed_and_removed_by_supervisors_and_stays_paused(client):
    sam = signed_in(client, Role.SUPERVISOR)
    told = {"name": "Mondays", "cron": "0 6 * * 1", **BODY}
    made = client.post("/api/v1/desk/schedules", json=told, headers=sam).json()
    client.post("/api/v1/desk/schedules", json=told | {"name": "Fridays"}, headers=sam)
    address = f"/api/v1/desk/schedules/{made['id']}"
    daily = told | {"name": "Daily", "cron": "30 7 * * *"}
    changed = client.put(address, json=daily, headers=sam).json()
    assert (changed["name"], changed["cron"]) == ("Daily", "30 7 * * *")
    assert changed["next_at"] != made["next_at"]
    client.post(f"{address}/pause", headers=sam)
    assert client.put(address, json=daily, headers=sam).json()["next_at"] is None
    for wrong, code in [
        ({"name": "Fridays"}, "NameTaken"),
        (SOON, "NoSuchTime"),
        ({"kind": "nobody"}, "NoSuchRobot"),
    ]:
        assert client.put(address, json=daily | wrong, headers=sam).json()["code"] == code
    assert sorted(names(client)) == ["Daily", "Fridays"]
    agent = signed_in(client, Role.AGENT)
    assert client.put(address, json=told, headers=agent).status_code == 403
    assert client.delete(address, headers=agent).status_code == 403
    sam = signed_in(client, Role.SUPERVISOR)
    assert [client.delete(address, headers=sam).status_code for _ in range(2)] == [204, 204]
    assert client.put(address, json=told, headers=sam).status_code == 404
    assert names(client) == ["Fridays"]
