"""A stranger's large refund: a code by mail, a supervisor's word, the robot, and a letter at the
end, because nobody has the page open any more."""

import re
from email import message_from_string, policy

import pytest
from playwright.sync_api import expect

from tests.journeys.customer import Customer, refund_asked
from tests.journeys.screens import SOON
from tests.whole_desk import wait_until

pytestmark = [pytest.mark.journey, pytest.mark.browser, pytest.mark.soak]

LARGE = """
    SELECT o.number, c.email FROM orders o JOIN customers c ON c.id = o.customer_id
    WHERE o.status = 'delivered' AND o.total_minor > 15000
    AND o.delivered_on > date('now', '-20 days')
    ORDER BY o.number
"""


def test_a_large_refund_waits_for_a_supervisor_and_whoever_left_is_written(desk, console):
    order, email = desk.back_office(LARGE)[0]
    customer = Customer(desk)
    refund_asked(desk, customer, order)
    job = wait_until(lambda: (customer.state()["jobs"] or [None])[0], 20, "the job")
    assert job["status"] == "waiting"
    assert re.search("approve|审批", customer.turns("bot")[-1]["text"])
    assert desk.back_office("SELECT id FROM refunds WHERE order_number = ?", order) == []

    console.sign_in("supervisor@demo.kaidesk")
    console.page.get_by_test_id("jobs-link").click()
    console.page.get_by_test_id("tab-approvals").click()
    card = console.page.get_by_test_id("approval").filter(has_text=order)
    expect(card).to_be_visible(timeout=SOON)
    card.get_by_test_id("approve").click()
    wait_until(lambda: customer.state()["jobs"][0]["status"] == "done", 90, "the refund")
    done = customer.state()["jobs"][0]
    assert len(desk.back_office("SELECT id FROM refunds WHERE order_number = ?", order)) == 1

    console.page.goto(f"{desk.url}/console/jobs/{done['id']}")
    expect(console.page.get_by_test_id("run-step").first).to_be_visible(timeout=SOON)
    expect(console.page.get_by_test_id("run-file").first).to_be_visible(timeout=SOON)

    def letters():
        read = [message_from_string(mail, policy=policy.default) for mail in desk.mails()]
        ours = [mail.get_content() for mail in read if mail["To"] == email]
        return [words for words in ours if done["reference"] in words]

    wait_until(letters, 90, "the letter")
    assert len(letters()) == 1
