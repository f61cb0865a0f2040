"""Texts kept ready: supervisors keep them, agents find them, and none holds what nobody fills."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from desk.cli import DEMO_REPLIES, add_demo_replies
from desk.conversations.rules import TooLong, Unreadable
from desk.durable import reading, transaction
from desk.events.models import Audience, Event
from desk.people.models import Role
from desk.replies import queries
from desk.replies.commands import ShortcutTaken, add_reply, change_reply, remove_reply
from desk.replies.rules import NoShortcut, NoSuchPlace, fillable, shortcut_of
from tests.builders import an_agent
from tests.doors import a_client, signed_in

RETURNS = {"shortcut": "returns", "language": "en", "body": "Hello {customer_name}, send it back."}
ADDRESS = "/api/v1/desk/replies"


# Rules


def test_a_shortcut_is_kept_small_and_without_its_slash():
    assert [shortcut_of(text) for text in ("/Returns", " 退货 ", "a-b_1")] == [
        "returns",
        "退货",
        "a-b_1",
    ]


@pytest.mark.parametrize("wrong", ["", "/", "two words", "a/b", "x" * 41, "a\x00b", "<b>"])
def test_what_cannot_be_typed_after_a_slash_is_no_shortcut(wrong):
    with pytest.raises(NoShortcut):
        shortcut_of(wrong)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ("Hello {name}", NoSuchPlace),
        ("Hello {}", NoSuchPlace),
        ("  ", Unreadable),
        ("a\x00b", Unreadable),
        ("x" * 2_001, TooLong),
    ],
)
def test_a_text_that_could_not_be_filled_or_sent_is_not_kept(wrong, error):
    with pytest.raises(error):
        fillable(wrong)
    assert (
        fillable(" {customer_name}您好，我是{agent_name}。")
        == "{customer_name}您好，我是{agent_name}。"
    )


# On both databases


def test_a_shortcut_is_one_text_per_language(session):
    sam = an_agent(session, "Sam", Role.SUPERVISOR)
    english = add_reply(session, sam, **RETURNS)
    chinese = add_reply(session, sam, **RETURNS | {"language": "zh"})
    with pytest.raises(ShortcutTaken):
        add_reply(session, sam, **RETURNS | {"shortcut": "/RETURNS"})
    with pytest.raises(ShortcutTaken):
        change_reply(session, chinese.id, sam, **RETURNS)
    changed = change_reply(session, english.id, sam, **RETURNS | {"body": "Other words."})
    assert (changed.id, changed.body) == (english.id, "Other words.")
    for _ in range(2):
        remove_reply(session, english.id, sam)
    assert queries.replies(session) == [chinese]


def test_two_who_add_the_same_at_once_make_one(database):
    sam = transaction(an_agent, "Sam", Role.SUPERVISOR)

    def add(_):
        try:
            return transaction(add_reply, sam, **RETURNS).id
        except ShortcutTaken:
            return None

    with ThreadPoolExecutor(4) as supervisors:
        assert len([made for made in supervisors.map(add, range(4)) if made]) == 1


def test_what_was_changed_is_an_event_for_the_staff_without_a_word_of_the_text(session):
    sam = an_agent(session, "Sam", Role.SUPERVISOR)
    made = add_reply(session, sam, **RETURNS)
    (told,) = session.query(Event).where(Event.kind == "reply.added")
    assert told.audience is Audience.STAFF
    assert told.facts == {"reply_id": str(made.id), "person_id": str(sam.id)}


def test_the_demo_has_four_in_each_language_once(database):
    sam = transaction(an_agent, "Sam", Role.SUPERVISOR)
    for _ in range(2):
        add_demo_replies(sam)
    kept = [(one.shortcut, one.language) for one in reading(queries.replies)]
    assert len(kept) == len(DEMO_REPLIES) == 8
    assert {language: sum(k[1] == language for k in kept) for language in ("en", "zh")} == {
        "en": 4,
        "zh": 4,
    }


# At the door


@pytest.fixture
def client(sqlite_database):
    with a_client() as client:
        yield client


def test_supervisors_keep_the_texts_and_agents_read_them(client):
    assert client.get(ADDRESS).status_code == 401
    assert client.post(ADDRESS, json=RETURNS).status_code == 401
    sam = signed_in(client, Role.SUPERVISOR)
    made = client.post(ADDRESS, json=RETURNS, headers=sam)
    assert (made.status_code, made.json()["shortcut"]) == (201, "returns")
    again = client.post(ADDRESS, json=RETURNS, headers=sam)
    assert (again.status_code, again.json()["code"]) == (409, "ShortcutTaken")
    one = f"{ADDRESS}/{made.json()['id']}"
    changed = client.put(one, json=RETURNS | {"body": "Other."}, headers=sam)
    assert changed.json()["body"] == "Other."
    agent = signed_in(client, Role.AGENT)
    assert [item["body"] for item in client.get(ADDRESS).json()["items"]] == ["Other."]
    for answer in (
        client.post(ADDRESS, json=RETURNS, headers=agent),
        client.put(one, json=RETURNS, headers=agent),
        client.delete(one, headers=agent),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "NotAllowed")
    sam = signed_in(client, Role.SUPERVISOR)
    assert [client.delete(one, headers=sam).status_code for _ in range(2)] == [204, 204]
    assert client.put(one, json=RETURNS, headers=sam).json()["code"] == "NoSuchReply"
    assert client.get(ADDRESS).json() == {"items": []}


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"shortcut": "two words"}, 422, "NoShortcut"),
        ({"language": "de"}, 422, "InvalidRequest"),
        ({"body": "Hello {name}"}, 422, "NoSuchPlace"),
        ({"body": ""}, 422, "Unreadable"),
        ({"body": "a\x00b"}, 422, "Unreadable"),
        ({"body": "x" * 2_001}, 413, "TooLong"),
    ],
)
def test_what_is_refused_is_said_and_leaves_nothing(client, wrong, status, code):
    sam = signed_in(client, Role.SUPERVISOR)
    answer = client.post(ADDRESS, json=RETURNS | wrong, headers=sam)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert client.get(ADDRESS).json() == {"items": []}
    assert client.delete(f"{ADDRESS}/{uuid4()}", headers=sam).status_code == 204
