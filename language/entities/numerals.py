"""Numbers that are written in words, in English and in Chinese."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

CHINESE_DIGITS = "〇零一二三四五六七八九"
CHINESE_NUMBER = "[〇零一二两三四五六七八九十百千万亿廿卅半]{1,12}"

_ONES = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
_TENS = "twenty|thirty|forty|fourty|fifty|sixty|seventy|eighty|ninety"
_WORD = rf"(?:{_ONES}|sixteen|seventeen|eighteen|nineteen|{_TENS}|hundred|thousand|million)"
ENGLISH_NUMBER = (
    rf"(?:(?:half )?a dozen|a couple(?: of)?|an?(?= (?:hundred|thousand|million)\b)|{_WORD})"
    rf"(?:(?:[ -]| and ){_WORD}){{0,8}}"
)
_LOOSE = {"a dozen": 12, "half a dozen": 6, "a couple": 2, "a couple of": 2}
_DIGITS = str.maketrans("〇零一幺二两三四五六七八九", "0011223456789")


def chinese_digits(written: str) -> str:
    """Digit for digit, as one reads out an order number: 四七一一 is 4711."""
    return written.translate(_DIGITS)


def chinese_number(written: str) -> Decimal | None:
    """The number, or None if it is none: 一千二百 is 1200, 两百五 is 250."""
    from cn2an import cn2an  # noqa: PLC0415 - a tenth of a second, for those who write so

    if written == "半":
        return Decimal("0.5")
    if len(written) > 1 and set(written) <= set(CHINESE_DIGITS):
        return Decimal(chinese_digits(written))
    try:
        return Decimal(str(cn2an(written, "smart")))
    except (ValueError, KeyError, IndexError, InvalidOperation):
        return None


def english_number(written: str) -> Decimal | None:
    """The number, or None if it is none: "two hundred and one" is 201, "a dozen" is 12."""
    words = " ".join(written.lower().replace("-", " ").replace("fourty", "forty").split())
    if words in _LOOSE:
        return Decimal(_LOOSE[words])
    from text_to_num import text2num  # noqa: PLC0415 - only for those who write so

    try:
        return Decimal(text2num(re.sub(r"^an?\b", "one", words), "en"))
    except ValueError:
        return None


def any_number(written: str) -> Decimal | None:
    """Digits or words of either language."""
    if written.replace(".", "", 1).isdecimal():
        return Decimal(written)
    return english_number(written) if written.isascii() else chinese_number(written)


def plain_number(number: Decimal) -> str:
    """Without an exponent and without idle noughts: 12.50 is "12.5"."""
    return f"{number.normalize():f}"
