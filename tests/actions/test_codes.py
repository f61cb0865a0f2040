"""The code in the conversation: mailed by a real server, asked for, taken, and never believed."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from sqlalchemy import select

from actions.code import is_about_the_code
from actions.refund import Refund, RefundForm
from actions.reset_password import ResetPassword
from actions.talk import Talk
from desk.checks.rules import code_in
from desk.durable import reading
from desk.integrations.orders import FakeOrders
from desk.jobs.models import Job
from tests.actions.conftest import Ran
from tests.conftest import forget_settings
from tests.mailbox import Box, a_mailbox

Run = Callable[..., Ran]
ASKED = {
    "order_number": "KD-4711",
    "checked_order": "KD-4711",
    "email": "emily@example.com",
    "in_form": "refund",
}
AT_THE_CODE = ASKED | {"confirmed": True, "requested_slot": "code"}


@pytest.fixture
def box(conversation_id: UUID, monkeypatch: pytest.MonkeyPatch) -> Iterator[Box]:
    with a_mailbox() as box:
        monkeypatch.setenv("DESK_SMTP_PORT", str(box.port))
        monkeypatch.setenv("DESK_STEP_UP", "true")
        forget_settings()
        yield box


def yes(run: Run) -> Ran:
    return run(RefundForm(), "yes", "affirm", "t1", **ASKED, requested_slot="confirmed")


def mailed(box: Box) -> str:
    code = code_in(box.letters[-1].get_content())
    assert code is not None
    return code


def jobs() -> int:
    return len(reading(lambda session: session.scalars(select(Job)).all()))


def test_after_the_yes_a_code_is_mailed_to_who_ordered_and_asked_for(
    run: Run, shop: FakeOrders, box: Box
) -> None:
    said, slots = yes(run)
    assert (said, slots["requested_slot"]) == ([], "code")
    assert box.letters[0]["To"] == "emily@example.com"
    code = mailed(box)
    said, slots = run(RefundForm(), f"it's {code}", "inform", "t2", **AT_THE_CODE)
    assert (said, slots["requested_slot"], slots["code"]) == ([], None, "right")
    assert code not in str(slots)
    assert run(Refund(), **ASKED, confirmed=True)[0] == ["utter_refund_receipt"]
    assert jobs() == 1


def test_without_the_code_nothing_is_asked_of_a_robot_whatever_the_slots_say(
    run: Run, shop: FakeOrders, box: Box
) -> None:
    told = ASKED | {"confirmed": True, "code": "right"}
    assert run(Refund(), **told)[0] == ["utter_code_spent"]
    assert run(ResetPassword(), email="na@example.com", confirmed=True, code="right")[0] == [
        "utter_code_spent"
    ]
    assert jobs() == 0


def test_three_wrong_codes_end_it_with_the_offer_of_a_person(
    run: Run, shop: FakeOrders, box: Box
) -> None:
    yes(run)
    wrong = f"{(int(mailed(box)) + 1) % 1_000_000:06}"
    for key in ("t2", "t3"):
        said, slots = run(RefundForm(), wrong, "inform", key, **AT_THE_CODE)
        assert (said, slots["requested_slot"]) == (["utter_code_wrong"], "code")
    said, slots = run(RefundForm(), wrong, "inform", "t4", **AT_THE_CODE)
    assert (said, slots["requested_slot"], slots["left_because"]) == ([], None, "code")
    said, slots = run(Refund(), **ASKED, left_because="code")
    assert (said, slots["asked"]) == (["utter_code_spent"], "person")
    assert (jobs(), len(box.letters)) == (0, 1)


def test_a_code_that_looks_like_an_order_stays_a_code(run: Run, shop: FakeOrders, box: Box) -> None:
    yes(run)
    told = AT_THE_CODE | {"order_number": "KD-123456"}
    heard = {"entities": [{"entity": "order_number", "value": "KD-123456"}]}
    said, slots = run(RefundForm(), "123456", "track_order", "t2", heard, **told)
    assert slots["order_number"] == "KD-4711"
    assert said == ["utter_code_wrong"] or slots["code"] == "right"


@pytest.mark.parametrize("words", ["I didn't get it", "send it again please", "没收到验证码"])
def test_a_code_that_did_not_come_is_sent_again_three_times_an_hour(
    run: Run, shop: FakeOrders, box: Box, words: str
) -> None:
    yes(run)
    for key in ("t2", "t3"):
        _, slots = run(RefundForm(), words, "out_of_scope", key, **AT_THE_CODE)
        assert slots["requested_slot"] == "code"
    assert len({letter.get_content() for letter in box.letters}) >= 2
    said, slots = run(RefundForm(), words, "out_of_scope", "t4", **AT_THE_CODE)
    assert (said, slots["left_because"]) == (["utter_asked_too_often"], "unreachable")
    assert len(box.letters) == 3


def test_a_code_that_cannot_be_mailed_is_said_honestly(
    run: Run, shop: FakeOrders, box: Box
) -> None:
    box.answers = ["451 Later"]
    said, slots = yes(run)
    assert (said, slots["left_because"]) == (["utter_code_not_sent"], "unreachable")
    assert jobs() == 0


def test_a_no_is_asked_for_no_code(run: Run, shop: FakeOrders, box: Box) -> None:
    _, slots = run(RefundForm(), "no", "deny", "t1", **ASKED, requested_slot="confirmed")
    assert slots["requested_slot"] is None
    assert box.letters == []


@pytest.mark.parametrize(
    ("text", "is_it"),
    [
        ("123456", True),
        ("I have not received it", True),
        ("where is my other order?", False),
        ("x" * 80 + " 123456", False),
    ],
)
def test_what_is_about_the_code(text: str, is_it: bool) -> None:
    talk = Talk(UUID(int=0), {}, {"text": text}, [], None)  # type: ignore[arg-type]
    assert is_about_the_code(talk) is is_it
