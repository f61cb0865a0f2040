"""Which licences may be distributed together with Apache-2.0, and how packages say theirs.

Weak copyleft (MPL, LGPL) is fine: such packages are installed beside ours, unchanged and
replaceable. GPL and AGPL are not, and neither is silence.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

ALLOWED_IDENTIFIERS = """
    0BSD AFL-2.1 Apache-2.0 BlueOak-1.0.0 BSD BSD-2-Clause BSD-3-Clause BSL-1.0 CC0-1.0 CC-BY-4.0
    CNRI-Python HPND ISC LGPL LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0-only LGPL-3.0-or-later MIT
    MIT-0 MIT-CMU MPL-2.0 NCSA PSF-2.0 Python-2.0 Python-2.0.1 TCL Unlicense Zlib ZPL-2.1
"""
ALLOWED = frozenset(ALLOWED_IDENTIFIERS.split())

# Package -> (the licence it is used under, why it may be). Only what its own words leave open.
REASONED = {
    "docutils": (
        "BSD-2-Clause",
        "The library is public domain and BSD; only an Emacs mode is GPL.",
    ),
}

# How licences are called in free words and in trove classifiers, by what is looked for in them.
SAID_AS = (
    (r"\bAffero|\bAGPL", "AGPL"),
    (r"Lesser General Public|Library General Public|\bLGPL", "LGPL"),
    (r"General Public License|\bGPL", "GPL"),
    (r"Apache", "Apache-2.0"),
    (r"\bMIT\b", "MIT"),
    (r"Mozilla Public License 2|\bMPL[- ]?2", "MPL-2.0"),
    (r"\bISC\b", "ISC"),
    (r"Python Software Foundation|\bPSF", "PSF-2.0"),
    (r"Zope Public", "ZPL-2.1"),
    (r"zlib", "Zlib"),
    (r"Unlicense|Public Domain", "Unlicense"),
    (r"\bBSD|repoze\.org/LICENSE", "BSD"),
)
SAYS_NOTHING = {"OSI Approved", "DFSG approved", "Freely Distributable"}


@dataclass(frozen=True)
class Package:
    """A package and all that it says about its licence."""

    name: str
    version: str
    expression: str  # SPDX, empty if it has none
    classifiers: tuple[str, ...]  # last part of each trove classifier
    words: str  # the free field "License", which may be a whole text


def objection(package: Package) -> str | None:
    """Why the package may not come along, or None if it may."""
    if package.name.lower() in REASONED:
        return None
    said = licence_of(package)
    if not said:
        return "says nothing of its licence"
    return None if is_allowed(said) else said


def licence_of(package: Package) -> str:
    """Its licence as an SPDX expression; empty if it says nothing that we understand."""
    if package.expression:
        return package.expression
    classified = [name for name in package.classifiers if name not in SAYS_NOTHING]
    if classified:
        return " AND ".join(understood(name) for name in classified)
    first_line = package.words.strip().partition("\n")[0]
    return understood(first_line) if first_line not in ("", "UNKNOWN") else ""


def understood(words: str) -> str:
    """Free words as SPDX: the words themselves where they are one, or where nobody knows."""
    if is_allowed(words):
        return words
    return next((spdx for look, spdx in SAID_AS if re.search(look, words, re.IGNORECASE)), words)


def is_allowed(expression: str) -> bool:
    """Whether an SPDX expression leaves a choice that is allowed; parentheses of one level."""
    flat = re.sub(r"\(([^()]*)\)", lambda inner: _one_of(inner[1]), expression)
    return any(_all_of(choice) for choice in re.split(r"\s+OR\s+", flat, flags=re.IGNORECASE))


def _all_of(expression: str) -> bool:
    parts = re.split(r"\s+AND\s+", expression.strip(), flags=re.IGNORECASE)
    return all(re.sub(r"\s+WITH\s+\S+", "", part.strip()) in ALLOWED for part in parts)


def _one_of(choices: str) -> str:
    """An allowed licence if the choices leave one, else the choices in a form that fails."""
    split: Iterable[str] = re.split(r"\s+OR\s+", choices, flags=re.IGNORECASE)
    return "MIT" if any(_all_of(choice) for choice in split) else choices.replace(" ", "-")
