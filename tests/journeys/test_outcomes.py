"""Done, refused and broken: the customer hears each in words; a broken robot brings a person."""

import pytest

from tests.journeys.customer import Customer, code_given, refund_asked
from tests.whole_desk import wait_until

pytestmark = pytest.mark.journey


def email_of(desk, order):
    query = (
        "SELECT c.email FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.number = ?"
    )
    return desk.back_office(query, order)[0][0]


def test_an_invoice_reaches_the_address_of_the_order(desk):
    customer = Customer(desk)
    customer.asks("please send me the invoice for order KD-4711 again")
    if not customer.turns("bot")[-1]["quick_replies"]:
        customer.asks(email_of(desk, "KD-4711"))
    customer.asks("yes")
    wait_until(lambda: job_of(customer)["status"] == "done", 60, "the mail")
    mails = list(desk.mails())
    assert len(mails) == 1
    assert email_of(desk, "KD-4711") in mails[0]
    wait_until(lambda: last_words(customer, "solve"), 20, "the news")


def test_a_refund_outside_thirty_days_is_refused_in_words(desk):
    customer = Customer(desk)
    refund_asked(desk, customer, "KD-4713")
    wait_until(lambda: job_of(customer)["status"] == "refused", 60, "the refusal")
    assert job_of(customer)["code"] == "OUTSIDE_30_DAYS"
    wait_until(lambda: last_words(customer, "30 days"), 20, "the reason")
    assert customer.state()["answered_by"] == "bot"


def test_an_address_is_changed_in_the_back_office(desk):
    customer = Customer(desk)
    customer.asks("I moved, please change the delivery address of KD-4714")
    if "e-mail" in customer.turns("bot")[-1]["text"]:
        customer.asks(email_of(desk, "KD-4714"))
    customer.asks("221B Baker Street, London NW1 6XE")
    customer.asks("yes")
    code_given(desk, customer, email_of(desk, "KD-4714"))
    wait_until(lambda: job_of(customer)["status"] == "done", 60, "the change")
    (address,) = desk.back_office("SELECT address FROM orders WHERE number = 'KD-4714'")[0]
    assert "221B Baker Street" in address


def test_while_the_back_office_is_down_a_person_is_fetched_and_the_customer_told(desk):
    customer = Customer(desk)
    desk.kill("backoffice")
    try:
        refund_asked(desk, customer, "KD-4718")
        wait_until(lambda: job_of(customer)["status"] == "gave_up", 120, "giving up")
        wait_until(lambda: customer.state()["answered_by"] == "queue", 10, "the hand-off")
        wait_until(lambda: last_words(customer, "colleague"), 20, "the honest word")
    finally:
        desk.start("backoffice")


def job_of(customer):
    jobs = customer.state()["jobs"]
    return jobs[-1] if jobs else {"status": "none yet", "code": None}


def last_words(customer, words):
    return any(words in turn["text"] for turn in customer.turns("bot")[-2:])
