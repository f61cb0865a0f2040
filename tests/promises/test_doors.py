"""Calendars, policies and promises at the door: who may, what is refused, and how well all was
kept."""

from uuid import uuid4

import pytest

from desk.conversations.commands import say
from desk.conversations.models import Author
from desk.durable import reading, transaction
from desk.escalations.commands import accept, finish
from desk.events.models import Audience, Event
from desk.people.models import Role
from desk.promises.rules.policies import PolicyWrong, checked_policy
from desk.promises.rules.written import CalendarWrong, checked_calendar
from desk.promises.workflows import keep_promises
from tests.builders import a_conversation_in_the_queue
from tests.doors import a_client, signed_in
from tests.promises.builders import CHAIN, HALF_AN_HOUR, OFFICE, a_policy, somebody

CALENDARS, POLICIES = "/api/v1/desk/calendars", "/api/v1/desk/policies"
KEPT = "/api/v1/metrics/promises"


@pytest.fixture
def client(sqlite_database):
    with a_client() as client:
        yield client


# What is refused, and what would be right


def day(*spans):
    return {"week": {"monday": [{"from": a, "until": b} for a, b in spans]}}


def free(*days):
    return {"holidays": [{"day": one, "name": "", "spans": []} for one in days]}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"time_zone": "Europe/Berlni"}, "Did you mean Europe/Berlin?"),
        ({"time_zone": "xyzzyq"}, "Take a name such as Europe/Berlin."),
        ({"week": {}}, "Give at least one a span"),
        (day(("9:00", "12:00")), "Monday: '9:00' is no time. Write it as 09:00"),
        (day(("09:00", "24:30")), "is no time"),
        (day(("22:00", "06:00")), "A night is two spans: 22:00–24:00"),
        (day(("09:00", "09:00")), "ends before it begins"),
        (day(("13:00", "17:00"), ("09:00", "13:30")), "Begin the second at 13:30 or later"),
        (day(*[(f"{h:02}:00", f"{h:02}:30") for h in range(13)]), "at most 12 spans"),
        (free("25.12.2026"), "Write it as 2026-12-25"),
        (free("2026-02-30"), "is no date"),
        (free("2026-12-25", "2026-12-25"), "is there twice"),
    ],
)
def test_a_calendar_that_cannot_be_read_by_is_refused_with_what_would_be_right(wrong, says):
    with pytest.raises(CalendarWrong, match=says.replace("?", r"\?")):
        checked_calendar(OFFICE | wrong)


def test_a_night_of_two_spans_up_to_midnight_is_kept_in_order():
    kept = checked_calendar(OFFICE | day(("22:00", "24:00"), ("00:00", "06:00")))
    assert kept["week"]["monday"] == [
        {"from": "00:00", "until": "06:00"},
        {"from": "22:00", "until": "24:00"},
    ]
    assert kept["week"]["sunday"] == []


NOTHING = dict.fromkeys(("first_reply_seconds", "next_reply_seconds", "resolution_seconds"))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (NOTHING, "Promise something"),
        ({"first_reply_seconds": 59}, "from a minute to 365 days"),
        ({"resolution_seconds": 86_400 * 366}, "from a minute to 365 days"),
        ({"goal_percent": 0}, "from 1 to 100 %"),
        ({"applies_to": {"customers": ["Ann"]}}, "such as ann@shop.example"),
        ({"applies_to": {"priorities": ["urgent"]}}, "one of: ordinary, high, vip"),
        ({"applies_to": {"topics": ["x" * 201]}}, "at most 200"),
        ({"steps": [{"percent": 75, "tell": "boss"}]}, "one of: agent, lead, supervisor"),
        ({"steps": [{"percent": 0, "tell": "agent"}]}, "75 warns before the breach"),
        ({"steps": [CHAIN[0], CHAIN[0]]}, "Two steps come at the same percent"),
        ({"steps": [{"percent": p, "tell": "agent"} for p in range(1, 20)]}, "at most 12 steps"),
    ],
)
def test_a_policy_nobody_could_mean_is_refused_with_what_would_be_right(wrong, says):
    with pytest.raises(PolicyWrong, match=says):
        checked_policy(HALF_AN_HOUR | wrong, None)


def test_supervisors_rule_and_agents_read(client):
    assert client.get(CALENDARS).status_code == client.get(POLICIES).status_code == 401
    sam = signed_in(client, Role.SUPERVISOR)
    office = client.post(CALENDARS, json=OFFICE, headers=sam)
    assert office.status_code == 201
    again = client.post(CALENDARS, json=OFFICE, headers=sam)
    assert (again.status_code, again.json()["code"]) == (409, "NameTaken")
    wrong = client.post(CALENDARS, json=OFFICE | {"name": "B", "time_zone": "Mars"}, headers=sam)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "NoSuchZone")
    by_office = HALF_AN_HOUR | {"calendar_id": office.json()["id"]}
    policy = client.post(POLICIES, json=by_office, headers=sam)
    assert (policy.status_code, policy.json()["steps"]) == (201, CHAIN)
    one = f"{CALENDARS}/{office.json()['id']}"
    in_use = client.delete(one, headers=sam)
    assert (in_use.status_code, in_use.json()["code"]) == (409, "CalendarInUse")
    assert "Half an hour" in in_use.json()["detail"]
    moved = client.put(one, json=OFFICE | {"time_zone": "Asia/Shanghai"}, headers=sam)
    assert moved.json()["time_zone"] == "Asia/Shanghai"
    other = f"{POLICIES}/{policy.json()['id']}"
    assert client.put(other, json=by_office | {"place": 3}, headers=sam).json()["place"] == 3
    nowhere = HALF_AN_HOUR | {"name": "C", "calendar_id": str(uuid4())}
    refused = client.post(POLICIES, json=nowhere, headers=sam)
    assert (refused.status_code, refused.json()["code"]) == (404, "NoSuchCalendar")

    agent = signed_in(client, Role.AGENT)
    assert [kept["name"] for kept in client.get(CALENDARS).json()["items"]] == ["Office"]
    assert [kept["place"] for kept in client.get(POLICIES).json()["items"]] == [3]
    for answer in (
        client.post(CALENDARS, json=OFFICE, headers=agent),
        client.put(one, json=OFFICE, headers=agent),
        client.delete(one, headers=agent),
        client.post(POLICIES, json=by_office, headers=agent),
        client.put(other, json=by_office, headers=agent),
        client.delete(other, headers=agent),
        client.get(KEPT),
        client.get(f"{KEPT}/conversations"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "NotAllowed")

    sam = signed_in(client, Role.SUPERVISOR)
    for address in (other, one):
        assert [client.delete(address, headers=sam).status_code for _ in range(2)] == [204, 204]
    assert client.put(other, json=by_office, headers=sam).json()["code"] == "NoSuchPolicy"
    assert client.post(CALENDARS, json=OFFICE, headers=sam).status_code == 201  # the name is free


def test_what_was_ruled_is_an_event_for_the_staff(session):
    sam = somebody(session, "Sam", Role.SUPERVISOR)
    made = a_policy(session, sam)
    (told,) = session.query(Event).where(Event.kind == "policy.added")
    assert told.audience is Audience.STAFF
    assert told.facts == {"policy_id": str(made.id), "person_id": str(sam.id)}


# How it stands, and how well it was kept


def test_agents_read_what_is_due_on_a_conversation_and_customers_hear_nothing_of_it(client):
    signed_in(client, Role.AGENT)
    transaction(a_policy, transaction(somebody, "Sam", Role.SUPERVISOR))
    spoken = transaction(a_conversation_in_the_queue)
    keep_promises()
    ours = client.get(f"/api/v1/desk/conversations/{spoken.id}/promises").json()["items"]
    assert [(one["what"], one["standing"]) for one in ours] == [
        ("first_reply", "going"),
        ("resolution", "going"),
    ]
    (waits,) = client.get("/api/v1/desk/queue").json()["waiting"]
    assert waits["promise"] == ours[0]
    assert client.get(f"/api/v1/desk/conversations/{spoken.id}").json()["promises"] == ours
    due = client.get("/api/v1/desk/promises").json()
    assert (due["broken"], [one["what"] for one in due["items"]]) == (
        0,
        ["first_reply", "resolution"],
    )
    assert client.get(f"/api/v1/desk/conversations/{uuid4()}/promises").status_code == 404
    with_promises = reading(lambda s: s.query(Event).where(Event.kind.like("promise.%")).all())
    assert {event.audience for event in with_promises} == {Audience.STAFF}


def test_a_share_counts_what_was_due_and_lists_exactly_that(client, wall):
    sam, alex = transaction(somebody, "Sam", Role.SUPERVISOR), transaction(somebody)
    transaction(a_policy, sam, next_reply_seconds=None, resolution_seconds=None)
    in_time, late, unanswered, resolved, fresh, test = (
        transaction(a_conversation_in_the_queue) for _ in range(6)
    )
    transaction(lambda s: setattr(s.merge(test), "synthetic", True))
    keep_promises()
    for spoken, minutes in ((in_time, 10), (late, 40)):
        transaction(accept, spoken.id, alex)
        wall.passes(minutes=minutes)
        transaction(say, spoken.id, "Hello", author=Author.AGENT, agent_id=alex.id)
        if spoken is in_time:
            transaction(accept, resolved.id, alex)
            transaction(finish, resolved.id, alex)
    keep_promises()
    signed_in(client, Role.SUPERVISOR)
    window = {"since": "2020-01-01", "until": "2029-01-01"}
    (told,) = client.get(KEPT, params=window).json()["policies"]
    (first,) = told["kinds"]
    assert first == {
        "what": "first_reply",
        "due": 4,
        "kept": 1,
        "broken": 3,
        "open": 0,
        "dropped": 1,
        "share": 0.25,
        "reached": False,
    }

    def listed(verdict, **more):
        asked = window | {"verdict": verdict} | more
        found = client.get(f"{KEPT}/conversations", params=asked).json()
        return found, {one["conversation_id"] for one in found["items"]}

    assert listed("kept")[1] == {str(in_time.id)}
    assert listed("broken")[1] == {str(one.id) for one in (late, unanswered, fresh)}
    assert listed("dropped")[1] == {str(resolved.id)}
    page, _ = listed("broken", limit=2)
    assert (page["count"], len(page["items"]), page["next_skip"]) == (3, 2, 2)
    assert (
        client.get(KEPT, params={"since": "2019-01-01", "until": "2019-02-01"}).json()["policies"]
        == []
    )
    assert client.get(KEPT, params={"since": "soon"}).json()["code"] == "BadMoment"
