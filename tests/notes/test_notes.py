"""Notes: every colleague sees them, no customer ever does, and each is written down once."""

import json
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from desk import clock
from desk.conversations.commands import resolve
from desk.conversations.models import Cue, Resolver, Turn
from desk.conversations.rules import TooLong, Unreadable
from desk.durable import reading, transaction
from desk.events.models import Audience
from desk.events.queries import events_of
from desk.events.rules import Position
from desk.http.stream import shown_after
from desk.http.views import conversation_view, queue_view, staff_conversation_view
from desk.letters.models import Letter
from desk.notes.commands import NotedOtherwise, add_note, see_mentions
from desk.notes.rules import named_in, readable_note
from desk.people.rules import customer_token
from desk.settings import settings
from tests.builders import (
    a_conversation_in_the_queue,
    a_conversation_with,
    an_agent,
)
from tests.doors import a_client, signed_in_as

SECRET = "the parcel was lost by the courier"
ALEX, MING, WANG, OTHER = (UUID(int=n) for n in range(1, 5))
NAMES = {ALEX: "Alex Agent", MING: "Ming Agent", WANG: "王小明"}


# Rules


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@Alex Agent please look", {ALEX}),
        ("@alex, @MING AGENT: please", {ALEX, MING}),
        ("请@王小明看一下，@Ming也看看", {WANG, MING}),
        ("@Alexander and @agent and @nobody", set()),
        ("write to someone@alex.example", set()),
        ("no names", set()),
    ],
)
def test_whoever_is_called_by_name_is_mentioned(text, named):
    assert named_in(text, NAMES) == named


def test_a_first_name_that_two_bear_names_neither_and_a_full_name_its_bearer():
    names = NAMES | {OTHER: "Alex Berg"}
    assert named_in("@Alex", names) == set()
    assert named_in("@Alex Berg", names) == {OTHER}
    assert named_in("@Alex", {}) == set()


@pytest.mark.parametrize("wrong", ["", "  \n", "a\x00b", "a\ud800b"])
def test_what_says_nothing_is_no_note(wrong):
    with pytest.raises(Unreadable, match="note"):
        readable_note(wrong)


def test_four_thousand_characters_are_the_most():
    assert len(readable_note("注" * 4_000)) == 4_000
    with pytest.raises(TooLong, match=r"4,000 characters; this one has 4,001"):
        readable_note("x" * 4_001)


# On both databases


def test_a_note_is_written_down_once_and_its_event_holds_no_word_of_it(session):
    alex, ming = an_agent(session, "Alex"), an_agent(session, "Ming")
    spoken, client_id = a_conversation_in_the_queue(session), uuid4()
    told = f"@Ming {SECRET}"
    first, again = (add_note(session, spoken.id, alex, client_id, told) for _ in range(2))
    assert first.id == again.id
    (added,) = [e for e in events_of(session, spoken.id) if e.kind == "note.added"]
    assert added.audience is Audience.STAFF
    assert added.facts == {"note_id": str(first.id), "person_id": str(alex.id)}
    for person, text in ((alex, "other words"), (ming, told)):
        with pytest.raises(NotedOtherwise):
            add_note(session, spoken.id, person, client_id, text)


def test_the_staff_see_a_note_whoever_has_the_conversation_and_the_customer_never(session):
    alex, ming = an_agent(session, "Alex"), an_agent(session, "Ming")
    spoken = a_conversation_with(session, alex)
    cues, turns = (len(session.scalars(select(what)).all()) for what in (Cue, Turn))
    add_note(session, spoken.id, ming, uuid4(), f"@Alex {SECRET}")
    resolve(session, spoken.id, by=Resolver.AGENT)
    add_note(session, spoken.id, ming, uuid4(), "after it was closed")
    seen = staff_conversation_view(session, spoken.id)
    assert [note.text for note in seen.notes] == [f"@Alex {SECRET}", "after it was closed"]
    assert [(n.author_name, [m.name for m in n.mentions]) for n in seen.notes[:1]] == [
        ("Ming", ["Alex"])
    ]
    assert seen.last_turn.text != SECRET
    assert "note" not in conversation_view(session, spoken.id).model_dump_json()
    # Neither said to the customer, nor told to the bot, nor mailed.
    assert cues == len(session.scalars(select(Cue)).all())
    assert turns == len(session.scalars(select(Turn)).all())
    assert session.scalars(select(Letter)).all() == []


def test_a_customers_stream_never_shows_a_note_and_the_staffs_does(database):
    alex = transaction(an_agent, "Alex")
    spoken = transaction(a_conversation_in_the_queue)
    transaction(add_note, spoken.id, alex, uuid4(), SECRET)

    def frames(whose):
        page = reading(shown_after, Position(), whose)
        return [shown for shown, _ in page if shown is not None]

    told = json.dumps([frame.data for frame in frames(spoken.id)])
    assert "turn.created" in told
    assert "note" not in told
    (heard,) = [frame.data for frame in frames(None) if frame.kind == "note.added"]
    assert (heard["note"]["text"], heard["note"]["author_name"]) == (SECRET, "Alex")


def test_whoever_is_named_sees_it_in_the_lists_until_they_have_looked(session):
    alex, ming = an_agent(session, "Alex"), an_agent(session, "Ming")
    spoken = a_conversation_in_the_queue(session)
    add_note(session, spoken.id, alex, uuid4(), "@Ming and @Alex, please look")
    add_note(session, spoken.id, alex, uuid4(), "@Ming again")
    assert queue_view(session, ming.id).mentioned == [spoken.id]
    assert queue_view(session, alex.id).mentioned == []  # nobody is told of their own words
    for _ in range(2):
        see_mentions(session, spoken.id, ming)
        assert queue_view(session, ming.id).mentioned == []


# At the door


@pytest.fixture
def client(database):
    with a_client() as client:
        yield client


def test_any_colleague_adds_a_note_and_a_second_click_makes_no_second(client):
    alex, ming = (transaction(an_agent, name) for name in ("Alex", "Ming"))
    spoken = transaction(a_conversation_with, alex)
    token = signed_in_as(client, ming)
    address = f"/api/v1/desk/conversations/{spoken.id}"
    body = {"client_id": str(uuid4()), "text": f"@Alex {SECRET}"}
    first, again = (client.post(f"{address}/notes", json=body, headers=token) for _ in range(2))
    assert (first.status_code, first.json()) == (201, again.json())
    other = client.post(f"{address}/notes", json=body | {"text": "other"}, headers=token)
    assert (other.status_code, other.json()["code"]) == (409, "NotedOtherwise")
    assert [one["text"] for one in client.get(address).json()["notes"]] == [body["text"]]
    token = signed_in_as(client, alex)
    assert client.get("/api/v1/desk/queue").json()["mentioned"] == [str(spoken.id)]
    assert client.post(f"{address}/mentions/seen", headers=token).status_code == 204
    assert client.get("/api/v1/desk/queue").json()["mentioned"] == []


@pytest.mark.parametrize(
    ("text", "status", "code", "said"),
    [
        ("", 422, "Unreadable", "visible character"),
        ("a\x00b", 422, "Unreadable", "null bytes"),
        ("x" * 4_001, 413, "TooLong", "4,000"),
        (None, 422, "InvalidRequest", "text"),
    ],
)
def test_what_is_no_note_is_refused_in_words(client, text, status, code, said):
    token = signed_in_as(client, transaction(an_agent))
    spoken = transaction(a_conversation_in_the_queue)
    address = f"/api/v1/desk/conversations/{spoken.id}/notes"
    answer = client.post(address, json={"client_id": str(uuid4()), "text": text}, headers=token)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert said in answer.json()["detail"]
    assert reading(staff_conversation_view, spoken.id).notes == []


def test_customers_and_strangers_can_neither_write_a_note_nor_read_one(client):
    alex = transaction(an_agent, "Alex")
    spoken = transaction(a_conversation_with, alex)
    transaction(add_note, spoken.id, alex, uuid4(), SECRET)
    secret = settings().secret.get_secret_value()
    customer = {
        "Authorization": f"Bearer {customer_token(spoken.customer_id, secret, clock.now())}"
    }
    body = {"client_id": str(uuid4()), "text": "hello"}
    staff = f"/api/v1/desk/conversations/{spoken.id}"
    for headers in ({}, customer):
        assert client.post(f"{staff}/notes", json=body, headers=headers).status_code == 401
        assert client.post(f"{staff}/mentions/seen", headers=headers).status_code == 401
        assert client.get(staff, headers=headers).status_code == 401
    seen = client.get(f"/api/v1/conversations/{spoken.id}", headers=customer)
    assert seen.status_code == 200
    assert SECRET not in seen.text
    nowhere = f"/api/v1/desk/conversations/{uuid4()}/notes"
    token = signed_in_as(client, alex)
    assert client.post(nowhere, json=body, headers=token).json()["code"] == "NoSuchConversation"
    assert client.post(f"{staff}/notes", json=body).json()["code"] == "NoCsrfToken"
