"""A licence that does not fit Apache-2.0 stops the build, and so does silence."""

import pytest
from groundwork.licence_rules import Package, is_allowed, objection


def a_package(expression="", classifiers=(), words="", name="some-package"):
    return Package(name, "1.0", expression, tuple(classifiers), words)


@pytest.mark.parametrize(
    "expression",
    ["MIT", "MIT OR GPL-3.0-only", "BSD-3-Clause AND TCL", "(MIT OR GPL-2.0-only) AND ISC",
     "Apache-2.0 AND Apache-2.0 WITH LLVM-exception", "LGPL-3.0-only"],
)  # fmt: skip
def test_a_licence_that_fits_or_leaves_a_choice_that_fits_may_come_along(expression):
    assert is_allowed(expression)


@pytest.mark.parametrize(
    "expression",
    ["GPL-3.0-only", "AGPL-3.0-or-later", "MIT AND GPL-2.0-only", "UNLICENSED",
     "(GPL-2.0-only OR AGPL-3.0-only) AND MIT"],
)  # fmt: skip
def test_a_licence_that_does_not_fit_stays_out(expression):
    assert objection(a_package(expression)) == expression


@pytest.mark.parametrize(
    ("classifiers", "words", "refused"),
    [
        (["MIT License"], "UNKNOWN", False),
        (["OSI Approved"], "ISC", False),
        ([], "Apache License, Version 2.0", False),
        (["GNU Lesser General Public License v3 (LGPLv3)"], "LGPLv3", False),
        (["GNU General Public License v3 (GPLv3)"], "", True),
        (["GNU Affero General Public License v3"], "MIT", True),
        ([], "", True),
        ([], "UNKNOWN", True),
        ([], "You may not share this.", True),
    ],
)
def test_words_and_classifiers_are_understood(classifiers, words, refused):
    assert (objection(a_package(classifiers=classifiers, words=words)) is not None) == refused


def test_an_exception_is_made_for_a_name_and_not_for_a_licence():
    classifiers = ["Public Domain", "BSD License", "GNU General Public License (GPL)"]
    assert objection(a_package(classifiers=classifiers, name="docutils")) is None
    assert objection(a_package(classifiers=classifiers)) is not None
