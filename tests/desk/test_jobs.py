"""J1: a job that was asked for is carried out, ends one way, and the customer is told once."""

import threading
import time

import pytest
from dbos import DBOS
from dbos._dbos import _get_or_create_dbos_registry
from sqlalchemy import select

from automation.contracts import JobOutcome, JobRequest, Outcome
from desk.conversations.commands import resolve
from desk.conversations.models import Answerer, Cue, Resolver, Status
from desk.conversations.queries import conversation
from desk.durable import reading, run_workflows, transaction
from desk.integrations import robots
from desk.jobs import commands, queries, workflows
from desk.jobs.models import OPEN, Job, JobStatus
from desk.jobs.rules import money, typical_seconds
from tests.builders import a_conversation, happened
from tests.whole_desk import wait_until

REFUND = JobRequest("refund", {"order_number": "KD-4711"})
FILED = JobOutcome(
    Outcome.DONE, "REFUND_FILED", {"reference": "RF-10001", "amount_minor": 4990, "currency": "EUR"}
)
TOO_OLD = JobOutcome(Outcome.REFUSED, "OUTSIDE_30_DAYS", {})
GAVE_UP = JobOutcome(Outcome.GAVE_UP, "ROBOT_GAVE_UP", {})


def news(session):
    return [(cue.intent, cue.facts) for cue in session.scalars(select(Cue))]


def test_j1_the_same_wish_uttered_twice_is_one_job(session):
    spoken = a_conversation(session)
    first, again = (commands.ask(session, spoken.id, REFUND) for _ in range(2))
    assert (first.job.id, first.is_new, again.is_new) == (again.job.id, True, False)
    assert happened(session, spoken).count("job.queued") == 1


def test_a_done_job_is_told_with_the_number_that_stands_in_the_back_office(session):
    spoken = a_conversation(session)
    job = commands.ask(session, spoken.id, REFUND).job
    for _ in range(2):
        commands.settle(session, job.id, FILED.to_payload())
    told = {
        "job_code": "REFUND_FILED",
        "job_reference": "RF-10001",
        "order_number": "KD-4711",
        "amount": "49.90 EUR",
    }
    assert news(session) == [("EXTERNAL_refund_done", told)]
    assert spoken.goal_reached_by is Resolver.ROBOT


def test_a_refusal_is_told_and_fetches_nobody(session):
    spoken = a_conversation(session)
    job = commands.ask(session, spoken.id, REFUND).job
    commands.settle(session, job.id, TOO_OLD.to_payload())
    assert news(session)[0][0] == "EXTERNAL_refund_refused"
    assert (job.status, spoken.answered_by) == (JobStatus.REFUSED, Answerer.BOT)


def test_a_robot_that_gives_up_brings_a_person_and_is_told(session):
    spoken = a_conversation(session)
    job = commands.ask(session, spoken.id, REFUND).job
    commands.settle(session, job.id, GAVE_UP.to_payload())
    assert news(session)[0][0] == "EXTERNAL_refund_gave_up"
    assert spoken.answered_by is Answerer.QUEUE


def test_a_robot_that_gives_up_after_the_resolve_opens_the_matter_again(session):
    spoken = a_conversation(session)
    job = commands.ask(session, spoken.id, REFUND).job
    resolve(session, spoken.id, by=Resolver.BOT)
    commands.settle(session, job.id, GAVE_UP.to_payload())
    assert (spoken.status, spoken.answered_by) == (Status.OPEN, Answerer.QUEUE)


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [(4990, "EUR", "49.90 EUR"), (129_900, "USD", "1,299.00 USD"), (500, "JPY", "500 JPY")],
)
def test_money_is_shown_with_the_places_of_its_currency(minor, currency, shown):
    assert money(minor, currency) == shown


def test_the_expected_time_is_the_median_of_what_it_took():
    assert typical_seconds([]) == 60
    assert typical_seconds([4.0, 90.0, 5.2]) == 6


@pytest.fixture
def worker(database):
    # DBOS expects one life a process and would refuse the next test's datasource.
    _get_or_create_dbos_registry().dbos = None
    run_workflows()
    yield
    DBOS.destroy()


def settled(job_id, seconds=30):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        job = reading(queries.job, job_id)
        if job.status not in OPEN:
            return job
        time.sleep(0.05)
    raise AssertionError("the job never ended")


def ask_in_a_conversation():
    spoken = transaction(a_conversation)
    return spoken, transaction(commands.ask, spoken.id, REFUND).job


def test_j1_a_job_is_carried_out_once_its_asking_has_committed(worker, monkeypatch):
    monkeypatch.setattr(robots, "run", lambda job_id, request: FILED)
    spoken, job = ask_in_a_conversation()
    assert settled(job.id).code == "REFUND_FILED"
    assert reading(happened, spoken)[1:] == [
        "job.queued",
        "job.started",
        "job.succeeded",
        "conversation.goal_reached",
    ]


def test_a_broken_robot_is_tried_three_times_and_then_a_person_comes(worker, monkeypatch):
    tries = []

    def breaks(job_id, request):
        tries.append(job_id)
        raise robots.RobotBroke("the back office is down")

    monkeypatch.setattr(robots, "run", breaks)
    spoken, job = ask_in_a_conversation()
    assert settled(job.id).status is JobStatus.GAVE_UP
    assert tries == [job.id] * 3
    assert reading(conversation, spoken.id).answered_by is Answerer.QUEUE


def test_a_job_rolled_back_is_never_started(worker, monkeypatch):
    monkeypatch.setattr(robots, "run", lambda job_id, request: FILED)
    spoken = transaction(a_conversation)

    def ask_and_fail(session):
        commands.ask(session, spoken.id, REFUND)
        raise RuntimeError("rolled back")

    with pytest.raises(RuntimeError):
        transaction(ask_and_fail)
    time.sleep(0.5)
    assert DBOS.list_workflows() == []
    assert reading(lambda session: session.scalars(select(Job)).all()) == []


def test_j1_a_job_that_dbos_has_given_up_on_is_settled_and_a_person_comes(worker, monkeypatch):
    gate = threading.Event()
    monkeypatch.setattr(robots, "run", lambda job_id, request: gate.wait(20) and FILED)
    spoken, job = ask_in_a_conversation()
    wait_until(lambda: reading(queries.job, job.id).status is JobStatus.WORKING, 20)
    DBOS.cancel_workflow(f"carry_out:{job.id}")
    gate.set()
    workflows.settle_what_was_given_up()
    assert reading(queries.job, job.id).status is JobStatus.GAVE_UP
    assert reading(conversation, spoken.id).answered_by is Answerer.QUEUE
