"""What is killed half-way: F1, F2, F3, F4, A12. The customer loses nothing and hears it once."""

import os
import signal
import time
from datetime import UTC, datetime
from uuid import uuid4

import httpx
import psutil
import pytest

from tests.databases import copy_postgres
from tests.journeys.customer import Customer, refund_asked
from tests.whole_desk import a_running_desk, wait_until

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def desk(request, tmp_path_factory):
    """One desk for all faults of this file: each test mends what it broke."""
    overrides = {}
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_server")
        overrides["DESK_DATABASE_URL"] = copy_postgres(server, "template1", "faults")
    with a_running_desk(tmp_path_factory.mktemp(request.param), **overrides) as running:
        yield running


def test_f4_a_worker_killed_after_filing_files_no_second_refund_and_tells_it_once(desk):
    customer = Customer(desk)
    refund_asked(desk, customer)

    def filed():
        return desk.back_office("SELECT id FROM refunds WHERE order_number = 'KD-4711'")

    wait_until(filed, 60, "the filing")
    desk.kill("worker")
    assert customer.state()["jobs"][0]["status"] == "working"
    desk.start("worker")
    wait_until(lambda: customer.state()["jobs"][0]["settled_at"], 90, "the end of the job")
    reference = f"RF-{filed()[0][0]}"
    wait_until(lambda: told(customer, reference), 20, "the news")
    time.sleep(2)
    assert len(filed()) == 1
    assert customer.state()["jobs"][0]["reference"] == reference
    assert len(told(customer, reference)) == 1


def test_f4_a_dead_workers_job_is_taken_over_by_a_living_one(desk):
    customer = Customer(desk)
    refund_asked(desk, customer, "KD-4718")
    wait_until(lambda: customer.state()["jobs"][0]["status"] == "working", 30, "the start")
    desk.kill("worker")
    desk.settings["DESK_WORKER_SLOT"] = "worker-2"
    desk.start("worker")
    wait_until(lambda: customer.state()["jobs"][0]["settled_at"], 90, "the end of the job")
    filed = desk.back_office("SELECT id FROM refunds WHERE order_number = 'KD-4718'")
    assert len(filed) == 1
    assert customer.state()["jobs"][0]["reference"] == f"RF-{filed[0][0]}"


def told(customer, words):
    return [turn for turn in customer.turns("bot") if words in turn["text"]]


def test_f2_a_bot_killed_in_the_middle_of_a_turn_gives_one_answer_after_its_restart(desk):
    customer = Customer(desk)
    customer.asks("hello")
    os.kill(desk.pid("actions"), signal.SIGSTOP)  # so that the bot is in the middle, waiting
    customer.send("what is your returns policy?")
    time.sleep(1)
    desk.kill("bot")
    os.kill(desk.pid("actions"), signal.SIGCONT)
    sent = datetime.now(UTC)
    wait_until(lambda: customer.turns("system"), 10, "the notice")
    assert (datetime.now(UTC) - sent).total_seconds() < 10
    before = len(customer.turns("bot"))
    desk.start("bot")
    wait_until(lambda: len(customer.turns("bot")) > before, 20, "the answer")
    time.sleep(2)
    answers = customer.turns("bot")[before:]
    assert len({turn["text"] for turn in answers}) == len(answers)
    assert len(customer.turns("system")) == 1
    assert len(customer.turns("customer")) == 2


def test_f3_without_its_actions_the_bot_is_not_silent_and_a_person_is_fetched(desk):
    customer = Customer(desk)
    customer.asks("hello")
    desk.kill("actions")
    try:
        sent = time.monotonic()
        customer.send("where is my order KD-4711?")
        wait_until(lambda: customer.turns("system"), 10, "an honest word")
        assert time.monotonic() - sent < 10
        wait_until(lambda: customer.state()["answered_by"] == "queue", 60, "the hand-off")
    finally:
        desk.start("actions")


def test_f1_a_desk_killed_right_after_its_yes_has_lost_nothing(desk):
    customer = Customer(desk)
    customer.asks("hello")
    client_id = str(uuid4())
    assert customer.send("what payment methods do you take?", client_id).status_code == 202
    desk.kill("desk")
    desk.start("desk")
    assert customer.send("what payment methods do you take?", client_id).status_code == 202
    wait_until(lambda: len(customer.turns("bot")) >= 2, 30, "the answer")
    time.sleep(2)
    assert len(customer.turns("customer")) == 2
    texts = [turn["text"] for turn in customer.turns("bot")]
    assert len(texts) == len(set(texts))


def test_a12_only_the_desk_may_be_heard_from_outside_and_all_else_asks_for_a_secret(desk):
    for name in ("mail", "backoffice", "actions", "bot", "desk", "worker"):
        family = psutil.Process(desk.pid(name))
        for process in (family, *family.children(recursive=True)):
            for connection in process.net_connections("inet"):
                if connection.status == psutil.CONN_LISTEN:
                    assert connection.laddr.ip in ("127.0.0.1", "::1"), (name, connection)
    bot, actions = desk.settings["DESK_BOT_URL"], desk.settings["DESK_ACTIONS_URL"]
    body = {"conversation_id": str(uuid4()), "key": str(uuid4()), "text": "/restart"}
    for url in (f"{bot}/webhooks/desk/turns", f"{bot}/webhooks/rest/webhook", actions):
        answer = httpx.post(url, json=body, trust_env=False)
        assert answer.status_code in (401, 403, 404), url
    for url in (f"{bot}/model", f"{bot}/conversations/x/tracker", f"{bot}/status"):
        assert httpx.get(url, trust_env=False).status_code in (403, 404), url
