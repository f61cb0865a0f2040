"""A code by mail: six digits, ten minutes, three tries, and nobody can read it afterwards."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from desk import clock
from desk.checks.commands import (
    Answer,
    NotProved,
    TooManyCodes,
    make_code,
    require_proof,
    take_code,
)
from desk.checks.models import Check
from desk.checks.queries import is_waiting, needs_code
from desk.checks.rules import code_in, new_code
from desk.durable import reading, transaction
from desk.events.queries import events_of
from tests.builders import a_conversation, happened

EMAIL = "Emily.Hart@example.com"


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("123456", "123456"),
        ("it's 123 456, thanks", "123456"),
        ("123-456", "123456"),
        ("验证码是１２３４５６。", "123456"),
        ("KD-4711", None),
        ("1234567", None),
        ("123456 or 654321", None),
        ("no", None),
    ],
)
def test_a_code_is_read_however_it_is_written(text, code):
    assert code_in(text) == code


def test_codes_are_six_digits_and_seldom_the_same():
    made = {new_code() for _ in range(200)}
    assert all(len(code) == 6 and code.isdecimal() for code in made)
    assert len(made) > 190


def test_the_right_code_proves_the_mailbox_for_this_conversation_alone(session):
    spoken, other = a_conversation(session), a_conversation(session)
    assert needs_code(session, spoken.id, "refund", EMAIL)
    with pytest.raises(NotProved):
        require_proof(session, spoken.id, "refund", EMAIL)
    code = make_code(session, spoken.id, EMAIL, "turn")
    assert is_waiting(session, spoken.id, EMAIL)
    assert take_code(session, other.id, EMAIL, code) is Answer.EXPIRED
    assert take_code(session, spoken.id, "other@example.com", code) is Answer.EXPIRED
    assert take_code(session, spoken.id, EMAIL.lower(), code) is Answer.RIGHT
    require_proof(session, spoken.id, "refund", EMAIL)
    assert needs_code(session, spoken.id, "refund", "other@example.com")
    assert needs_code(session, other.id, "refund", EMAIL)


def test_the_third_wrong_code_ends_it_and_the_right_one_comes_too_late(session):
    spoken = a_conversation(session)
    code = make_code(session, spoken.id, EMAIL, "turn")
    answers = [take_code(session, spoken.id, EMAIL, wrong(code)) for _ in range(3)]
    assert answers == [Answer.WRONG, Answer.WRONG, Answer.SPENT]
    assert take_code(session, spoken.id, EMAIL, code) is Answer.EXPIRED
    assert needs_code(session, spoken.id, "refund", EMAIL)


def test_many_guesses_at_once_are_three_tries(database):
    spoken = transaction(a_conversation)
    code = transaction(make_code, spoken.id, EMAIL, "turn")
    guesses = [f"{(int(code) + n) % 1_000_000:06}" for n in range(1, 13)]
    with ThreadPoolExecutor(6) as guessing:
        answers = list(guessing.map(lambda g: transaction(take_code, spoken.id, EMAIL, g), guesses))
    assert sorted(answers) == [Answer.EXPIRED] * 9 + [Answer.SPENT] + [Answer.WRONG] * 2
    assert reading(needs_code, spoken.id, "refund", EMAIL)


def test_after_ten_minutes_it_is_worth_nothing_and_after_thirty_its_proof_neither(session):
    spoken = a_conversation(session)
    code = make_code(session, spoken.id, EMAIL, "turn")
    kept = session.scalars(select(Check)).one()
    assert kept.expires_at - clock.now() <= timedelta(minutes=10)
    kept.expires_at = clock.now()
    assert take_code(session, spoken.id, EMAIL, code) is Answer.EXPIRED
    assert not is_waiting(session, spoken.id, EMAIL)
    code = make_code(session, spoken.id, EMAIL, "next turn")
    assert take_code(session, spoken.id, EMAIL, code) is Answer.RIGHT
    for check in session.scalars(select(Check).where(Check.proved_at.is_not(None))):
        check.proved_at -= timedelta(minutes=31)
    session.flush()
    assert needs_code(session, spoken.id, "refund", EMAIL)


def test_a_later_code_ends_the_earlier_one(session):
    spoken = a_conversation(session)
    first = make_code(session, spoken.id, EMAIL, "first")
    second = make_code(session, spoken.id, EMAIL, "second")
    if first != second:
        assert take_code(session, spoken.id, EMAIL, first) is Answer.WRONG
    assert take_code(session, spoken.id, EMAIL, second) is Answer.RIGHT


def test_a_turn_that_is_tried_again_counts_once(session):
    spoken = a_conversation(session)
    for _ in range(6):
        code = make_code(session, spoken.id, EMAIL, "the same turn")
    assert len(session.scalars(select(Check)).all()) == 1
    assert take_code(session, spoken.id, EMAIL, code) is Answer.RIGHT


def test_a_mailbox_is_sent_three_codes_an_hour_from_everywhere_together(session):
    for place in range(3):
        make_code(session, a_conversation(session).id, EMAIL, f"turn {place}")
    with pytest.raises(TooManyCodes):
        make_code(session, a_conversation(session).id, EMAIL.upper(), "turn")
    for check in session.scalars(select(Check)):
        check.created_at -= timedelta(minutes=61)
    session.flush()
    make_code(session, a_conversation(session).id, EMAIL, "turn")


def test_a_conversation_sends_five_codes_an_hour_to_whomever(session):
    spoken = a_conversation(session)
    for place in range(5):
        make_code(session, spoken.id, f"{place}@example.com", f"turn {place}")
    with pytest.raises(TooManyCodes):
        make_code(session, spoken.id, "6@example.com", "turn 6")


def test_neither_code_nor_address_stands_anywhere(session):
    spoken = a_conversation(session)
    code = make_code(session, spoken.id, EMAIL, "turn")
    take_code(session, spoken.id, EMAIL, wrong(code))
    take_code(session, spoken.id, EMAIL, code)
    kept = session.scalars(select(Check)).one()
    told = [kept.code, kept.address, *(str(e.facts) for e in events_of(session, spoken.id))]
    assert not [text for text in told if code in text or "emily" in text.lower()]
    assert happened(session, spoken)[-3:] == ["check.sent", "check.failed", "check.passed"]


def test_whom_the_web_site_vouches_for_needs_no_code_for_their_own_mailbox(session):
    spoken = a_conversation(session)
    spoken.customer.email, spoken.customer.verified_at = EMAIL.lower(), clock.now()
    session.flush()
    assert not needs_code(session, spoken.id, "refund", EMAIL)
    assert needs_code(session, spoken.id, "reset_password", "other@example.com")
    assert not needs_code(session, spoken.id, "resend_invoice", "other@example.com")
