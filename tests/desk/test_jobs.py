"""J1: a job that was asked for is carried out, ends one way, and the customer is told once."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from dbos import DBOS
from sqlalchemy import select

from automation.contracts import JobOutcome, JobRequest, Outcome
from desk.conversations.commands import resolve, settle_solved
from desk.conversations.models import Answerer, Cue, Resolver, Status
from desk.conversations.queries import conversation
from desk.durable import reading, transaction
from desk.events.models import Audience
from desk.events.queries import events_of
from desk.http.views import conversation_view, event_view, staff_conversation_view
from desk.integrations import robots
from desk.jobs import commands, queries, workflows
from desk.jobs.commands import AskedTooOften
from desk.jobs.models import OPEN, Job, JobStatus
from desk.jobs.rules import money, news_of, typical_seconds
from tests.builders import a_conversation, happened
from tests.whole_desk import wait_until
from tests.workflows import carried_out_here

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


def change_to(town):
    return JobRequest("change_address", {"order_number": "KD-4711", "address": f"5 Road, {town}"})


def asks(session, spoken, request, ending=None):
    """The customer wishes for it in a turn of its own, and it ends so; gives the job."""
    asked = commands.ask(session, spoken.id, request, str(uuid4()))
    if ending is not None:
        commands.settle(session, asked.job.id, ending.to_payload())
    return asked.job


def test_a_turn_that_is_tried_again_gives_its_own_job_as_new_even_once_it_has_ended(session):
    spoken = a_conversation(session)
    for ending in (FILED, TOO_OLD, GAVE_UP):
        key = str(uuid4())
        first = commands.ask(session, spoken.id, change_to(ending.code), key)
        commands.settle(session, first.job.id, ending.to_payload())
        again = commands.ask(session, spoken.id, change_to(ending.code), key)
        assert (again.job.id, again.is_new) == (first.job.id, True)


def test_an_address_changed_there_and_back_is_changed_three_times(session):
    spoken = a_conversation(session)
    towns = ("Bath", "Leeds", "Bath", "Bath")
    jobs = [asks(session, spoken, change_to(town), FILED) for town in towns]
    assert len({job.id for job in jobs}) == 3
    assert jobs[2] is jobs[3]


def test_an_address_wished_back_while_both_changes_wait_is_a_third_change(session):
    spoken = a_conversation(session)
    jobs = [asks(session, spoken, change_to(town)) for town in ("Bath", "Leeds", "Bath")]
    assert len({job.id for job in jobs}) == 3


def test_another_order_does_not_come_between(session):
    spoken = a_conversation(session)
    first = asks(session, spoken, REFUND, FILED)
    asks(session, spoken, JobRequest("refund", {"order_number": "KD-4712"}), FILED)
    assert asks(session, spoken, REFUND) is first


@pytest.mark.parametrize("ending", [TOO_OLD, GAVE_UP], ids=["refused", "given up"])
def test_what_was_refused_or_given_up_can_be_wished_for_again(session, ending):
    spoken = a_conversation(session)
    first = asks(session, spoken, REFUND, ending)
    second = asks(session, spoken, REFUND)
    assert (second.id != first.id, second.status) == (True, JobStatus.QUEUED)
    assert asks(session, spoken, REFUND, FILED) is second
    assert asks(session, spoken, REFUND) is second


def test_ten_turns_at_once_with_one_wish_are_one_job(database):
    spoken = transaction(a_conversation)

    def ask_once(_):
        return transaction(commands.ask, spoken.id, REFUND, str(uuid4())).job.id

    with ThreadPoolExecutor(10) as turns:
        assert len(set(turns.map(ask_once, range(10)))) == 1


RESET = JobRequest("reset_password", {"email": "li.na@example.com"})
UNKNOWN = JobOutcome(Outcome.REFUSED, "ACCOUNT_UNKNOWN", {})
SENT = JobOutcome(Outcome.DONE, "RESET_LINK_SENT", {"reference": "RL-1"})


@pytest.mark.parametrize("ending", [SENT, UNKNOWN], ids=["known", "unknown"])
def test_a_link_is_made_three_times_an_hour_for_one_address_and_no_more(session, ending):
    for email in ("li.na@example.com", "Li.Na@example.com", " LI.NA@EXAMPLE.COM"):
        asks(
            session, a_conversation(session), JobRequest("reset_password", {"email": email}), ending
        )
    with pytest.raises(AskedTooOften):
        asks(session, a_conversation(session), RESET)
    asks(
        session, a_conversation(session), JobRequest("reset_password", {"email": "wu@example.com"})
    )


def test_a_link_can_be_had_again_in_the_same_conversation_and_after_an_hour(session):
    spoken = a_conversation(session)
    jobs = [asks(session, spoken, RESET, ending) for ending in (SENT, UNKNOWN, SENT)]
    assert len({job.id for job in jobs}) == 3
    with pytest.raises(AskedTooOften):
        asks(session, spoken, RESET)
    jobs[0].created_at -= timedelta(minutes=61)
    session.flush()
    assert asks(session, spoken, RESET) not in jobs


def test_a_turn_that_is_tried_again_is_not_counted_twice(session):
    spoken, key = a_conversation(session), str(uuid4())
    jobs = {commands.ask(session, spoken.id, RESET, key).job.id for _ in range(9)}
    assert len(jobs) == 1


def test_conversations_that_ask_at_the_same_moment_are_counted_one_by_one(database):
    spoken = [transaction(a_conversation).id for _ in range(8)]

    def ask_once(conversation_id):
        try:
            transaction(commands.ask, conversation_id, RESET, str(uuid4()))
        except AskedTooOften:
            return False
        return True

    with ThreadPoolExecutor(8) as tabs:
        assert list(tabs.map(ask_once, spoken)).count(True) == 3


@pytest.mark.parametrize("shown", ["state", "events"])
def test_a_customer_sees_no_difference_between_a_known_address_and_an_unknown_one(session, shown):
    seen, talks = [], [a_conversation(session) for _ in range(2)]
    jobs_asked = [asks(session, spoken, RESET) for spoken in talks]
    for spoken, job, ending in zip(talks, jobs_asked, (SENT, UNKNOWN), strict=True):
        commands.settle(session, job.id, ending.to_payload())
        settle_solved(session, spoken.id, True, "k")
        if shown == "state":
            jobs = [job.model_dump() for job in conversation_view(session, spoken.id).jobs]
        else:
            told = [e for e in events_of(session, spoken.id) if e.audience is Audience.CUSTOMER]
            jobs = [event_view(session, event, for_staff=False) for event in told]
        seen.append(without_ids(jobs))
    assert seen[0] == seen[1]
    assert "refused" not in str(seen)


def test_the_staff_see_whether_the_address_was_known(session):
    spoken = a_conversation(session)
    asks(session, spoken, RESET, UNKNOWN)
    (job,) = staff_conversation_view(session, spoken.id).jobs
    assert (job.status, job.code) == (JobStatus.REFUSED, "ACCOUNT_UNKNOWN")
    told = [event_view(session, e, for_staff=True) for e in events_of(session, spoken.id)]
    assert ("job.refused", "ACCOUNT_UNKNOWN") in [(e["kind"], e["facts"].get("code")) for e in told]


def without_ids(views):
    """What a customer reads of it: without ids, times, and places in the log."""
    if isinstance(views, list):
        return [without_ids(view) for view in views]
    if isinstance(views, dict):
        own = {k: without_ids(v) for k, v in views.items() if not k.endswith(("_at", "id"))}
        return {k: v for k, v in own.items() if k != "position"}
    return views


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
    with carried_out_here():
        yield


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
    monkeypatch.setattr(robots, "run", lambda job_id, request, **_: FILED)
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

    def breaks(job_id, request, **_):
        tries.append(job_id)
        raise robots.RobotBroke("BACK_OFFICE_SILENT", "the back office is down")

    monkeypatch.setattr(robots, "run", breaks)
    spoken, job = ask_in_a_conversation()
    assert settled(job.id).status is JobStatus.GAVE_UP
    assert tries == [job.id] * 3
    assert reading(conversation, spoken.id).answered_by is Answerer.QUEUE


def test_a_job_rolled_back_is_never_started(worker, monkeypatch):
    monkeypatch.setattr(robots, "run", lambda job_id, request, **_: FILED)
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
    monkeypatch.setattr(robots, "run", lambda job_id, request, **_: gate.wait(20) and FILED)
    spoken, job = ask_in_a_conversation()
    wait_until(lambda: reading(queries.job, job.id).status is JobStatus.WORKING, 20)
    DBOS.cancel_workflow(f"carry_out:{job.id}")
    gate.set()
    workflows.settle_what_was_given_up()
    assert reading(queries.job, job.id).status is JobStatus.GAVE_UP
    assert reading(conversation, spoken.id).answered_by is Answerer.QUEUE


def test_nobody_is_told_that_it_failed_where_nobody_can_know():
    told, facts = news_of("refund", {"order_number": "KD-1"}, "needs_review", "UNKNOWN_OUTCOME", {})
    assert told == "EXTERNAL_job_unclear"
    assert facts == {"job_code": "UNKNOWN_OUTCOME", "order_number": "KD-1"}
