"""The index: made from files, taken up while others search, and never half there."""

import json
import multiprocessing
import os
import threading
from pathlib import Path

import numpy as np
import pytest

from desk.integrations.encoder import FakeSentences
from desk.knowledge.commands import make_index
from desk.knowledge.queries import IndexMissing
from desk.knowledge.queries import shelf as shelves
from desk.knowledge.queries.index import load
from desk.knowledge.queries.sources import NoArticles
from desk.knowledge.rules.articles import BrokenArticle
from tests.knowledge.conftest import RETURNS, SHIPPING, Folder


class Counting(FakeSentences):
    """Remembers what it was asked to read."""

    def __init__(self):
        self.read = []

    def encode(self, texts):
        self.read += texts
        return super().encode(texts)


@pytest.fixture(autouse=True)
def look_at_every_call(monkeypatch):
    monkeypatch.setattr(shelves, "LOOK_SECONDS", 0.0)
    monkeypatch.setattr(shelves, "RETRY_SECONDS", 0.0)


def test_an_index_is_made_and_found(folder: Folder):
    made = folder.make()
    assert made.articles == {"en": 2, "zh": 1}
    assert made.unmeasured == ("zh",)
    index = folder.shelf().index()
    assert set(index.collections["en"].articles) == {"returns", "delivery"}
    assert set(index.collections["en"].scales) == {"both", "words"}


def test_nothing_is_done_while_nothing_has_changed(folder: Folder):
    first, reader = folder.make(), Counting()
    second = folder.make(reader)
    assert (second.unchanged, second.digest, reader.read) == (True, first.digest, [])


def test_only_what_has_changed_is_read_again(folder: Folder):
    folder.make()
    folder.write("en/returns.md", RETURNS.replace("Within 5 working", "Within 6 working"))
    reader = Counting()
    made = folder.make(reader)
    assert [text for text in reader.read if "6 working days" in text] == reader.read
    assert (made.embedded, made.kept > 10) == (1, True)
    one = folder.shelf().index().collections["en"]
    folder.index = folder.index.with_name("another")
    assert folder.make().kept == 0
    assert np.array_equal(one.vectors, folder.shelf().index().collections["en"].vectors)


def test_another_encoder_reads_everything_again(folder: Folder):
    folder.make()
    other = Counting()
    other.name = "another"
    made = make_index(folder.sources, folder.index, "another", lambda: other)
    assert made.kept == 0
    assert made.embedded == len(other.read)


def test_a_running_process_takes_up_a_new_index(folder: Folder):
    folder.make()
    shelf = folder.shelf()
    assert shelf.index().collections["en"].articles["delivery"].title == "Delivery"
    folder.write("en/delivery.md", SHIPPING.replace("title: Delivery", "title: Parcels"))
    folder.make()
    assert shelf.index().collections["en"].articles["delivery"].title == "Parcels"


@pytest.mark.fault("knowledge-broken-article")
def test_a_broken_article_names_file_and_line_and_the_old_index_stays(folder: Folder):
    made, shelf = folder.make(), folder.shelf()
    folder.write("en/delivery.md", SHIPPING.replace("updated: 2026-11-18", "updated: soon"))
    with pytest.raises(BrokenArticle, match=r"en/delivery\.md, line 6: updated must be a day"):
        folder.make()
    assert shelf.index().digest == folder.shelf().index().digest == made.digest


def test_a_file_that_is_no_utf_8_is_named(folder: Folder):
    (folder.sources / "en" / "delivery.md").write_bytes(b"---\ntitle: \xff\xfe\n---\n")
    with pytest.raises(BrokenArticle, match=r"en/delivery\.md, line 2: not written in UTF-8"):
        folder.make()


def test_one_intent_is_answered_by_one_article(folder: Folder):
    folder.write("en/zz.md", RETURNS)
    with pytest.raises(BrokenArticle, match=r"en/zz\.md.*returns answers returns_policy already"):
        folder.make()


def test_a_folder_without_articles_says_so(tmp_path: Path):
    with pytest.raises(NoArticles, match=r"en/returns\.md"):
        make_index(tmp_path, tmp_path / "index", "x", FakeSentences)


@pytest.mark.fault("knowledge-index-missing")
def test_without_an_index_the_message_says_how_to_make_one(folder: Folder):
    with pytest.raises(IndexMissing, match="desk knowledge index"):
        folder.shelf().index()


@pytest.mark.fault("knowledge-half-written")
@pytest.mark.parametrize("harm", ["cut", "gone", "changed", "no facts"])
def test_a_damaged_index_is_not_taken_up(folder: Folder, harm: str):
    before, shelf = folder.make(), folder.shelf()
    assert shelf.index().digest == before.digest
    folder.write("en/delivery.md", SHIPPING + "\nMore.\n")
    after = folder.make()
    vectors = folder.index / after.digest / "en" / "vectors.npy"
    if harm == "cut":
        vectors.write_bytes(vectors.read_bytes()[:-100])
    elif harm == "gone":
        vectors.unlink()
    elif harm == "changed":
        vectors.write_bytes(vectors.read_bytes()[:-1] + b"\x7f")
    else:
        (folder.index / after.digest / "index.json").write_text("{")
    assert shelf.index().digest == before.digest
    with pytest.raises(IndexMissing, match="desk knowledge index"):
        folder.shelf().index()
    assert not folder.make().unchanged
    assert folder.shelf().index().digest == shelf.index().digest == after.digest


@pytest.mark.fault("knowledge-half-written")
def test_an_indexer_that_dies_half_way_leaves_the_old_index(folder: Folder):
    before = folder.make()
    folder.write("en/delivery.md", SHIPPING + "\nMore.\n")
    dying = multiprocessing.get_context("fork").Process(target=_die_while_reading, args=(folder,))
    dying.start()
    dying.join()
    assert dying.exitcode == 9
    assert folder.shelf().index().digest == before.digest
    assert folder.make().digest != before.digest
    assert not [f for f in folder.index.iterdir() if f.name.startswith(".unfinished")]


def _die_while_reading(folder: Folder):
    class Dying(FakeSentences):
        def encode(self, texts):
            os._exit(9)

    folder.make(Dying())


def test_an_index_of_another_release_is_made_anew(folder: Folder):
    made = folder.make()
    facts = folder.index / made.digest / "index.json"
    facts.write_text(json.dumps(json.loads(facts.read_text()) | {"form": 0}))
    with pytest.raises(IndexMissing, match="another release"):
        folder.shelf().index()
    assert not folder.make().unchanged


def test_old_indexes_do_not_pile_up(folder: Folder):
    for round_ in range(4):
        folder.write("en/delivery.md", SHIPPING + f"\nRound {round_}.\n")
        folder.make()
    assert len([place for place in folder.index.iterdir() if place.is_dir()]) == 2


def test_two_indexers_and_many_readers_get_along(folder: Folder):
    folder.make()
    shelf, failed = folder.shelf(), []

    def search_on():
        try:
            for _ in range(60):
                collection = shelf.index().collections["en"]
                assert collection.best(collection.word_scores("shipping"), 1)
        except Exception as wrong:
            failed.append(wrong)

    def index_on(word):
        try:
            for round_ in range(4):
                folder.write("en/delivery.md", SHIPPING + f"\n{word} {round_}.\n")
                folder.make()
        except Exception as wrong:
            failed.append(wrong)

    threads = [threading.Thread(target=search_on) for _ in range(3)]
    threads += [threading.Thread(target=index_on, args=(word,)) for word in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert load(folder.index / (folder.index / "current").read_text().strip())
