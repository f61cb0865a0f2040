"""Sending an order somewhere else."""

import re
from typing import Any

from actions.code import GuardedForm
from actions.figures import as_written
from actions.form import PLEASANT, Filling, is_mostly_reference, is_told_freely
from actions.jobs import JobDoor
from actions.talk import Talk

INTRODUCTION = re.compile(
    r"\bto(?: the address)?:?\s+|address (?:is|to):?\s+"
    r"|(?:改成|改为|改到|换成|寄到|送到|是)[:：]?\s*",
    re.I,
)
PREAMBLE = {
    "en": re.compile(
        r"^(?:(?:no|yes|ok|sorry|actually|please|sure)\b[,.\s]*)*"
        r"(?:(?:it'?s|it is|(?:my|the) (?:new )?address is|(?:send|ship|deliver) it to|to)\b:?\s*)"
        r"?",
        re.I,
    ),
    "zh": re.compile(
        r"^(?:(?:不对|不是|不|对|好的|请|麻烦|应该)[,，\s]*)*(?:我的)?(?:新?(?:收货)?地址)?"
        r"(?:是|改成|改为|换成|寄到|送到)?[:：]?\s*"
    ),
}
NO_ADDRESS = PLEASANT | {"dont_know", "refuse_answer"}
LONGEST_PART = 40  # characters
# "The house number is 14" is no address, and a part is not put into the whole by guessing.
A_PART = re.compile(
    r"\b(?:house|street|door|flat) ?(?:number|no)\b|\b(?:post ?code|zip)\b|门牌|邮编|楼号|房号"
    r"|\b(?:wrong|not (?:the )?right) (?:address|street|town)\b|\baddress is (?:wrong|not)\b"
    r"|地址(?:不对|错|写错)",
    re.I,
)
A_PLACE = re.compile(r"[省市区县镇乡村路街道巷弄里]|大厦|小区|广场")
NAMED = re.compile(r"(?:kd\s?-?|#)\s?\d{4,6}", re.I)


class ChangeAddressForm(GuardedForm):
    name_in_domain = "validate_change_address_form"
    topic = "change_address"
    wants = ("order_number", "email", "address", "confirmed", "code")

    def begin(self, talk: Talk, filling: Filling) -> None:
        super().begin(talk, filling)
        address = "" if talk.is_button else introduced_address(talk.text)
        address = address or talk.entities.get("address", "")
        filling["address"] = as_written(address) if looks_like_address(address) else None

    def is_about_something_else(self, talk: Talk, requested: str) -> bool:
        if requested == "address" and is_an_answer(talk) and looks_like_address(talk.text):
            return False
        if talk.intent == "set_up_address" and is_told_freely(talk):
            return False  # the address book is near, but an address is asked for
        return super().is_about_something_else(talk, requested)

    def read(self, talk: Talk, requested: str, filling: Filling) -> None:
        if requested == "confirmed" and is_an_answer(talk) and corrects_a_part(talk.text):
            filling["address"] = None
            return
        if requested in ("address", "confirmed") and is_an_answer(talk):
            given = without_preamble(talk.text)
            if looks_like_address(given):
                filling["address"] = as_written(given)
                # A postcode is no order number.
                filling["order_number"] = talk.slots.get("checked_order")
                return
            is_none = not talk.names_an_order_or_mail and talk.intent not in NO_ADDRESS
            if requested == "address" and is_none:
                filling.is_wrong = talk.intent != self.topic
                talk.say("utter_address_hint")
                return
        super().read(talk, requested, filling)


class ChangeAddress(JobDoor):
    name_in_domain = "action_change_address"
    topic = "change_address"

    def inputs(self, talk: Talk) -> dict[str, Any]:
        return super().inputs(talk) | {"address": talk.slots["address"]}


def is_an_answer(talk: Talk) -> bool:
    """Whether the customer wrote something that may hold an address."""
    return not (talk.is_news or talk.is_button or NAMED.search(talk.text))


def introduced_address(text: str) -> str:
    """What follows the last "to" (`改成`, …) that has a number after it; empty if none has."""
    last_digit = max((at for at, letter in enumerate(text) if letter.isdigit()), default=-1)
    ends = [found.end() for found in INTRODUCTION.finditer(text) if found.end() <= last_digit]
    return text[ends[-1] :].strip() if ends else ""


def without_preamble(text: str) -> str:
    """The address alone, without "no, it's" before it."""
    spoken = "zh" if re.search("[\u4e00-\u9fff]", text) else "en"
    return PREAMBLE[spoken].sub("", text, count=1).strip(" .,，。")


def corrects_a_part(text: str) -> bool:
    """Whether only a part is corrected, or only said that the address is wrong."""
    return A_PART.search(text) is not None and len(text) <= LONGEST_PART


def looks_like_address(text: str) -> bool:
    """Whether it may be an address at all; whether it is complete, the back office says."""
    chinese = re.search("[\u4e00-\u9fff]", text) is not None
    has_number = re.search(r"\d", text) is not None
    if chinese and not A_PLACE.search(text):
        return False
    return has_number and len(text) >= (6 if chinese else 10) and not is_mostly_reference(text)
