"""How a customer's line is read: one spelling, and the features it is recognised by."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import accumulate, takewhile

LONGEST_TEXT = 2_000  # characters, before and after folding: U+3389 alone folds into four
FULL_WIDTH_SLASH = "\uff0f"
ORDER_MARK, EMAIL_MARK, NUMBER_MARK = " ordermark ", " emailmark ", " numbermark "
CHINESE = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"

# The address is group 1. Looked for only where a run of its characters begins: otherwise a long
# run would cost its square.
EMAIL = re.compile(
    r"(?<![a-z0-9._%+-])[._%+-]*"
    r"([a-z0-9][a-z0-9._%+-]*@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,})",
    re.I,
)
NAMED_ORDER = re.compile(
    r"(?<![a-z0-9])kd\s?[-\u2010-\u2015_]?\s?(\d{4,6})(?!\d)"
    r"|#\s?(\d{4,6})(?!\d)"
    r"|(?:order|number|no\.?|nr\.?|num|订单号?码?|单号|编号|号码)\s{0,2}(?:is|was|:|：|是|为|#)?\s{0,2}"
    r"(\d{4,6})(?!\d)",
    re.I,
)
# Four to six digits that are neither part of something longer, nor money, nor a year.
BARE_ORDER = re.compile(
    r"(?<![\w€$£¥+/-])(?<!\d[., ])(?!0|(?:19|20)\d\d\s?(?:年|[-/.]\d))(\d{4,6})"
    r"(?![\w/%-]|[., ]\d|\s?(?:€|eur|usd|gbp|rmb|dollars?|euros?|pounds?|元|块|年|米|号楼))",
    re.I | re.A,
)
_IN_A_YEAR = re.compile(r"\b(?:in|since|from|of|year|until)\s(?:19|20)$", re.I)
_IN_A_YEAR_LENGTH = 8  # the most it can match
_CHINESE_RUN = re.compile(f"[{CHINESE}\u3000-\u303f\uff00-\uffef]+")
_CHINESE = re.compile(f"[{CHINESE}]")
_MARKS = re.compile("([\u0300-\u036f]{8})[\u0300-\u036f]+")
_WORD = re.compile(r"[^\W\d_]{2,}")
LEAST_SHARE = 0.3
_PIECE = re.compile(rf"[{CHINESE}]+|[a-z0-9']+|[?!]", re.I)


def as_text(text: str) -> str:
    """The same words in one spelling, in a form that Rasa never takes for an intent."""
    folded = unicodedata.normalize("NFKC", _what_matters(text)).strip()[:LONGEST_TEXT]
    if folded.startswith("/"):
        return FULL_WIDTH_SLASH + folded[1:]
    return folded


def _what_matters(text: str) -> str:
    """As much as can be left of a text once it is folded and cut: one character may become 18,
    and four may become one. Nobody puts more than a few marks on a letter."""
    if text.isascii():
        return text
    bounded = _MARKS.sub(r"\1", text.strip())
    lengths = {each: len(unicodedata.normalize("NFKC", each)) for each in set(bounded)}
    if len(bounded) * max(lengths.values(), default=0) <= 4 * LONGEST_TEXT:
        return bounded
    so_far = accumulate(map(lengths.__getitem__, bounded))
    return bounded[: sum(1 for _ in takewhile((4 * LONGEST_TEXT).__ge__, so_far))]


def plain(text: str) -> str:
    """One spelling for one thing: compatibility forms folded, blanks joined, lower case."""
    folded = unicodedata.normalize("NFKC", text).lower().replace("\u2019", "'")
    return " ".join(folded.split())


def order_digits(text: str) -> "list[tuple[int, int, str]]":
    """Where order numbers stand in `text` (already in NFKC), and their digits, in order.

    A number that is named as one (`KD-4711`, `#4711`, `order 4711`, `订单4711`) beats a bare one.
    """
    masked = EMAIL.sub(lambda found: "\0" * len(found.group()), text)
    named = [(*found.span(), _digits(found)) for found in NAMED_ORDER.finditer(masked)]
    bare = BARE_ORDER.finditer(masked)
    return named or [
        (*found.span(), found.group(1))
        for found in bare
        if not _follows_a_year_word(masked, found.start())
    ]


def features(text: str, characters: int = 3) -> "Iterator[str]":
    """What a line is recognised by: words and pairs of words, letters of words with their
    neighbours, and Chinese characters alone, in pairs and up to so many at once."""
    words: list[str] = []
    for piece in _PIECE.findall(_masked(plain(text))):
        if piece[0] > "\u2fff":
            yield from (
                "z" + piece[at : at + size]
                for size in range(1, characters + 1)
                for at in range(len(piece) - size + 1)
            )
            words.append("\u3007")
            continue
        words.append(piece)
        yield "w" + piece
        yield from _letters(piece)
    yield from (f"p{one} {two}" for one, two in zip(["^", *words], [*words, "$"], strict=True))


def without_chinese(text: str) -> "tuple[str, float]":
    """What is left of a line without Chinese, and the share of it that this is: a Chinese
    character weighs as much as a word. A small share counts as none."""
    chinese = len(_CHINESE.findall(text))
    if not chinese:
        return text, 1.0
    rest = _CHINESE_RUN.sub(" ", text)
    words = len(_WORD.findall(EMAIL.sub(" ", rest)))
    share = words / (words + chinese)
    return rest.strip(), share if share >= LEAST_SHARE else 0.0


def _letters(word: str) -> "Iterator[str]":
    framed = f"<{word}>"
    for size in (3, 4, 5):
        for at in range(len(framed) - size + 1):
            yield "c" + framed[at : at + size]


def _masked(text: str) -> str:
    text = EMAIL.sub(EMAIL_MARK, text)
    for start, end, _ in reversed(order_digits(text)):
        text = text[:start] + ORDER_MARK + text[end:]
    return re.sub(r"\d+", NUMBER_MARK, text)


def _follows_a_year_word(text: str, start: int) -> bool:
    end = start + 2
    return _IN_A_YEAR.search(text, max(0, end - _IN_A_YEAR_LENGTH), end) is not None


def _digits(found: "re.Match[str]") -> str:
    return next(group for group in found.groups() if group)
