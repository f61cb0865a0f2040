"""Surveys: one question after a resolution, seldom enough, credited to whoever resolved."""

import threading
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from desk import clock
from desk.conversations.commands import hear, resolve, settle_solved, start
from desk.conversations.models import Conversation, Resolver
from desk.durable import reading, transaction
from desk.escalations.commands import finish
from desk.events.models import Audience
from desk.events.queries import events_of
from desk.http.views import conversation_view, event_view, staff_conversation_view
from desk.people.models import Customer
from desk.people.rules import customer_token
from desk.settings import settings
from desk.surveys import queries
from desk.surveys.commands import NoSuchScore, NotAsked, answer
from desk.surveys.rules import ANSWERABLE, APART
from tests.builders import a_conversation, a_conversation_with, an_agent
from tests.doors import a_client

SECRET = "the agent Emil was rude about my leg"


def days_later(monkeypatch, wait):
    later = clock.now() + wait
    monkeypatch.setattr(clock, "now", lambda: later)


def survey_events(session, spoken):
    return [e for e in events_of(session, spoken.id) if e.kind.startswith("survey.")]


def another(session, customer):
    return start(session, session.get(Customer, customer), uuid4(), language="en")


# FIELD 8: asked with a bot attached; not once for ever; credited to the right one


@pytest.mark.parametrize("goal", [None, Resolver.ROBOT])
def test_field_8_whoever_is_helped_by_bot_or_robot_alone_is_asked(session, goal):
    spoken = a_conversation(session)
    spoken.goal_reached_by = goal
    settle_solved(session, spoken.id, True, "yes")
    (asked,) = queries.surveys_of(session, spoken.id)
    assert (asked.resolver, asked.agent_id, asked.score) == (goal or Resolver.BOT, None, None)
    (told,) = survey_events(session, spoken)
    assert (told.kind, told.audience) == ("survey.asked", Audience.CUSTOMER)


def test_field_8_the_agent_who_resolved_is_credited_also_after_another_came(session):
    alex, ming = an_agent(session, "Alex"), an_agent(session, "Ming")
    spoken = a_conversation_with(session, alex)
    finish(session, spoken.id, alex)
    answer(session, spoken.id, 2, SECRET)
    hear(session, spoken.id, uuid4(), "one more thing")
    spoken.agent_id, spoken.answered_by = ming.id, "agent"
    session.flush()
    resolve(session, spoken.id, by=Resolver.AGENT, agent_id=ming.id)
    (asked,) = queries.surveys_of(session, spoken.id)
    assert (asked.agent_id, asked.score) == (alex.id, 2)


def test_nobody_having_answered_the_question_is_about_whoever_resolved_last(session):
    alex, ming = an_agent(session, "Alex"), an_agent(session, "Ming")
    spoken = a_conversation_with(session, alex)
    finish(session, spoken.id, alex)
    hear(session, spoken.id, uuid4(), "it broke again")
    resolve(session, spoken.id, by=Resolver.AGENT, agent_id=ming.id)
    (asked,) = queries.surveys_of(session, spoken.id)
    assert asked.agent_id == ming.id
    assert [e.kind for e in survey_events(session, spoken)] == ["survey.asked"] * 2


def test_field_8_a_customer_is_asked_again_after_14_days_and_not_before(session, monkeypatch):
    first = a_conversation(session)
    resolve(session, first.id, by=Resolver.BOT)
    answer(session, first.id, 4, None)
    second = another(session, first.customer_id)
    resolve(session, second.id, by=Resolver.BOT)
    assert queries.surveys_of(session, second.id) == []
    days_later(monkeypatch, APART)
    third = another(session, first.customer_id)
    resolve(session, third.id, by=Resolver.BOT)
    assert len(queries.surveys_of(session, third.id)) == 1


def test_what_was_made_for_training_asks_nobody(session):
    spoken = a_conversation(session)
    spoken.synthetic = True
    resolve(session, spoken.id, by=Resolver.BOT)
    assert queries.surveys_of(session, spoken.id) == []


def test_two_conversations_resolved_at_once_ask_their_customer_once(database):
    first = transaction(a_conversation)
    second = transaction(another, first.customer_id)
    together = threading.Barrier(2)

    def close(conversation_id):
        together.wait()
        transaction(resolve, conversation_id, by=Resolver.BOT)

    threads = [threading.Thread(target=close, args=(one.id,)) for one in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    both = [reading(queries.surveys_of, one.id) for one in (first, second)]
    assert sorted(map(len, both)) == [0, 1]


# Answering


def test_the_last_answer_counts_and_the_same_one_twice_is_one(session):
    spoken = a_conversation(session)
    resolve(session, spoken.id, by=Resolver.BOT)
    for score, comment in ((1, None), (5, SECRET), (5, SECRET)):
        answer(session, spoken.id, score, comment)
    (asked,) = queries.surveys_of(session, spoken.id)
    assert (asked.score, asked.comment) == (5, SECRET)
    answered = survey_events(session, spoken)[1:]
    assert [e.facts["score"] for e in answered] == [1, 5]
    assert SECRET not in str([e.facts for e in answered])


@pytest.mark.parametrize("score", [0, 6, -1])
def test_a_score_is_one_of_five(session, score):
    spoken = a_conversation(session)
    resolve(session, spoken.id, by=Resolver.BOT)
    with pytest.raises(NoSuchScore, match="1, 2, 3, 4 or 5"):
        answer(session, spoken.id, score, None)


def test_nobody_answers_what_was_not_asked_or_14_days_ago(session, monkeypatch):
    spoken = a_conversation(session)
    with pytest.raises(NotAsked):
        answer(session, spoken.id, 5, None)
    resolve(session, spoken.id, by=Resolver.BOT)
    days_later(monkeypatch, ANSWERABLE)
    with pytest.raises(NotAsked):
        answer(session, spoken.id, 5, None)
    assert conversation_view(session, spoken.id).survey is None


def test_customers_see_the_question_and_staff_whose_work_it_is_about(session):
    alex = an_agent(session, "Alex")
    spoken = a_conversation_with(session, alex)
    finish(session, spoken.id, alex)
    asked = survey_events(session, spoken)[-1]
    seen = event_view(session, asked, for_staff=False)
    assert seen["survey"]["score"] is None
    assert str(alex.id) not in str(seen)
    assert event_view(session, asked, for_staff=True)["survey"]["agent_id"] == str(alex.id)
    (shown,) = staff_conversation_view(session, spoken.id).surveys
    assert (shown.resolver, shown.agent_id) == (Resolver.AGENT, alex.id)


# Over HTTP


def as_customer(customer: UUID) -> dict[str, str]:
    token = customer_token(customer, settings().secret.get_secret_value(), clock.now())
    return {"Authorization": f"Bearer {token}"}


def a_resolved_conversation(session) -> Conversation:
    spoken = a_conversation(session)
    resolve(session, spoken.id, by=Resolver.BOT)
    return spoken


def test_a_customer_rates_their_own_conversation_and_no_other(database):
    spoken, other = (transaction(a_resolved_conversation) for _ in range(2))
    headers = as_customer(spoken.customer_id)
    with a_client() as client:
        path = f"/api/v1/conversations/{spoken.id}/survey"
        said = client.put(path, json={"score": 5, "comment": "  so quick  "}, headers=headers)
        assert (said.status_code, said.json()["comment"]) == (200, "so quick")
        told = client.get(f"/api/v1/conversations/{spoken.id}", headers=headers).json()
        assert told["survey"]["score"] == 5
        theirs = f"/api/v1/conversations/{other.id}/survey"
        assert client.put(theirs, json={"score": 1}, headers=headers).status_code == 404
        assert client.put(path, json={"score": 5}).status_code == 401
    assert reading(queries.surveys_of, other.id)[0].score is None


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"score": 9}, 422, "1, 2, 3, 4 or 5"),
        ({"score": "good"}, 422, "integer"),
        ({}, 422, "score"),
        ({"score": 3, "comment": "x" * 1_001}, 413, "1,000 characters"),
        ({"score": 3, "comment": "a\x00b"}, 422, "null bytes"),
    ],
)
def test_what_is_no_answer_is_explained_and_changes_nothing(sqlite_database, body, status, words):
    spoken = transaction(a_resolved_conversation)
    with a_client() as client:
        path = f"/api/v1/conversations/{spoken.id}/survey"
        refused = client.put(path, json=body, headers=as_customer(spoken.customer_id))
    assert refused.status_code == status
    assert words in refused.text
    assert reading(queries.surveys_of, spoken.id)[0].score is None


def test_days_apart_are_fourteen():
    assert APART == ANSWERABLE == timedelta(days=14)
