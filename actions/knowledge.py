"""Answering from articles: the passage that fits the very question, where to read on, and
whether that solved it."""

from uuid import UUID

from rasa_sdk.events import EventType

from actions.talk import Door, Talk, remember, say_and_offer_person
from desk.durable import transaction
from desk.escalations.models import Reason
from desk.knowledge.commands import Shown, note_unanswered, show
from desk.knowledge.queries import Found, Hit, IndexMissing, passage_for, search
from desk.knowledge.rules.rendering import link_to
from desk.settings import settings
from language.privacy import redact


class AnswerFromArticles(Door):
    """Stands after an intent that an article answers (`answers:` in its head)."""

    name_in_domain = "action_answer_from_articles"

    def act(self, talk: Talk) -> list[EventType]:
        try:
            hit = passage_for(talk.intent, question_in(talk), talk.language)
            if hit is not None:
                return say_passage(talk, hit, talk.intent)
            return answer_from_articles(talk) or nothing_found(talk)
        except IndexMissing:
            return say_and_offer_person(talk, "utter_articles_unreachable", Reason.NOT_UNDERSTOOD)


def answer_from_articles(talk: Talk) -> list[EventType] | None:
    """For a message that was not understood: say a passage, if one is surely enough an answer.
    None if there is none, or no index; then nothing was said, and the caller speaks."""
    question = question_in(talk)
    if not question:
        return None
    try:
        found = search(question, talk.language)
    except IndexMissing:
        return None
    if found.answer is None:
        leave_question(talk, question, found)
        return None
    return say_passage(talk, found.answer, None, found.chance)


def question_in(talk: Talk) -> str:
    """The customer's words; none if they clicked."""
    return "" if talk.is_button else talk.text.strip()


def say_passage(
    talk: Talk, hit: Hit, intent: str | None, chance: float | None = None
) -> list[EventType]:
    """Say it, and ask whether it helped, unless something else is being asked already."""
    article, passage = hit.article, hit.passage
    is_ours = article.language == talk.language
    link = article.url or link_to(
        settings().public_url, article.language, article.slug, passage.anchor
    )
    response = "utter_article" if is_ours else "utter_article_in_other_language"
    talk.say(response, article_passage=passage.text, article_link=link)
    asks = not is_asked_something(talk)
    if asks:
        talk.say("utter_ask_solved")
    shown = Shown(article.slug, article.language, passage.anchor, intent, chance, asks)
    transaction(show, talk.conversation_id, UUID(talk.turn_key), shown)
    return remember(asked="solved") if asks else []


def is_asked_something(talk: Talk) -> bool:
    """Whether a form waits for an answer, or another wish of this message for its turn."""
    return bool(talk.slots.get("requested_slot") or talk.slots.get("wishes"))


def nothing_found(talk: Talk) -> list[EventType]:
    """No article is about what the customer asks."""
    return say_and_offer_person(talk, "utter_no_article", Reason.NOT_SOLVED)


def leave_question(talk: Talk, question: str, found: Found) -> None:
    """Keep what articles are missing, without what is personal in it."""
    if not found.hits:
        return
    transaction(
        note_unanswered,
        talk.conversation_id,
        UUID(talk.turn_key),
        question=redact(question),
        language=talk.language,
        chance=found.chance,
        nearest=found.hits[0].article.slug,
    )
