"""Order numbers and e-mail addresses, found by how they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from language.entities.numerals import chinese_digits
from language.entities.spans import Entity
from language.text import EMAIL, NAMED_ORDER, order_digits

SPOKEN_ORDER = re.compile(
    r"(?:订单号?码?|单号|编号|号码)\s?(?:是|为|:|：)?\s?"
    r"([〇零一二两三四五六七八九幺]{4,6})(?![〇零一二两三四五六七八九幺十百千])"
)

_GOES_ON = re.compile(r"[ -]\d{3}")


def references(line: str) -> Iterator[Entity]:
    """Every order number (as `KD-4711`) and e-mail address (in lower case) of a folded line."""
    named = {found.end() for found in NAMED_ORDER.finditer(line)}
    for start, end, digits in order_digits(line):
        # "my number is 07700 900461": no order begins with a nought and goes on.
        if not (digits.startswith("0") and _GOES_ON.match(line, end)):
            yield Entity("order_number", start, end, f"KD-{digits}", is_named=end in named)
    for found in SPOKEN_ORDER.finditer(line):
        digits = chinese_digits(found[1])
        yield Entity("order_number", *found.span(), f"KD-{digits}", is_named=True)
    for found in EMAIL.finditer(line):
        yield Entity("email", *found.span(1), found[1].lower(), is_named=True)
