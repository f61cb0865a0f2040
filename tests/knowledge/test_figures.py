"""What became of an answer, counted once, and who may see it."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from desk import clock
from desk.conversations.commands import hear, owe_answer, say
from desk.conversations.models import Author, Status
from desk.durable import transaction
from desk.escalations.commands import escalate
from desk.escalations.models import Kind, Reason
from desk.events.queries import broken_seals, events_of
from desk.http.app import create_app
from desk.integrations.bot import ScriptedBot
from desk.knowledge.commands import Shown, note_unanswered, settle_solved, show
from desk.knowledge.queries.figures import PATIENCE, tallies, unanswered
from desk.knowledge.rules.rates import Asked, gaps, rate_at_least
from desk.people import routes
from desk.people.models import Role
from tests.builders import PASSWORD, a_conversation, an_agent, happened
from tests.knowledge.conftest import Folder


def asks(session, spoken, text="how much is shipping"):
    """The customer asks; gives the cue that the bot answers."""
    heard = hear(session, spoken.id, uuid4(), text)
    return owe_answer(session, heard.turn, None).id


def is_shown(session, spoken, slug="delivery", *, asks_back=True, chance=None):
    cue = asks(session, spoken)
    shown = Shown(slug, "en", "what-it-costs", "delivery_options", chance, asks_back)
    show(session, spoken.id, cue, shown)
    say(session, spoken.id, "4.90 EUR", author=Author.BOT, cue_id=cue, place=0)
    return cue


def says_yes_or_no(session, spoken, solved):
    cue = asks(session, spoken, "yes" if solved else "no")
    settle_solved(session, spoken.id, solved, str(cue))
    return cue


def figures(session, slug="delivery"):
    later = clock.now() + timedelta(seconds=1)
    found = tallies(session, later - timedelta(days=1), later)
    return next((tally for tally in found if tally.slug == slug), None)


def test_a_yes_counts_for_the_article_and_resolves_the_conversation(session):
    spoken = a_conversation(session)
    is_shown(session, spoken)
    says_yes_or_no(session, spoken, True)
    told = figures(session)
    assert (told.shown, told.asked, told.solved, told.failed) == (1, 1, 1, 0)
    assert spoken.status is Status.RESOLVED
    assert [k for k in happened(session, spoken) if k.startswith("article.")] == [
        "article.shown",
        "article.solved",
    ]
    assert broken_seals(session, spoken.id) == []


def test_a_no_is_a_failure_and_leaves_the_conversation_open(session):
    spoken = a_conversation(session)
    is_shown(session, spoken)
    says_yes_or_no(session, spoken, False)
    assert (figures(session).failed, spoken.status) == (1, Status.OPEN)
    assert "article.failed" in happened(session, spoken)


def test_what_runs_twice_counts_once(session):
    spoken = a_conversation(session)
    cue = is_shown(session, spoken)
    shown = Shown("delivery", "en", "express", "delivery_options", None, True)
    show(session, spoken.id, cue, shown)
    no = says_yes_or_no(session, spoken, False)
    settle_solved(session, spoken.id, False, str(no))
    told = figures(session)
    assert (told.shown, told.failed) == (1, 1)
    assert happened(session, spoken).count("article.failed") == 1


def test_a_yes_to_something_else_is_none_to_the_article(session):
    spoken = a_conversation(session)
    is_shown(session, spoken)
    other = asks(session, spoken, "and my refund?")
    say(session, spoken.id, "It is filed.", author=Author.BOT, cue_id=other, place=0)
    says_yes_or_no(session, spoken, True)
    assert (figures(session).solved, figures(session).open) == (0, 1)


def test_in_the_middle_of_a_form_nobody_is_asked(session):
    spoken = a_conversation(session)
    is_shown(session, spoken, asks_back=False)
    says_yes_or_no(session, spoken, True)
    told = figures(session)
    assert (told.shown, told.asked, told.solved, told.left) == (1, 0, 0, 0)


def test_two_articles_for_one_message_are_two_showings_and_the_last_is_judged(session):
    spoken = a_conversation(session)
    cue = is_shown(session, spoken, asks_back=False)
    show(session, spoken.id, cue, Shown("returns", "en", "how", "returns_policy", None, True))
    says_yes_or_no(session, spoken, True)
    assert figures(session, "returns").solved == 1
    assert figures(session).solved == 0


def test_a_customer_who_says_nothing_has_left_after_an_hour(session):
    spoken = a_conversation(session)
    is_shown(session, spoken)
    assert (figures(session).left, figures(session).open) == (0, 1)
    now = clock.now()
    (late,) = tallies(session, now - PATIENCE, now + PATIENCE + timedelta(seconds=1))
    assert (late.left, late.open) == (1, 0)


def test_a_person_asked_for_afterwards_is_counted_one_asked_for_before_is_not(session):
    before, after = a_conversation(session), a_conversation(session)
    why = {"kind": Kind.REQUESTED, "reason": Reason.ASKED_FOR_A_PERSON}
    escalate(session, before.id, **why)
    is_shown(session, before)
    is_shown(session, after)
    escalate(session, after.id, **why)
    assert (figures(session).shown, figures(session).person_after) == (2, 1)


def test_a_question_without_an_answer_is_kept_once(session):
    spoken = a_conversation(session)
    cue = asks(session, spoken)
    told = {"question": "do you sell pans", "language": "en", "chance": 0.2, "nearest": None}
    for _ in range(2):
        note_unanswered(session, spoken.id, cue, **told)
    now = clock.now()
    (kept,) = unanswered(session, now - timedelta(days=1), now + timedelta(days=1))
    assert kept.question == "do you sell pans"
    assert happened(session, spoken).count("article.none") == 1


def test_no_event_holds_the_customers_words(session):
    spoken = a_conversation(session)
    cue = asks(session, spoken, "a very private question")
    told = {"language": "en", "chance": 0.2, "nearest": "delivery"}
    note_unanswered(session, spoken.id, cue, question="a very private question", **told)
    assert "private" not in str([event.facts for event in events_of(session, spoken.id)])


def test_questions_that_share_half_of_their_words_are_one_gap():
    at = datetime(2026, 11, 22, tzinfo=UTC)
    asked = [
        Asked("do you sell frying pans", "en", at, "care"),
        Asked("Do you sell frying pans?", "en", at + timedelta(hours=1), "care"),
        Asked("what about bicycles", "en", at, None),
        Asked("卖平底锅吗", "zh", at, None),
        Asked("你们卖平底锅吗", "zh", at, None),
        Asked("???", "en", at, None),
    ]
    found = gaps(asked)
    assert [gap.count for gap in found] == [2, 2, 1, 1]
    assert found[0].question == "Do you sell frying pans?"
    assert gaps([]) == []


@pytest.mark.parametrize(
    ("hits", "of", "lowest"), [(0, 0, None), (0, 9, 0.0), (1, 1, 0.2065), (30, 100, 0.2189)]
)
def test_a_rate_of_few_is_trusted_less(hits, of, lowest):
    found = rate_at_least(hits, of)
    assert found == (None if lowest is None else pytest.approx(lowest, abs=1e-3))


@pytest.fixture
def client(in_force: Folder):
    routes._limiter.storage.reset()
    with TestClient(create_app(ScriptedBot()), raise_server_exceptions=False) as client:
        yield client


def sign_in(client, role=Role.AGENT):
    person = transaction(an_agent, "Alex", role)
    told = {"email": person.email, "password": PASSWORD}
    assert client.post("/api/v1/sign-in", json=told).status_code == 200


def test_strangers_and_customers_do_not_see_the_figures(client):
    answer = client.get("/api/v1/knowledge/articles")
    assert (answer.status_code, answer.json()["code"]) == (401, "NotSignedIn")
    token = client.post("/api/v1/sessions", json={"website_token": "test-site"}).json()["token"]
    answer = client.get("/api/v1/knowledge/articles", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR, Role.ADMIN])
def test_everybody_on_the_staff_sees_all_articles_those_that_fail_first(client, role):
    def happens(session):
        for slug, answers in (("returns", [True, True]), ("delivery", [False]), ("gone", [False])):
            for solved in answers:
                spoken = a_conversation(session)
                is_shown(session, spoken, slug)
                says_yes_or_no(session, spoken, solved)

    transaction(happens)
    sign_in(client, role)
    told = client.get("/api/v1/knowledge/articles?days=7").json()
    lines = [(a["slug"], a["language"], a["failed"], a["solved"]) for a in told["articles"]]
    assert lines == [
        ("delivery", "en", 1, 0),
        ("gone", "en", 1, 0),
        ("returns", "en", 0, 2),
        ("returns", "zh", 0, 0),
    ]
    first, gone = told["articles"][:2]
    assert first["owner"] == "deliveries@example.com"
    assert first["url"] == "/help/en/delivery"
    assert (first["failure_rate"], first["failure_rate_at_least"]) == (1.0, 0.2065)
    assert (gone["title"], gone["owner"], gone["url"]) == (None, None, None)
    assert told["index"]


def test_an_owner_sees_their_own_and_what_is_missing(client):
    def happens(session):
        spoken = a_conversation(session)
        for text in ("do you sell pans", "do you sell pans?"):
            cue = asks(session, spoken, text)
            told = {"question": text, "language": "en", "chance": 0.1, "nearest": "delivery"}
            note_unanswered(session, spoken.id, cue, **told)

    transaction(happens)
    sign_in(client)
    told = client.get("/api/v1/knowledge/articles?owner=returns@example.com").json()
    assert {a["slug"] for a in told["articles"]} == {"returns"}
    (gap,) = told["gaps"]
    assert (gap["count"], gap["nearest"]) == (2, "delivery")


def test_without_an_index_the_figures_still_stand(client, in_force):
    for place in in_force.index.rglob("index.json"):
        place.unlink()
    in_force.write("en/returns.md", "broken")
    sign_in(client)
    assert client.get("/api/v1/knowledge/articles").status_code == 200
    assert client.get("/api/v1/knowledge/articles?days=0").status_code == 422
