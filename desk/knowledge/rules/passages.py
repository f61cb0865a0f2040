"""Which passage of one article fits a question: its words that set passages apart, not those that
the whole article is about."""

from collections import Counter
from collections.abc import Sequence
from math import log

import numpy as np

from desk.knowledge.rules.articles import Passage
from desk.knowledge.rules.ranking import Scores
from desk.knowledge.rules.words import words

GENERAL_QUESTION = 0.08  # ahead of the others is the first passage, which says most in general
OF_SUBJECT = 0.5  # what a word of the article's title counts of another
IN_HEADING = 3  # times as much as in the text


def apart(title: str, passages: Sequence[Passage], question: str) -> Scores:
    """Per passage of an article, in [0, 1] or a little above, how much of what the question says
    beyond the article's own subject it holds. The first is a little ahead."""
    subject = set(words(title))
    asked = list(dict.fromkeys(words(question)))
    told = [_told(passage) for passage in passages]
    held = {word: sum(word in each for each in told) for word in asked}
    rarity = {
        word: log((1 + len(told)) / (1 + held[word])) * (OF_SUBJECT if word in subject else 1)
        for word in asked
        if held[word]
    }
    most = max(1.0, len(asked) ** 0.5) * log(1 + len(told))
    scores = [
        sum(rarity[word] * each[word] / (1 + each[word]) for word in rarity) / most for each in told
    ]
    scores[0] += GENERAL_QUESTION
    return np.array(scores)


def _told(passage: Passage) -> Counter[str]:
    told = Counter(words(passage.text))
    for word in words(passage.heading):
        told[word] += IN_HEADING
    return told
