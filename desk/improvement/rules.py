"""Which messages mean the same, and what to call them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, Any

from language.text import features, plain

if TYPE_CHECKING:
    import numpy as np

    Meaning = Callable[[Sequence[str]], np.ndarray]

# Mean cosine distance between two groups above which they stay two. Chosen on training lines whose
# intents were hidden; a test keeps the agreement with the real intents above a floor.
APART_BY_MEANING, APART_BY_LETTERS = 0.85, 0.95
PHRASES = 3
LONGEST_PHRASE = 3  # words, or Chinese words
_WORD = re.compile(r"[a-z][a-z']+|[\u3400-\u9fff]+")
_EMPTY_ZH = {
    *"的了吗呢啊吧我你您是在有和就都也要想请问不没个",
    "请问",
    "一下",
    "可以",
    "怎么",
    "什么",
}


@dataclass(frozen=True)
class Group:
    """Messages that mean about the same: their places in what was given, likest to all first."""

    members: tuple[int, ...]
    phrases: tuple[str, ...]


def grouped(
    texts: Sequence[str],
    language: str,
    meaning: Meaning | None = None,
    everyday: Sequence[str] = (),
) -> list[Group]:
    """The texts (of one language) by meaning, the largest group first; single ones come last.

    `meaning` gives unit vectors, a row per text; without it letters and words decide, the rarer
    in `everyday` lines of the language the more. Average-linkage clustering of cosine distances:
    costs the square of the number of texts.
    """
    if not texts:
        return []
    if meaning is not None:
        vectors = meaning(texts)
        alike, apart = vectors @ vectors.T, APART_BY_MEANING
    else:
        alike, apart = _likeness(texts, everyday), APART_BY_LETTERS
    labels = _clusters(alike, apart)
    members: dict[int, list[int]] = {}
    for place, label in enumerate(labels):
        members.setdefault(int(label), []).append(place)

    def likest_first(places: list[int]) -> list[int]:
        return sorted(places, key=lambda place: (-float(alike[place, places].mean()), place))

    ordered = sorted(
        map(likest_first, members.values()), key=lambda places: (-len(places), places[0])
    )
    phrases = key_phrases([[texts[place] for place in places] for places in ordered], language)
    return [Group(tuple(places), named) for places, named in zip(ordered, phrases, strict=True)]


def key_phrases(groups: Sequence[Sequence[str]], language: str) -> list[tuple[str, ...]]:
    """What each group says and the others do not: class-based TF-IDF (Grootendorst 2022, BERTopic)
    over phrases of one to three words, none of them part of another that is named."""
    counted = [_phrases_of(group, language) for group in groups]
    everywhere: dict[str, int] = {}
    for phrases in counted:
        for phrase, times in phrases.items():
            everywhere[phrase] = everywhere.get(phrase, 0) + times
    mean = sum(everywhere.values()) / max(1, len(groups))
    named = []
    for phrases, group in zip(counted, groups, strict=True):
        at_least = 2 if len(group) > 1 and any(n > 1 for n in phrases.values()) else 1
        weighed = {
            phrase: times * log(1 + mean / everywhere[phrase]) * _length_bonus(phrase)
            for phrase, times in phrases.items()
            if times >= at_least
        }
        named.append(_best_apart(sorted(weighed, key=lambda p: (-weighed[p], p))))
    return named


def as_training_line(text: str) -> str:
    """A message as one line of Rasa's training data: no line break, no intent, no annotation."""
    line = " ".join(text.split()).lstrip("/-").strip()
    return re.sub(r"\](?=[({])", "] ", line)


def _length_bonus(phrase: str) -> float:
    """A longer phrase says more than the words it is made of, as often as it stands there."""
    is_english = phrase.isascii()
    return 1 + (0.3 * phrase.count(" ") if is_english else 0.5 * (len(phrase) - 2))


def _likeness(texts: Sequence[str], everyday: Sequence[str]) -> Any:
    import numpy as np  # noqa: PLC0415 - only grouping needs these
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415

    def letters_of(text: str) -> list[str]:
        return list(features(text))

    letters = TfidfVectorizer(analyzer=letters_of, sublinear_tf=True)
    counted = letters.fit([*everyday, *texts]).transform(texts)
    return np.asarray((counted @ counted.T).todense())


def _clusters(alike: Any, apart: float) -> Any:
    import numpy as np  # noqa: PLC0415
    from sklearn.cluster import AgglomerativeClustering  # noqa: PLC0415

    if len(alike) < 2:
        return np.zeros(len(alike), dtype=int)
    parted = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=apart
    )
    return parted.fit_predict(np.clip(1 - alike, 0, 2))


def _phrases_of(group: Sequence[str], language: str) -> dict[str, int]:
    """In how many messages of the group each phrase stands."""
    counted: dict[str, int] = {}
    for text in group:
        for phrase in set(_phrases(plain(text), language)):
            counted[phrase] = counted.get(phrase, 0) + 1
    return counted


def _phrases(text: str, language: str) -> Iterable[str]:
    runs = _WORD.findall(text)
    if language == "zh":
        for run in runs:
            for size in (2, 3, 4):
                for at in range(len(run) - size + 1):
                    piece = run[at : at + size]
                    if not {piece, piece[0], piece[-1]} & _EMPTY_ZH:
                        yield piece
        return
    stop = _english_stop_words()
    for size in range(1, LONGEST_PHRASE + 1):
        for at in range(len(runs) - size + 1):
            words = runs[at : at + size]
            if words[0] not in stop and words[-1] not in stop:
                yield " ".join(words)


def _english_stop_words() -> frozenset[str]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS  # noqa: PLC0415

    return frozenset(ENGLISH_STOP_WORDS) | {
        "please",
        "hi",
        "hello",
        "just",
        "want",
        "need",
        "ordermark",
    }


def _best_apart(ordered: Sequence[str]) -> tuple[str, ...]:
    chosen: list[str] = []
    for phrase in ordered:
        if not any(phrase in other or other in phrase for other in chosen):
            chosen.append(phrase)
        if len(chosen) == PHRASES:
            break
    return tuple(chosen)
