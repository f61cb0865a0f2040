"""A4, A5 and the figures' routes: who may ask, for which window, and that card and list agree."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient

from automation.contracts import JobOutcome, JobRequest, Outcome
from desk.conversations.commands import reach_goal, say, settle_solved
from desk.conversations.models import Author, Conversation, Resolver
from desk.durable import transaction
from desk.escalations.commands import accept, escalate, finish
from desk.escalations.models import Kind, Reason
from desk.http.app import create_app
from desk.integrations.bot import ScriptedBot
from desk.jobs.commands import ask, begin, settle
from desk.metrics import routes as metrics
from desk.people import routes as people
from desk.people.models import Role
from tests.builders import PASSWORD, a_conversation, an_agent, says
from tests.conftest import forget_settings
from tests.metrics.histories import Teller, invented, write

CARDS = ("/api/v1/metrics/resolution", "/api/v1/metrics/escalation")
LISTS = tuple(f"{card}/conversations" for card in CARDS)
ERA = {"since": "2026-02-27", "until": "2026-03-20"}


def visited() -> Iterator[TestClient]:
    people._limiter.storage.reset()
    with TestClient(create_app(ScriptedBot()), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def client(sqlite_database):
    yield from visited()


@pytest.fixture
def client_on_both(database):
    yield from visited()


def sign_in(client, role=Role.SUPERVISOR):
    person = transaction(an_agent, "Sam", role)
    told = {"email": person.email, "password": PASSWORD}
    assert client.post("/api/v1/sign-in", json=told).status_code == 200
    return person


def problem(answer, status, code):
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    return answer.json()["detail"]


def get(client, address, **asked):
    answer = client.get(address, params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("address", CARDS + LISTS)
def test_a4_figures_are_closed_to_strangers_customers_and_agents(client, address):
    problem(client.get(address), 401, "NotSignedIn")
    forged = {"Authorization": "Bearer guessed"}
    problem(client.get(address, headers=forged), 401, "NotSignedIn")
    session = client.post("/api/v1/sessions", json={"website_token": "test-site"}).json()
    customer = {"Authorization": f"Bearer {session['token']}"}
    problem(client.get(address, headers=customer), 403, "NotAllowed")
    sign_in(client, Role.AGENT)
    problem(client.get(address), 403, "NotAllowed")
    problem(client.get(address, headers=customer), 403, "NotAllowed")


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMIN])
def test_a5_supervisors_and_admins_may_ask(client, role):
    sign_in(client, role)
    for address in CARDS + LISTS:
        assert get(client, address)["as_of"]


@pytest.mark.parametrize(
    ("asked", "code", "says"),
    [
        ({"since": "2026-03-08", "until": "2026-03-01"}, "BadWindow", "before until"),
        ({"since": "2026-03-08", "until": "2026-03-08"}, "BadWindow", "before until"),
        ({"since": "2010-01-01", "until": "2026-01-01"}, "BadWindow", "ten years"),
        ({"since": "last week"}, "BadMoment", "since must be a date"),
        ({"until": "2026-02-30"}, "BadMoment", "until must be a date"),
        ({"since": ""}, "BadMoment", "since must be a date"),
        ({"since": "0001-01-01"}, "BadMoment", "since must be a date"),
        ({"until": "9999-12-31T23:59:59Z"}, "BadMoment", "until must be a date"),
        ({"since": "2026-03-01T00:00:00 02:00"}, "BadMoment", "%2B"),
        ({"since": "2026-03-01\x00"}, "BadMoment", "since must be a date"),
        ({"group_by": "mood"}, "InvalidRequest", "'day', 'intent', 'channel' or 'language'"),
        ({"since": "2" * 50}, "InvalidRequest", "at most 40"),
    ],
)
def test_b4_a_window_that_cannot_be_is_refused_in_words(client, asked, code, says):
    sign_in(client)
    for address in CARDS + LISTS:
        assert says in problem(client.get(address, params=asked), 422, code)


def test_ten_years_are_not_too_many(client):
    sign_in(client)
    told = get(client, CARDS[0], since="2016-03-01", until="2026-03-01", group_by="day")
    assert len(told["groups"]) == 3652


def test_by_default_the_last_30_days_today_included(client, monkeypatch):
    monkeypatch.setenv("DESK_TIME_ZONE", "Asia/Shanghai")
    forget_settings()
    sign_in(client)
    told = get(client, CARDS[0], group_by="day")
    zone = ZoneInfo("Asia/Shanghai")
    today = datetime.now(zone).date()
    assert told["time_zone"] == "Asia/Shanghai"
    assert [group["key"] for group in told["groups"]] == [
        str(today - timedelta(days=29 - n)) for n in range(30)
    ]
    assert datetime.fromisoformat(told["until"]) == datetime(
        today.year, today.month, today.day, tzinfo=zone
    ) + timedelta(days=1)


def test_a_date_is_the_midnight_of_the_accounts_zone_and_a_time_is_itself(client, monkeypatch):
    monkeypatch.setenv("DESK_TIME_ZONE", "America/New_York")
    forget_settings()
    sign_in(client)
    told = get(client, CARDS[0], since="2026-03-01", until="2026-03-01T09:00:00+02:00")
    assert datetime.fromisoformat(told["since"]) == datetime(2026, 3, 1, 5, tzinfo=UTC)
    assert datetime.fromisoformat(told["until"]) == datetime(2026, 3, 1, 7, tzinfo=UTC)


def test_each_figure_comes_with_its_definition(client):
    sign_in(client)
    for address, metric in zip(CARDS, ("resolution", "escalation"), strict=True):
        told = get(client, address, **ERA)
        assert (told["metric"], told["version"], told["groups"]) == (metric, 1, [])
        assert f"{metric}_rate = " in told["formula"]


def test_the_list_behind_a_figure_holds_exactly_what_it_counts(client_on_both):
    for seed in range(6):
        transaction(write, invented(100 + seed, datetime(2026, 3, 1, tzinfo=UTC)))
    sign_in(client_on_both)
    card, listed = CARDS[0], LISTS[0]
    for group_by in ("day", "intent", "channel", "language"):
        told = get(client_on_both, card, group_by=group_by, **ERA)
        assert sum(group["engaged"] for group in told["groups"]) == told["total"]["engaged"] > 0
        for group in told["groups"]:
            assert group["outcomes_sum"] == group["engaged"]
            for outcome, count in group["outcomes"].items():
                asked = ERA | {"group_by": group_by, "key": group["key"], "outcome": outcome}
                found = get(client_on_both, listed, **asked)
                assert found["count"] == len(found["items"]) == count
                assert {item["outcome"] for item in found["items"]} <= {outcome}
    everything = get(client_on_both, listed, **ERA)
    left_out = [item for item in everything["items"] if item["left_out"]]
    assert everything["count"] == told["total"]["engaged"] + len(left_out)
    assert all(item["outcome"] is None for item in left_out)


def test_the_list_behind_an_escalation_figure_holds_exactly_what_it_counts(client):
    for seed in range(6):
        transaction(write, invented(100 + seed, datetime(2026, 3, 1, tzinfo=UTC)))
    sign_in(client)
    total = get(client, CARDS[1], **ERA)["total"]
    assert get(client, LISTS[1], **ERA)["count"] == total["escalated"] > 0
    for split, name in (("kinds", "kind"), ("reasons", "reason")):
        for value, count in total[split].items():
            assert get(client, LISTS[1], **ERA, **{name: value})["count"] == count


def test_pages_hold_every_conversation_once_newest_first(client_on_both):
    for seed in range(4):
        transaction(write, invented(200 + seed, datetime(2026, 3, 1, tzinfo=UTC)))
    sign_in(client_on_both)
    whole = [item["id"] for item in get(client_on_both, LISTS[0], **ERA)["items"]]
    paged, cursor = [], {}
    while cursor is not None:
        page = get(client_on_both, LISTS[0], limit=3, **ERA, **cursor)
        paged += [item["id"] for item in page["items"]]
        cursor = {"cursor": page["next_cursor"]} if page["next_cursor"] else None
        assert page["next_cursor"] is None or "+" not in page["next_cursor"]
    assert len(whole) > 6
    assert paged == whole
    for wrong in ("x", "2026-03-01_x", f"2026-03-01_{uuid4()}"):
        problem(client_on_both.get(LISTS[0], params={"cursor": wrong}), 422, "BadCursor")


def test_a_supervisor_sees_the_conversation_of_a_second_ago(client_on_both):
    session = client_on_both.post("/api/v1/sessions", json={"website_token": "test-site"}).json()
    customer = {"Authorization": f"Bearer {session['token']}"}
    sign_in(client_on_both)
    before = get(client_on_both, CARDS[0])["total"]
    asked = {"client_id": str(uuid4())}
    begun = client_on_both.post("/api/v1/conversations", json=asked, headers=customer).json()
    said = {"client_id": str(uuid4()), "text": "hello"}
    address = f"/api/v1/conversations/{begun['id']}"
    client_on_both.post(f"{address}/turns", json=said, headers=customer)
    deadline = time.monotonic() + 10
    while len(client_on_both.get(address, headers=customer).json()["turns"]) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    after = get(client_on_both, CARDS[0])["total"]
    assert (before["engaged"], after["engaged"], after["provisional"]) == (0, 1, 1)
    assert after["outcomes"]["abandoned"] == 1


def a_talk(session, text="I want a refund") -> Conversation:
    spoken = a_conversation(session)
    says(session, spoken, text)
    say(session, spoken.id, "Gladly.", author=Author.BOT)
    return spoken


def test_the_desks_own_events_tell_the_outcomes(client_on_both):
    """Nothing here writes an event by hand: the facts' names are those the commands use."""
    done = JobOutcome(Outcome.DONE, "REFUND_FILED", {"reference": "RF-1001"})
    gave_up = JobOutcome(Outcome.GAVE_UP, "ROBOT_GAVE_UP", {})
    agent = transaction(an_agent)

    for number, result in enumerate((done, gave_up)):
        spoken = transaction(a_talk)
        request = JobRequest("refund", {"order_number": f"100{number}"})
        job = transaction(ask, spoken.id, request).job
        transaction(begin, job.id)
        transaction(settle, job.id, result.to_payload())
    solved = transaction(a_talk)
    transaction(settle_solved, solved.id, True, "yes")
    told = transaction(a_talk)
    transaction(reach_goal, told.id, "returns_policy", Resolver.BOT)
    person = transaction(a_talk)
    wanted = {"kind": Kind.REQUESTED, "reason": Reason.ASKED_FOR_A_PERSON}
    transaction(escalate, person.id, **wanted)
    transaction(accept, person.id, agent)
    transaction(say, person.id, "Hello", author=Author.AGENT, agent_id=agent.id)
    transaction(finish, person.id, agent)
    transaction(a_talk)

    sign_in(client_on_both)
    assert get(client_on_both, CARDS[0])["total"]["outcomes"] == {
        "confirmed": 2,
        "assumed": 1,
        "handed_off": 2,  # one with a person, one in the queue after the robot gave up
        "abandoned": 1,
        "failed": 0,
    }
    total = get(client_on_both, CARDS[1])["total"]
    assert (total["escalated"], total["handoffs_requested"], total["handoffs_waiting"]) == (2, 2, 1)
    assert total["kinds"] == {"requested": 1, "offered": 0, "system": 1, "takeover": 0}
    assert {name for name, n in total["reasons"].items() if n} == {
        "asked_for_a_person",
        "robot_gave_up",
    }
    confirmed = get(client_on_both, LISTS[0], outcome="confirmed")["items"]
    assert UUID(confirmed[0]["id"]) == solved.id


def test_conversations_are_grouped_by_what_was_true_of_them(client_on_both):
    at = datetime(2026, 3, 1, tzinfo=UTC)
    transaction(write, Teller(at).customer("refund").bot().events)
    transaction(write, Teller(at, channel="email").customer("refund", language="zh").bot().events)
    transaction(write, Teller(at).customer("nlu_fallback").bot().events)
    transaction(write, Teller(at, synthetic=True).customer("refund").bot().events)
    sign_in(client_on_both)
    found = {
        group_by: {
            group["key"]: group["engaged"]
            for group in get(client_on_both, CARDS[0], group_by=group_by, **ERA)["groups"]
        }
        for group_by in ("intent", "channel", "language")
    }
    assert found == {
        "intent": {"refund": 2, "none": 1},
        "channel": {"widget": 2, "email": 1},
        "language": {"en": 2, "zh": 1},
    }


def test_every_operation_has_an_example_of_its_answer_that_fits_its_shape(client):
    spec = client.get("/api/v1/openapi.json").json()
    for address in CARDS + LISTS:
        answers = spec["paths"][address]["get"]["responses"]
        assert {"200", "401", "403", "422"} <= set(answers)
        content = answers["200"]["content"]["application/json"]
        assert content["schema"]
        shape = next(
            route.response_model
            for route in metrics.router.routes
            if f"/api/v1{route.path}" == address
        )
        shape.model_validate(content["example"])
        for refused in ("401", "403", "422"):
            assert answers[refused]["content"]["application/problem+json"]["example"]["detail"]
