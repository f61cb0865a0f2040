"""Routing over HTTP: who may do what, what is refused, and how it runs by itself."""

import time
from datetime import timedelta
from uuid import uuid4

import pytest

from desk import clock
from desk.durable import reading, transaction
from desk.escalations.queries import open_escalation
from desk.events.rules import Position
from desk.http.stream import shown_after
from desk.http.views import conversation_view
from desk.people.models import Role
from desk.people.rules import IdentityRefused, customer_token, identity_of
from desk.routing import queries
from desk.routing.commands import offer, show_up
from desk.routing.models import Presence
from desk.routing.workflows import Routing
from desk.settings import settings
from tests.builders import a_conversation_in_the_queue, a_conversation_with, an_agent
from tests.desk.test_doors_under_strain import identity
from tests.doors import a_client, signed_in, signed_in_as
from tests.whole_desk import wait_until

DESK = "/api/v1/desk"


@pytest.fixture
def client(database):
    with a_client() as client:
        yield client


@pytest.fixture
def one_client(sqlite_database):
    """For what hangs on no database."""
    with a_client() as client:
        yield client


def an_agent_at_the_desk(client, name="Alex", role=Role.AGENT):
    person = transaction(an_agent, name, role)
    token = signed_in_as(client, person)
    told = {"presence": "online"}
    assert client.put(f"{DESK}/me/presence", json=told, headers=token).status_code == 200
    return person, token


def test_an_agent_comes_is_offered_who_waits_accepts_and_answers(client):
    _, token = an_agent_at_the_desk(client)
    first, second = (transaction(a_conversation_in_the_queue) for _ in range(2))
    # The desk's own router does it: nobody asks for it.
    wait_until(lambda: len(client.get(f"{DESK}/queue").json()["offers"]) == 2, 10, "two offers")
    lists = client.get(f"{DESK}/queue").json()
    assert (lists["me"]["presence"], lists["me"]["capacity"]) == ("online", 3)
    made = {one["conversation_id"]: one for one in lists["offers"]}[str(first.id)]
    assert 0 < made["seconds_left"] <= made["seconds"] == settings().offer_seconds
    for _ in range(2):
        answer = client.post(f"{DESK}/offers/{made['id']}/accept", headers=token)
        assert (answer.status_code, answer.json()["standing"]) == (200, "accepted")
    # The other one is accepted by its first reply.
    said = {"client_id": str(uuid4()), "text": "Hello, this is Alex."}
    turns = f"{DESK}/conversations/{second.id}/turns"
    assert client.post(turns, json=said, headers=token).status_code == 202
    lists = client.get(f"{DESK}/queue").json()
    assert {one["id"] for one in lists["mine"]} == {str(first.id), str(second.id)}
    assert lists["offers"] == lists["waiting"] == []


def test_a_reply_where_nothing_is_offered_is_refused_as_before(one_client):
    _, token = an_agent_at_the_desk(one_client)
    spoken = transaction(a_conversation_with, transaction(an_agent, "Ming"))
    said = {"client_id": str(uuid4()), "text": "Hello"}
    answer = one_client.post(f"{DESK}/conversations/{spoken.id}/turns", json=said, headers=token)
    assert (answer.status_code, answer.json()["code"]) == (409, "NotYours")


def test_field_13_the_lists_hold_what_is_offered_also_for_a_console_that_slept(one_client):
    alex, _ = an_agent_at_the_desk(one_client)
    spoken = transaction(a_conversation_in_the_queue)
    wait_until(lambda: one_client.get(f"{DESK}/queue").json()["offers"], 10, "an offer")
    page = [shown for shown, _ in reading(shown_after, Position(), None) if shown is not None]
    (made,) = [one.data for one in page if one.kind == "offer.made"]
    assert made["offer"]["person_id"] == str(alex.id)
    assert made["conversation"]["id"] == str(spoken.id)
    (came,) = [one.data for one in page if one.kind == "agent.online"]
    assert came["facts"]["person_id"] == str(alex.id)


def test_a17_a_customer_sees_neither_offers_nor_agents_coming_and_going(one_client):
    alex, _ = an_agent_at_the_desk(one_client)
    spoken = transaction(a_conversation_in_the_queue)
    wait_until(lambda: one_client.get(f"{DESK}/queue").json()["offers"], 10, "an offer")
    page = [shown for shown, _ in reading(shown_after, Position(), spoken.id) if shown is not None]
    assert {one.kind for one in page}.isdisjoint({"offer.made", "agent.online"})
    assert str(alex.id) not in str([one.data for one in page])


def test_supervisors_set_who_takes_what_and_agents_read_it(one_client):
    alex = transaction(an_agent, "Alex")
    token = signed_in_as(one_client, alex)
    skills = {"skills": [{"topic": "refund", "language": "zh", "level": 2}]}
    writes = [
        (f"{DESK}/agents/{alex.id}/skills", skills),
        (f"{DESK}/agents/{alex.id}/capacity", {"capacity": 5}),
        (f"{DESK}/topics/refund/need", {"level": 2}),
    ]
    for address, body in writes:
        assert one_client.put(address, json=body, headers=token).status_code == 403
    assert one_client.get(f"{DESK}/skill-demand").status_code == 403
    token = signed_in(one_client, Role.SUPERVISOR)
    for address, body in writes:
        assert one_client.put(address, json=body, headers=token).status_code == 200
    told = one_client.get(f"{DESK}/agents").json()
    (mate,) = [one for one in told["items"] if one["id"] == str(alex.id)]
    assert (mate["skills"], mate["capacity"], mate["own_capacity"]) == (skills["skills"], 5, 5)
    assert told["topic_needs"] == {"refund": 2}
    assert one_client.get(f"{DESK}/skill-demand?days=7").json() == {"days": 7, "items": []}


TWICE = [{"topic": "refund", "language": "en", "level": level} for level in (1, 2)]
REFUSED = (
    ("PUT", "agents/{alex}/capacity", {"capacity": -1}, 422, "InvalidRequest"),
    ("PUT", "agents/{alex}/capacity", {"capacity": 51}, 422, "InvalidRequest"),
    ("PUT", "agents/{nobody}/capacity", {"capacity": 1}, 404, "NotFound"),
    ("PUT", "agents/{nobody}/skills", {"skills": []}, 404, "NotFound"),
    ("PUT", "agents/{alex}/skills", {"skills": [["refund", "en", 1]]}, 422, "InvalidRequest"),
    ("PUT", "topics/ref%00und/need", {"level": 1}, 422, "InvalidRequest"),
    ("PUT", "topics/refund/need", {"level": 4}, 422, "InvalidRequest"),
    ("PUT", "me/presence", {"presence": "asleep"}, 422, "InvalidRequest"),
    ("POST", "offers/{nobody}/accept", None, 404, "NoSuchOffer"),
    ("POST", "offers/{nobody}/decline", None, 404, "NoSuchOffer"),
    ("PUT", "conversations/{nobody}/priority", {"priority": "high"}, 404, "NoSuchConversation"),
    ("PUT", "conversations/{nobody}/priority", {"priority": "first"}, 422, "InvalidRequest"),
    ("GET", "skill-demand?days=0", None, 422, "InvalidRequest"),
    ("PUT", "agents/{alex}/skills", {"skills": TWICE}, 422, "SkillTwice"),
)


def test_what_cannot_be_is_refused_in_words(one_client):
    token = signed_in(one_client, Role.SUPERVISOR)
    alex = transaction(an_agent, "Alex")
    for method, path, body, status, code in REFUSED:
        address = f"{DESK}/{path.format(alex=alex.id, nobody=uuid4())}"
        answer = one_client.request(method, address, json=body, headers=token)
        assert (answer.status_code, answer.json()["code"]) == (status, code), path


def test_customers_and_strangers_get_nowhere(one_client):
    spoken = transaction(a_conversation_in_the_queue)
    secret = settings().secret.get_secret_value()
    customer = customer_token(spoken.customer_id, secret, clock.now())
    for headers in ({}, {"Authorization": f"Bearer {customer}"}):
        for method, path in (
            *(("POST", "me/sign"), ("PUT", "me/presence"), ("POST", "me/leave")),
            *(("GET", "agents"), ("GET", "skill-demand")),
            *(("POST", f"offers/{uuid4()}/accept"), ("POST", f"offers/{uuid4()}/decline")),
            ("PUT", f"conversations/{spoken.id}/priority"),
        ):
            body = {"presence": "online", "priority": "high"}
            asked = one_client.request(method, f"{DESK}/{path}", json=body, headers=headers)
            assert asked.status_code == 401, path


def test_an_agent_who_is_offered_something_cannot_give_it_to_a_colleague(one_client):
    alex = transaction(an_agent, "Alex")
    transaction(show_up, alex)
    made = transaction(offer, transaction(a_conversation_in_the_queue).id, alex.id)
    token = signed_in_as(one_client, transaction(an_agent, "Ming"))
    answer = one_client.post(f"{DESK}/offers/{made.id}/accept", headers=token)
    assert (answer.status_code, answer.json()["code"]) == (404, "NoSuchOffer")


def test_signing_out_gives_back_what_was_offered_and_the_wish_outlives_it(client):
    _, token = an_agent_at_the_desk(client)
    transaction(a_conversation_in_the_queue)
    wait_until(lambda: client.get(f"{DESK}/queue").json()["offers"], 10, "an offer")
    assert client.post(f"{DESK}/me/leave", headers=token).json()["presence"] == "offline"
    wait_until(lambda: not client.get(f"{DESK}/queue").json()["offers"], 10, "the withdrawal")
    assert client.post(f"{DESK}/me/sign", headers=token).json()["presence"] == "online"
    wait_until(lambda: client.get(f"{DESK}/queue").json()["offers"], 10, "the next offer")


def test_a_waiting_customer_is_told_how_long_if_anybody_can_tell(one_client):
    alex, _ = an_agent_at_the_desk(one_client)
    waiting = transaction(a_conversation_in_the_queue)
    told = reading(conversation_view, waiting.id)
    assert (told.queue_position, told.expected_wait_seconds) == (1, None)

    def served(session):
        spoken = a_conversation_with(session, alex)
        handoff = open_escalation(session, spoken.id)
        handoff.created_at -= timedelta(seconds=200)

    for _ in range(5):
        transaction(served)
    told = reading(conversation_view, waiting.id)
    assert told.queue_position == 1
    assert told.expected_wait_seconds in range(60, 210, 30)
    assert one_client.get(f"{DESK}/queue").json()["waiting"][0]["expected_wait_seconds"] is not None


# Who is a VIP


def test_the_web_site_signs_which_segment_a_customer_is_of():
    key = "a secret between shop and desk, in tests"
    assert identity_of(identity(segment="vip"), key).segment == "vip"
    for none in ({}, {"segment": None}, {"segment": " "}):
        assert identity_of(identity(**none), key).segment is None
    for wrong in ("x" * 41, "a\x00b", 7):
        with pytest.raises(IdentityRefused):
            identity_of(identity(segment=wrong), key)


# By the clock


def test_a_desk_that_has_just_started_takes_nobody_for_gone(database, monkeypatch):
    alex = transaction(an_agent)
    transaction(show_up, alex)
    spoken = transaction(a_conversation_in_the_queue)
    made = transaction(offer, spoken.id, alex.id)

    def long_ago(session):
        known = queries.agent(session, alex.id)
        known.seen_at = clock.now() - timedelta(hours=1)
        queries.offer(session, made.id).expires_at = clock.now() - timedelta(minutes=1)

    transaction(long_ago)
    routing = Routing()
    routing._began = routing._put_back_at = time.monotonic()
    routing.look_around()
    assert reading(queries.agent, alex.id).presence is Presence.ONLINE
    assert [one.id for one in reading(queries.offers_to, alex.id)] == [made.id]
    monkeypatch.setattr(routing, "_began", time.monotonic() - 3600)
    routing.look_around()
    assert reading(queries.agent, alex.id).presence is Presence.OFFLINE
    assert reading(queries.offers_to, alex.id) == []
