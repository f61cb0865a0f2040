"""The articles that come along: whole, alike in both languages, and one for each intent that
sends customers to them."""

import re

import pytest
import yaml

from desk.knowledge.queries.measuring import CHOOSE, HELD, questions_in
from desk.knowledge.queries.sources import Sources, read_sources
from tests.conftest import ROOT

FOLDER = ROOT / "nlu_data/knowledge"
LANGUAGES = ("en", "zh")
NUMBER = re.compile(r"\d+(?:[.:]\d+)?")


@pytest.fixture(scope="module")
def sources() -> Sources:
    return read_sources(FOLDER)


def by_slug(sources: Sources, language: str):
    return {each.slug: each for each in sources.articles[language]}


def intents_that_lead_to_articles():
    for file in (ROOT / "bot/dialogue").glob("*.yml"):
        for rule in yaml.safe_load(file.read_text("utf-8")).get("rules") or []:
            steps = rule["steps"]
            if any(step.get("action") == "action_answer_from_articles" for step in steps):
                yield from (step["intent"] for step in steps if "intent" in step)


def test_every_article_stands_in_both_languages_with_the_same_sections(sources):
    english, chinese = (by_slug(sources, language) for language in LANGUAGES)
    assert set(english) == set(chinese)
    assert len(english) >= 24
    for slug, article in english.items():
        other = chinese[slug]
        sections = [list(dict.fromkeys(p.anchor for p in a.passages)) for a in (article, other)]
        assert len(sections[0]) == len(sections[1]), slug
        assert (article.answers, article.owner) == (other.answers, other.owner), slug


def test_both_languages_name_the_same_figures(sources):
    english, chinese = (by_slug(sources, language) for language in LANGUAGES)
    differing = {
        slug: set(NUMBER.findall(english[slug].body)) ^ set(NUMBER.findall(chinese[slug].body))
        for slug in english
    }
    assert {slug: told for slug, told in differing.items() if told} == {}


def test_every_intent_that_leads_to_articles_has_one_in_each_language(sources):
    wanted = set(intents_that_lead_to_articles())
    for language in LANGUAGES:
        answered = {i for each in sources.articles[language] for i in each.answers}
        assert wanted <= answered


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_labelled_questions_are_enough_and_name_articles_that_exist(sources, language):
    parts = {p: questions_in(sources.questions[language], p) for p in (CHOOSE, HELD)}
    asked = [q for part in parts.values() for q in part]
    assert len(asked) >= 150
    assert sum(q.article is None for q in asked) >= 50
    assert len({q.text for q in asked}) == len(asked)
    assert {q.article for q in asked} - {None} <= set(by_slug(sources, language))
    for part in parts.values():
        assert {q.article for q in part} - {None} == set(by_slug(sources, language))


def test_what_the_shop_promises_stands_in_the_articles_as_in_the_robots_rules(sources):
    told = by_slug(sources, "en")
    assert "30 days" in told["returns-policy"].body
    assert "4.90 EUR" in told["delivery-options"].body
    assert "5 working days" in told["returns-policy"].body
    assert "10 characters" in told["create-account"].body
