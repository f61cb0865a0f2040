"""Telephone numbers: how they look, and whether they can be one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from language.entities.spans import Entity

# Digits with what people put between them. What else is written like this is left out below.
_LOOKS_LIKE_ONE = re.compile(
    r"(?<![A-Za-z0-9_/#@.-])(?<!\d[ ,:])(\+|00)?\(?\d(?:[ .\-/()\u2010-\u2015]{0,3}\d){6,16}"
    r"(?![A-Za-z0-9_@]|[-/.:]\d|[ ]\d{2,})"
)
_IS_ONE = re.compile(
    r"\+\d|00[1-9]\d"  # with the country
    r"|1[3-9]\d[- ]?\d{4}[- ]?\d{4}$"  # a Chinese mobile
    r"|(?:400|800)[- ]\d{3}[- ]?\d{4}$|(?:400|800)[- ]\d{4}[- ]\d{3}$"
    r"|\(0\d{1,4}\)|0\d{2,4}[ /-]{0,3}\d{3}"  # an area
    r"|\(?[2-9]\d{2}\)?[-. ]\d{3}[-. ]\d{4}$|\d{3}[-.]\d{4}$"  # North America
)
_CHINESE_MOBILE = re.compile(r"(?<![\d+])(?:(?:\+|00)?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")
_CALLED_ONE = re.compile(
    r"(?:phone|tel|telephone|mobile|cell|call|ring|reach|whatsapp|wechat|contact|sms|text me"
    r"|fax|电话|手机|号码|致电|打给|拨打|联系|微信|座机|热线)[^\d+]{0,24}$",
    re.I,
)
_A_DATE = re.compile(r"(?:19|20)\d\d([-/. ])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2(?:19|20)?\d\d")
_AN_ORDER = re.compile(
    r"(?:order|订单|单号|invoice|发票号|tracking|parcel|快递|运单)[^\d]{0,12}$", re.I
)
# Where a number without its country is looked for; elsewhere it stays as it is written.
_AT_HOME = (
    (re.compile(r"1[3-9]"), "CN"),
    (re.compile(r"0"), "GB"),
    (re.compile(r"\(?[2-9]"), "US"),
)
LOOK_BACK = 32
FEWEST, MOST = 7, 15  # digits, by E.164


def phones(line: str) -> Iterator[Entity]:
    """Every telephone number of a folded line; the value is E.164 where that is certain."""
    for found in _CHINESE_MOBILE.finditer(line):
        value = international(found.group(), line)
        yield Entity("phone", *found.span(), value, is_named=True)
    for found in _LOOKS_LIKE_ONE.finditer(line):
        written = found.group().rstrip(" .-/(")
        before = line[max(0, found.start() - LOOK_BACK) : found.start()]
        is_called = _CALLED_ONE.search(before) is not None
        if _may_be_one(written, before) and (is_called or _IS_ONE.match(written)):
            end = found.start() + len(written)
            yield Entity("phone", found.start(), end, international(written, line))


def _may_be_one(written: str, before: str) -> bool:
    digits = sum(letter.isdigit() for letter in written)
    if not FEWEST <= digits <= MOST or _A_DATE.fullmatch(written):
        return False
    return not _AN_ORDER.search(before)


def international(written: str, line: str) -> str:
    """`+442079460018` where the number exists: with its country, or in the customers' likeliest
    one; else as it was written."""
    import phonenumbers  # noqa: PLC0415 - loads its tables, for those who write a number

    as_dialled = re.sub(r"^00(?=[1-9])", "+", written)
    try:
        number = phonenumbers.parse(as_dialled, _home(as_dialled, line))
    except phonenumbers.NumberParseException:
        return " ".join(written.split())
    if not phonenumbers.is_valid_number(number):
        return " ".join(written.split())
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _home(written: str, line: str) -> str | None:
    if any("\u4e00" <= letter <= "\u9fff" for letter in line):
        return "CN"
    return next((region for begins, region in _AT_HOME if begins.match(written)), None)
