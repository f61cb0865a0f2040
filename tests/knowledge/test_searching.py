"""Finding the passage, and keeping silent where there is none."""

import math

import numpy as np
import pytest

from desk.integrations.encoder import FakeSentences
from desk.knowledge.queries import IndexMissing, article_at, intents_answered, passage_for, search
from desk.knowledge.queries.measuring import BrokenQuestions, questions_in, report
from desk.knowledge.rules.ranking import Evidence, Scale, scale_of, threshold_of, weight_of
from tests.knowledge.conftest import SHIPPING, Folder


def test_a_question_finds_the_section_that_it_is_about(in_force: Folder):
    found = search("how much does the shipping of a parcel cost", "en")
    assert found.answer is not None
    assert (found.answer.article.slug, found.answer.passage.anchor) == ("delivery", "what-it-costs")


@pytest.mark.parametrize(
    "asked", ["is the weather nice in Lisbon", "qwertz", "", "   ", "?!", "😀"]
)
def test_what_no_article_is_about_has_no_answer(in_force: Folder, asked: str):
    assert search(asked, "en").answer is None


@pytest.mark.parametrize(
    "asked", ["x" * 2_000, "return " * 285, "退" * 2_000, "\u200b\u202e<b>/x{}"]
)
def test_any_two_thousand_characters_are_searched_without_harm(in_force: Folder, asked: str):
    search(asked, "en")
    search(asked, "zh")


def test_an_intent_leads_to_its_article_and_the_question_to_the_passage(in_force: Folder):
    hit = passage_for("delivery_options", "do you have express", "en")
    assert hit is not None
    assert (hit.article.slug, hit.passage.anchor) == ("delivery", "express")
    beginning = passage_for("delivery_options", "", "en")
    assert beginning is not None
    assert beginning.passage.anchor == "what-it-costs"
    assert passage_for("no_such_intent", "anything", "en") is None
    assert intents_answered() == {"returns_policy", "delivery_options"}


def test_an_article_that_stands_in_one_language_only_is_found_from_the_other(in_force: Folder):
    hit = passage_for("delivery_options", "运费多少", "zh")
    assert hit is not None
    assert hit.article.language == "en"
    found = search("what does shipping of a parcel cost, is postage free", "zh")
    assert found.answer is not None
    assert found.language == "en"


def test_where_nothing_was_measured_the_search_never_answers(in_force: Folder):
    found = search("怎么退货", "zh")
    assert [hit.article.slug for hit in found.hits] == ["returns"]
    assert found.answer is None


def test_a_language_without_articles_finds_nothing(in_force: Folder):
    assert search("wie viel kostet der Versand", "de").hits == ()


def test_an_article_taken_away_is_gone_after_the_next_index(in_force: Folder):
    assert article_at("en", "delivery") is not None
    (in_force.sources / "en" / "delivery.md").unlink()
    in_force.make()
    assert article_at("en", "delivery") is None
    assert passage_for("delivery_options", "express", "en") is None
    assert search("what does shipping of a parcel cost", "en").answer is None


def test_meaning_has_its_say_as_soon_as_the_reader_is_there(folder: Folder):
    folder.make()
    shelf = folder.shelf()
    index = shelf.index()
    assert shelf.vector(index, "shipping") is None
    shelf._reader, shelf._reads = FakeSentences(), index.digest
    vector = shelf.vector(index, "parcel")
    assert vector is not None
    assert index.collections["en"].meaning_scores(vector).max() > 0


def test_without_a_reader_words_alone_do(folder: Folder):
    folder.make()
    shelf = folder.shelf()
    shelf.wait_for_reader()
    assert shelf.vector(shelf.index(), "shipping") is None


def test_an_index_that_is_taken_away_serves_those_who_have_it(in_force: Folder):
    assert search("shipping", "en").hits
    in_force.index.rename(in_force.index.with_name("away"))
    assert search("shipping", "en").hits  # what is loaded stays
    with pytest.raises(IndexMissing, match="desk knowledge index"):
        in_force.shelf().index()


def test_the_threshold_lets_at_most_a_tenth_be_wrong():
    chances = np.array([0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05])
    right = np.array([1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0], dtype=float)
    assert threshold_of(chances, right) == 0.5  # never where wrong is likelier than right
    assert threshold_of(chances[:5], np.array([1.0, 1, 1, 0, 0])) == pytest.approx(0.75)
    assert threshold_of(chances, 1 - right) == 1.0
    assert threshold_of(np.array([0.9, 0.2]), np.array([0.0, 1.0])) == 1.0


def test_a_weight_is_taken_only_for_what_chance_does_not_explain():
    words_alone = np.array([1.0, 0.5, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 0.5, 1.0] * 9)
    a_little_better = words_alone.copy()
    a_little_better[1] = 1.0
    assert weight_of({0.0: words_alone, 0.2: a_little_better}) == 0.0
    assert weight_of({0.0: words_alone, 0.5: np.ones(90), 0.8: np.ones(90)}) == 0.5
    assert weight_of({0.0: np.zeros(90), 0.2: a_little_better, 0.5: np.ones(90)}) == 0.5
    assert weight_of({0.0: np.array([]), 0.5: np.array([])}) == 0.0


def test_a_scale_gives_back_the_chances_it_was_made_from():
    rng = np.random.default_rng(7)
    seen = [Evidence(float(a), float(b), float(c)) for a, b, c in rng.random((4_000, 3))]
    truth = [4 * e.by_words - 2 * e.by_meaning + e.ahead - 1 for e in seen]
    right = [bool(rng.random() < 1 / (1 + math.exp(-t))) for t in truth]
    scale = scale_of(0.5, seen, right)
    assert scale is not None
    assert np.allclose(scale.factors, (4, -2, 1, -1), atol=0.35)
    assert scale.chance(seen[0]) == pytest.approx(1 / (1 + math.exp(-truth[0])), abs=0.05)


def test_too_few_questions_or_all_alike_measure_nothing():
    seen = [Evidence(0.5, 0.5, 0.1)] * 30
    assert scale_of(0.5, seen[:19], [True] * 9 + [False] * 10) is None
    assert scale_of(0.5, seen, [True] * 30) is None


def test_the_report_counts_what_would_be_said(folder: Folder):
    folder.make()
    collection = folder.shelf().index().collections["en"]
    asked = questions_in((folder.sources / "questions/en.tsv").read_text(), "held")
    told = report(collection, asked, None, collection.scales["words"])
    assert (told.answerable, told.unanswerable, told.recall_at_1) == (4, 2, 1.0)
    assert (told.right, told.wrong, told.unfounded, told.precision) == (4, 0, 0, 1.0)
    silent = report(collection, asked, None, Scale(0.0, (0, 0, 0, -9), 0.5))
    assert (silent.right, silent.precision) == (0, 1.0)


def test_a_broken_line_of_the_questions_is_named(folder: Folder):
    with pytest.raises(BrokenQuestions, match="Line 2"):
        questions_in("part\tarticle\tquestion\nchoose returns what", "choose")


def test_a_question_about_an_article_that_is_gone_counts_for_nothing(folder: Folder):
    (folder.sources / "en" / "delivery.md").unlink()
    folder.make()
    scales = folder.shelf().index().collections["en"].scales
    assert scales == {} or all(0 <= s.threshold <= 1 for s in scales.values())


def test_the_same_article_twice_over_does_not_stand_in_its_own_way(folder: Folder):
    folder.write("en/delivery.md", SHIPPING + "\n## Cost again\n\nShipping parcel cost.\n")
    folder.make()
    collection = folder.shelf().index().collections["en"]
    best = collection.best(collection.word_scores("shipping parcel cost"), 3)
    assert best[0].article.slug == "delivery"
    assert len({hit.article.slug for hit in best}) == len(best)
