"""Answering from articles, as the bot calls it."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.desk import No, NotUnderstood, Yes
from actions.knowledge import AnswerFromArticles
from desk import clock
from desk.conversations.commands import hear, owe_answer, say
from desk.conversations.models import Author
from desk.conversations.queries import conversation
from desk.durable import reading, transaction
from desk.events.queries import events_of
from desk.knowledge.queries import article_at
from desk.knowledge.queries.figures import tallies, unanswered
from desk.settings import settings
from tests.knowledge.conftest import Folder, folder, in_force  # noqa: F401  fixtures

EXPRESS = "do you have express"


@pytest.fixture(autouse=True)
def articles(in_force: Folder) -> Folder:  # noqa: F811
    """Two articles in English and one in Chinese are what the bot answers from."""
    return in_force


@pytest.fixture
def turn_key(conversation_id: UUID) -> str:
    """A message of the customer's that the bot owes an answer to."""
    return str(transaction(_asked, conversation_id, EXPRESS))


def _asked(session, conversation_id, text):
    heard = hear(session, conversation_id, uuid4(), text)
    return owe_answer(session, heard.turn, None).id


def kinds(conversation_id):
    events = reading(events_of, conversation_id)
    return [event.kind for event in events if event.kind.startswith("article.")]


def ever():
    return clock.now() - timedelta(days=1), clock.now() + timedelta(days=1)


@pytest.fixture
def run_and_read(conversation_id: UUID):
    """Run the action; gives all that the bot is told to say, with its values."""

    def run_action(text, intent, turn_key):
        message = {
            "text": text,
            "intent": {"name": intent, "confidence": 0.9},
            "metadata": {"turn_key": turn_key},
        }
        tracker = Tracker(
            str(conversation_id), {"language": "en"}, message, [], False, None, {}, None
        )
        said = CollectingDispatcher()
        asyncio.run(AnswerFromArticles().run(said, tracker, {}))
        return said.messages

    return run_action


def test_an_intent_is_answered_with_its_passage_and_asked_whether_it_helped(
    run,
    turn_key,
    conversation_id,
):
    said, changed = run(AnswerFromArticles(), EXPRESS, "delivery_options", turn_key)
    assert said == ["utter_article", "utter_ask_solved"]
    assert changed == {"asked": "solved"}
    assert kinds(conversation_id) == ["article.shown"]
    assert reading(conversation, conversation_id).goal_reached_by == "bot"


def test_what_is_said_holds_the_passage_and_a_link_to_its_section(
    run_and_read,
    turn_key,
):
    (passage, _) = run_and_read(EXPRESS, "delivery_options", turn_key)
    assert passage["article_passage"] == "We have no express delivery."
    assert passage["article_link"] == f"{settings().public_url}/help/en/delivery#express"


def test_in_the_middle_of_a_form_only_the_passage_is_said(
    run,
    turn_key,
):
    said, changed = run(
        AnswerFromArticles(), EXPRESS, "delivery_options", turn_key, requested_slot="order_number"
    )
    assert (said, changed) == (["utter_article"], {})


def test_an_article_of_another_language_says_so(run, turn_key):
    said, _ = run(AnswerFromArticles(), "有加急吗", "delivery_options", turn_key, language="zh")
    assert said[0] == "utter_article_in_other_language"


def test_a_button_gets_the_beginning_of_the_article(
    run_and_read,
    turn_key,
):
    (passage, _) = run_and_read("/delivery_options", "delivery_options", turn_key)
    assert passage["article_link"].endswith("#what-it-costs")


def test_an_intent_without_an_article_is_searched_for_or_a_person_is_offered(
    run,
    turn_key,
):
    said, _ = run(
        AnswerFromArticles(), "what does shipping of a parcel cost", "newsletter", turn_key
    )
    assert said == ["utter_article", "utter_ask_solved"]
    said, changed = run(AnswerFromArticles(), "is it raining", "newsletter", turn_key)
    assert said == ["utter_no_article"]
    assert changed == {"asked": "person", "why_person": "not_solved"}


def test_what_was_not_understood_is_answered_only_above_the_threshold(
    run,
    turn_key,
    conversation_id,
):
    said, changed = run(
        NotUnderstood(), "what does shipping of a parcel cost", "nlu_fallback", turn_key
    )
    assert said == ["utter_article", "utter_ask_solved"]
    assert changed["asked"] == "solved"
    other = str(transaction(_asked, conversation_id, "can I return to Lisbon"))
    said, _ = run(NotUnderstood(), "is the weather in Lisbon small", "nlu_fallback", other)
    assert said == ["utter_not_understood"]


def test_a_question_that_no_article_answers_is_kept_without_what_is_personal_in_it(
    run,
    turn_key,
    conversation_id,
):
    asked = "is the weather for a parcel of mei.lin@example.org nice in Lisbon"
    run(NotUnderstood(), asked, "nlu_fallback", turn_key)
    (kept,) = reading(unanswered, *ever())
    assert "mei.lin" not in kept.question
    assert "parcel" in kept.question
    assert kinds(conversation_id) == ["article.none"]


@pytest.mark.parametrize(
    ("door", "kind", "count"), [(Yes, "article.solved", "solved"), (No, "article.failed", "failed")]
)
def test_the_customers_word_is_the_articles(
    run,
    turn_key,
    conversation_id,
    door,
    kind,
    count,
):
    run(AnswerFromArticles(), EXPRESS, "delivery_options", turn_key)
    told = {"author": Author.BOT, "cue_id": UUID(turn_key), "place": 0}
    transaction(say, conversation_id, "We have no express delivery.", **told)
    answer = str(transaction(_asked, conversation_id, "well"))
    said, _ = run(door(), "well", "affirm", answer, asked="solved")
    assert said == (["utter_glad"] if door is Yes else ["utter_offer_person_kindly"])
    assert kinds(conversation_id)[-1] == kind
    (tally,) = reading(tallies, *ever())
    assert getattr(tally, count) == 1


@pytest.mark.fault("knowledge-index-missing")
def test_without_an_index_the_bot_says_so_and_offers_a_person(
    run,
    turn_key,
    monkeypatch,
    articles,
):
    monkeypatch.setenv("DESK_ARTICLES_INDEX", str(articles.index / "nowhere"))
    settings.cache_clear()
    said, changed = run(AnswerFromArticles(), EXPRESS, "delivery_options", turn_key)
    assert said == ["utter_articles_unreachable"]
    assert changed["asked"] == "person"
    said, _ = run(NotUnderstood(), EXPRESS, "nlu_fallback", turn_key)
    assert said == ["utter_not_understood"]


@pytest.mark.parametrize("asked", ["", " ", "x" * 2_000, "😀", "<b>hi</b>", "{0} {slots}"])
def test_anything_may_be_asked(run, turn_key, asked):
    said, _ = run(AnswerFromArticles(), asked, "delivery_options", turn_key)
    assert said[0] == "utter_article"
    assert article_at("en", "delivery") is not None
