"""Every robot, done and refused, on the running back office."""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pypdf
import pypdfium2
import pytest
import zxingcpp
from robocorp.workitems import BusinessException

from automation.carrying import failures_in_their_kind
from automation.contracts import JobOutcome, Outcome, reference_of
from automation.robots.cancel_order import cancel_order
from automation.robots.change_address import change_address
from automation.robots.change_subscription import change_subscription
from automation.robots.refund import refund
from automation.robots.resend_invoice import resend_invoice
from automation.robots.return_label import return_label
from automation.systems.backoffice import BackOffice, visit
from tests.automation.conftest import run
from tests.automation.running import Company
from tests.automation.test_progress import steps_in

Robot = Callable[[dict[str, Any], BackOffice], JobOutcome]
pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("robot_folder")]


def test_a_refund_is_filed_and_its_number_stands_in_the_back_office(
    company: Company, robot_folder: Path
) -> None:
    job = str(uuid4())
    outcome = run("refund", job, order_number="KD-4711", reason="别扭 😡\nIt is cracked")
    assert (outcome.outcome, outcome.code) == (Outcome.DONE, "REFUND_FILED")
    assert company.refunds("KD-4711") == [outcome.facts["reference"]]
    assert outcome.facts["amount_minor"] == 8900
    assert outcome.facts["currency"] == "EUR"
    (filed,) = company.rows("SELECT * FROM refunds WHERE order_number = 'KD-4711'")
    assert filed["external_reference"] == reference_of(job)
    assert filed["reason"].splitlines() == ["别扭 😡", "It is cracked"]
    assert steps_in(robot_folder / job / "1") == ["checked", "filed", "confirmed"]


@pytest.fixture(scope="module")
def office(running: Company) -> Iterator[BackOffice]:
    """One visit for all refusals: what refuses is the page, not the start of a process."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in running.environment.items():
            patch.setenv(name, value)
        with visit() as visited:
            yield visited


@pytest.mark.parametrize(
    ("robot", "inputs", "code"),
    [
        (refund, {"order_number": "KD-4712"}, "ALREADY_REFUNDED"),
        (refund, {"order_number": "KD-4713"}, "OUTSIDE_30_DAYS"),
        (refund, {"order_number": "KD-4715"}, "NOT_DELIVERED"),
        (refund, {"order_number": "KD-4716"}, "ORDER_CANCELLED"),
        (refund, {"order_number": "KD-47"}, "ORDER_UNKNOWN"),
        (cancel_order, {"order_number": "KD-4715"}, "ALREADY_SHIPPED"),
        (cancel_order, {"order_number": "KD-4736"}, "ORDER_CANCELLED"),
        (change_address, {"order_number": "KD-4735", "address": "1 A St, B"}, "ALREADY_SHIPPED"),
        (change_address, {"order_number": "KD-4719", "address": "Leeds"}, "ADDRESS_INCOMPLETE"),
        (resend_invoice, {"order_number": "KD-4716"}, "ORDER_CANCELLED"),
        (resend_invoice, {"order_number": "no such order"}, "ORDER_UNKNOWN"),
        (return_label, {"order_number": "KD-4715"}, "NOT_DELIVERED"),
        (return_label, {"order_number": "KD-4733"}, "OUTSIDE_30_DAYS"),
        (change_subscription, {"email": "nobody@example.com", "plan": "paused"}, "ORDER_UNKNOWN"),
        (
            change_subscription,
            {"email": "wang.wei@example.com", "plan": "paused"},
            "NO_SUBSCRIPTION",
        ),
        (
            change_subscription,
            {"email": "sofia.rossi@example.com", "plan": "paused"},
            "SUBSCRIPTION_ENDED",
        ),
        (change_subscription, {"email": "li.na@example.com", "plan": "one_tea"}, "ALREADY_ON_PLAN"),
    ],
)
def test_what_the_rules_forbid_is_refused_with_its_reason(
    company: Company,
    office: BackOffice,
    robot: Robot,
    inputs: dict[str, str],
    code: str,
    tmp_path: Path,
) -> None:
    before = company.rows("SELECT count(*) AS entries FROM journal")
    with pytest.raises(BusinessException) as refused, failures_in_their_kind("ORDER_UNKNOWN"):
        robot({"job_id": str(uuid4()), **inputs}, office)
    assert refused.value.code == code
    picture = tmp_path / "papers" / "refused.png"
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert steps_in(picture.parent)[-1] == "refused"
    assert company.rows("SELECT count(*) AS entries FROM journal") == before
    assert not company.letters()


def test_a_refusal_reaches_the_desk_as_an_answer() -> None:
    outcome = run("refund", order_number="KD-4713")
    assert (outcome.outcome, outcome.code) == (Outcome.REFUSED, "OUTSIDE_30_DAYS")


def test_an_order_is_cancelled(company: Company) -> None:
    outcome = run("cancel_order", order_number="KD-4714")
    assert (outcome.outcome, outcome.code) == (Outcome.DONE, "ORDER_CANCELLED")
    assert company.rows("SELECT status FROM orders WHERE number = 'KD-4714'") == [
        {"status": "cancelled"}
    ]
    assert outcome.facts["reference"].startswith("CN-")


def test_an_order_is_sent_to_another_address(company: Company) -> None:
    address = "杭州市西湖区龙井路 1 号\n310013"
    outcome = run("change_address", order_number="KD-4739", address=address)
    assert (outcome.outcome, outcome.code) == (Outcome.DONE, "ADDRESS_CHANGED")
    (order,) = company.rows("SELECT address FROM orders WHERE number = 'KD-4739'")
    assert order["address"].splitlines() == address.splitlines()


def test_an_invoice_is_mailed_with_a_name_in_chinese(company: Company) -> None:
    job = str(uuid4())
    outcome = run("resend_invoice", job, order_number="KD-4731")
    assert (outcome.outcome, outcome.code) == (Outcome.DONE, "INVOICE_SENT")
    (letter,) = company.letters()
    assert letter["To"] == "li.na@example.com"
    assert job in letter["Message-ID"]
    (attached,) = letter.iter_attachments()
    page = pypdf.PdfReader(BytesIO(attached.get_content())).pages[0].extract_text()
    for words in ("李娜", "上海市徐汇区衡山路", "Celadon Teapot", "EUR 89.00", "INV-4731"):
        assert words in page
    (noted,) = company.rows("SELECT number FROM journal WHERE kind = 'INVOICE'")
    assert noted["number"] == outcome.facts["reference"]


def test_a_customer_is_mailed_a_link_that_sets_a_new_password_once(company: Company) -> None:
    outcome = run("reset_password", email="Li.Na@example.com")
    assert (outcome.outcome, outcome.code) == (Outcome.DONE, "RESET_LINK_SENT")
    (letter,) = company.letters()
    assert letter["To"] == "li.na@example.com"
    (link,) = re.findall(r"http\S+", letter.get_content())
    form = {"token": link.partition("token=")[2], "password": "a longer secret"}
    with httpx.Client(trust_env=False) as customer:
        assert "至少 10 个字符" in customer.get(link).text
        assert "新密码已设置" in customer.post(link.partition("?")[0], data=form).text
        assert "used or too old" in customer.post(link.partition("?")[0], data=form).text
    (kept,) = company.rows("SELECT password_digest FROM customers WHERE id = 2")
    assert "longer" not in kept["password_digest"]


def test_a_returned_order_gets_one_label_with_its_number_in_bars(
    company: Company, robot_folder: Path
) -> None:
    job = str(uuid4())
    outcome = run("return_label", job, order_number="KD-4738", reason="茶杯颜色不对")
    assert (outcome.outcome, outcome.code) == (Outcome.DONE, "LABEL_SENT")
    (kept,) = company.rows("SELECT * FROM returns WHERE order_number = 'KD-4738'")
    assert kept["external_reference"] == reference_of(job)
    (letter,) = company.letters()
    (attached,) = letter.iter_attachments()
    label = (robot_folder / job / "1" / "return-label.pdf").read_bytes()
    assert attached.get_content() == label
    (page,) = pypdfium2.PdfDocument(label)
    (bars,) = zxingcpp.read_barcodes(page.render(scale=2).to_pil())
    assert bars.text == outcome.facts["reference"]
    assert "李娜" in pypdf.PdfReader(BytesIO(label)).pages[0].extract_text()


def test_a_subscription_is_put_on_another_plan(company: Company) -> None:
    outcome = run("change_subscription", email="Li.Na@example.com", plan="paused")
    assert (outcome.outcome, outcome.code) == (Outcome.DONE, "SUBSCRIPTION_CHANGED")
    query = "SELECT plan FROM subscriptions WHERE customer_id = 2"
    assert company.rows(query) == [{"plan": "paused"}]


def test_a_suite_looks_up_a_parcel_and_says_where_it_was_seen(robot_folder: Path) -> None:
    outcome = run("track_parcel", "found", tracking_number=f"JJD{4715 * 314_159:012d}")
    assert (outcome.outcome, outcome.code) == (Outcome.DONE, "PARCEL_FOUND")
    assert outcome.facts["state"] == "in_transit"
    assert outcome.facts["place"] == "Birmingham"
    assert steps_in(robot_folder / "found" / "1") == ["opened", "found"]


def test_a_parcel_that_the_carrier_does_not_know_is_refused_with_a_picture(
    robot_folder: Path,
) -> None:
    outcome = run("track_parcel", "lost", tracking_number="JJD000000000000")
    assert (outcome.outcome, outcome.code) == (Outcome.REFUSED, "PARCEL_UNKNOWN")
    assert (robot_folder / "lost" / "1" / "refused.png").stat().st_size > 0
