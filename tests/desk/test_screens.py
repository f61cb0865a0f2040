"""What screens are shown, on both databases: what helps, and nothing that is others' affair."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event

from desk.conversations.commands import resolve
from desk.conversations.models import Resolver
from desk.durable import transaction
from desk.escalations.commands import escalate, hand_back
from desk.escalations.models import Kind, Reason
from desk.events.commands import record
from desk.events.models import Audience
from desk.events.queries import events_of
from desk.http.app import create_app
from desk.http.views import event_view, queue_view
from desk.integrations.bot import ScriptedBot
from desk.people import routes
from tests.builders import (
    PASSWORD,
    a_conversation,
    a_conversation_in_the_queue,
    a_conversation_with,
    an_agent,
    says,
)


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


def test_a17_an_event_tells_its_customer_nothing_of_the_staff(session):
    alex = an_agent(session)
    spoken = a_conversation_with(session, alex)
    hand_back(session, spoken.id, alex)
    record(session, "a.later_kind", spoken.id, Audience.CUSTOMER, conversation_id=spoken.id, who=1)
    told = {
        event.kind: event_view(session, event, for_staff=False)["facts"]
        for event in events_of(session, spoken.id)
    }
    assert set(told["turn.created"]) == {"turn_id", "sequence", "author", "language"}
    for kind in ("handoff_requested", "handoff_accepted", "handed_back"):
        assert told[f"conversation.{kind}"] == {}
    assert told["a.later_kind"] == {}


def test_the_queue_shows_the_longest_wait_first_and_of_the_others_the_newest(session):
    alex, ming = an_agent(session), an_agent(session, "Ming")
    early, late = a_conversation(session), a_conversation(session)
    for spoken in (late, early):  # who came first may have asked for a person last
        escalate(session, spoken.id, kind=Kind.REQUESTED, reason=Reason.ASKED_FOR_A_PERSON)
    mine, hers = a_conversation_with(session, alex), a_conversation_with(session, ming)
    a_conversation(session)  # in which nothing was said
    talks = [a_conversation(session) for _ in range(60)]
    for talk in talks:
        says(session, talk, "hello")
    resolve(session, talks[-1].id, by=Resolver.BOT)
    shown = queue_view(session, alex.id)
    assert [(line.id, line.queue_position) for line in shown.waiting] == [
        (late.id, 1),
        (early.id, 2),
    ]
    assert [line.id for line in shown.mine] == [mine.id]
    assert [line.id for line in shown.others] == [talk.id for talk in talks[-2:-52:-1]]
    says(session, late, "are you there?")
    assert queue_view(session, ming.id).mine[0].id == hers.id
    assert queue_view(session, ming.id).waiting[0].last_turn.text == "are you there?"


def test_the_queue_costs_the_same_however_much_is_open(session):
    alex = an_agent(session)

    def questions():
        asked = []
        event.listen(session.connection(), "before_cursor_execute", lambda *a: asked.append(a[2]))
        session.expire_all()
        queue_view(session, alex.id)
        return len(asked)

    a_conversation_in_the_queue(session)
    few = questions()
    for _ in range(20):
        a_conversation_in_the_queue(session)
        says(session, a_conversation(session), "hello")
    assert questions() <= few + 1
