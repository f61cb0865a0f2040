"""The words that articles are found by: English without the small ones, Chinese by characters."""

import re
import unicodedata

CHINESE = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
PIECE = re.compile(rf"[{CHINESE}]+|[a-z0-9]+(?:'[a-z]+)?")
LONGEST_QUESTION = 2_000  # characters
# They stand in every article and say nothing about it. Question words among them: customers
# ask how, what and when about everything.
SMALL = frozenset(
    """
    a about am an and are as at be been by can can't could did do does don't for from had has have
    he how i i'd i'm i've if in into is it it's its just may me might my no not of on or our over
    please she should so than that the their them then there these they this those to was we were
    what when where which who why will with would you your
    """.split()  # noqa: SIM905  a list of words reads best as words
)
# Chinese characters that every question holds; in pairs with others they still count.
SMALL_CHINESE = frozenset("的了吗呢吧啊我你您们是在有个么和就也都请")


def words(text: str) -> list[str]:
    """What of `text` is looked up, in order, repetitions included. Chinese is taken by single
    characters and by pairs: a pair is a word more often than not, and no dictionary is needed."""
    folded = unicodedata.normalize("NFKC", text[:LONGEST_QUESTION]).lower().replace("\u2019", "'")
    found: list[str] = []
    for piece in PIECE.findall(folded):
        if piece[0] > "\u2fff":
            found.extend(sign for sign in piece if sign not in SMALL_CHINESE)
            found.extend(piece[at : at + 2] for at in range(len(piece) - 1))
        elif piece not in SMALL:
            found.append(_singular(piece))
    return found


def _singular(word: str) -> str:
    word = word.partition("'")[0]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
