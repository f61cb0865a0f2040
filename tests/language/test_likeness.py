"""What is like a learnt line means what that line means; what is like none means nothing."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from language import likeness
from language.likeness import SHAPE


def unit(rows):
    rows = np.asarray(rows, np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def lines():
    """Three kinds of lines around three directions, and one piece for each kind."""
    random = np.random.default_rng(1)
    labels = np.repeat([0, 1, 2], 30)
    vectors = unit(np.eye(8)[labels] + 0.3 * random.normal(size=(90, 8)))
    pieces = csr_matrix((np.ones(90, np.float32), (np.arange(90), labels)), shape=(90, 3))
    return vectors, np.ones(90, np.float32), pieces, labels


def learnt(lines, classes):
    vectors, shares, pieces, labels = lines
    between = likeness.kernel(vectors, shares, pieces)
    return likeness.learn(between, shares, pieces, labels, classes=classes)


def test_a_line_near_those_of_a_class_scores_about_one_for_it(lines):
    found = learnt(lines, classes=4)
    for label in (0, 1, 2):
        cosines = lines[0] @ unit([np.eye(8)[label]])[0]
        told = found.scores(cosines, 1.0, np.array([label]), np.ones(1, np.float32))
        assert told.argmax() == label
        assert told[label] == pytest.approx(1 - 1 / 3, abs=0.15)
        assert told[3] == 0  # a class without lines is never meant


def test_what_is_solved_is_the_ridge_regression_that_textbooks_give(lines):
    vectors, shares, pieces, labels = lines
    between = likeness.kernel(vectors, shares, pieces)
    whole = (
        np.exp(SHAPE.sharpness * (vectors @ vectors.T - 1))
        + SHAPE.of_pieces * (pieces @ pieces.T).toarray()
    )
    assert np.allclose(between, whole, atol=1e-5)
    expected = np.linalg.solve(whole + SHAPE.looseness * np.eye(90), np.eye(3)[labels] - 1 / 3)
    found = learnt(lines, classes=3)
    assert np.allclose(found.pull, expected, atol=1e-3)
    assert np.allclose(found.sparse, SHAPE.of_pieces * pieces.T @ expected, atol=1e-2)


def test_a_line_that_the_encoder_cannot_read_is_like_none_and_moves_none(lines):
    vectors, shares, pieces, labels = lines
    half = shares.copy()
    half[:45] = 0
    between = likeness.kernel(vectors, half, pieces)
    assert not between[:45].any()
    found = likeness.learn(between, half, pieces, labels, classes=3)
    assert not found.pull[:45].any()
    told = found.scores(np.ones(90, np.float32), 0.0, np.array([0]), np.ones(1, np.float32))
    assert not told.any()


def test_of_too_many_lines_each_class_keeps_its_share(monkeypatch):
    monkeypatch.setattr(likeness, "MOST_LINES", 40)
    labels = np.array([0] * 100 + [1] * 10 + [2] * 100)
    kept = labels[likeness.chosen(labels, seed=0)]
    assert len(kept) == 40
    assert np.bincount(kept).tolist() == [15, 10, 15]
    assert len(likeness.chosen(labels[:30], seed=0)) == 30
