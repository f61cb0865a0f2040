"""Bad input, and changing one's mind: what is accepted, and what may still become of it."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from automation.contracts import JobOutcome, JobRequest, Outcome
from desk import clock
from desk.conversations.models import Answerer, Cue
from desk.conversations.queries import conversation
from desk.durable import reading, transaction
from desk.events.queries import events_of
from desk.integrations import robots
from desk.jobs import commands, queries, workflows
from desk.jobs.commands import AlreadyWorking, NoRoom, NotHeld, NotOver
from desk.jobs.models import OPEN, Asker, Ending, Job, JobStatus
from desk.jobs.rules import InputsDoNotFit, NoSuchRobot, pause_seconds, redacted, robot_for
from tests.builders import a_conversation, happened
from tests.jobs.conftest import until
from tests.workflows import carried_out_here

ORDER = {"order_number": "KD-4711"}
DONE = JobOutcome(Outcome.DONE, "DONE", {"reference": "RF-1"})


@pytest.mark.parametrize(
    ("kind", "inputs", "words"),
    [
        ("launder", ORDER, "There is no robot 'launder'. There are: refund, "),
        ("refund", {}, "order_number missing"),
        ("refund", ORDER | {"iban": "DE02"}, "only order_number, reason are known"),
        ("refund", {"order_number": 4711}, "order_number breaks type string"),
        ("refund", {"order_number": ""}, "order_number breaks minLength 1"),
        ("refund", {"order_number": ["KD-4711"]}, "order_number breaks type string"),
        ("refund", {"order_number": "K" * 41}, "order_number breaks maxLength 40"),
        ("reset_password", {"email": "li.na"}, "email breaks pattern"),
        ("refund", ORDER | {"reason": "x" * 10_000_000}, "at most 64 KB; these are 10000"),
        ("refund", ORDER | {"reason": "\ud800"}, "plain JSON, in UTF-8"),
        ("refund", ORDER | {"reason": "a\x00b"}, "no NUL characters"),
        ("refund", ORDER | {"reason": float("nan")}, "plain JSON"),
        ("refund", ORDER | {"reason": object()}, "plain JSON"),
    ],
)
def test_a_job_that_its_robot_cannot_do_is_refused_before_it_is_written(
    session, kind, inputs, words
):
    spoken = a_conversation(session)
    with pytest.raises((NoSuchRobot, InputsDoNotFit)) as refused:
        commands.ask(session, spoken.id, JobRequest(kind, inputs))
    assert words in str(refused.value)
    assert len(str(refused.value)) < 400
    assert session.scalar(select(func.count()).select_from(Job)) == 0
    assert "job.queued" not in happened(session, spoken)


def test_a_schema_says_what_is_wrong_and_never_what_was_written():
    with pytest.raises(InputsDoNotFit) as refused:
        robot_for("reset_password", {"email": "secret life of mine"})
    assert "secret" not in str(refused.value)


def test_what_is_missing_is_said_once():
    with pytest.raises(InputsDoNotFit) as refused:
        robot_for("service_report", {})
    assert str(refused.value).count("missing") == 1
    assert "week and figures and recipients missing" in str(refused.value)


def test_inputs_nested_without_end_are_refused(session):
    deep = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(InputsDoNotFit):
        robot_for("refund", {"order_number": deep})


def test_without_room_on_the_disk_no_job_is_accepted(session, monkeypatch):
    spoken = a_conversation(session)
    monkeypatch.setattr(robots, "bytes_short", lambda: 123_000_000)
    with pytest.raises(NoRoom, match="free 124 MB and ask again"):
        commands.ask(session, spoken.id, JobRequest("refund", ORDER))
    monkeypatch.undo()
    assert commands.ask(session, spoken.id, JobRequest("refund", ORDER)).is_new


@pytest.mark.parametrize(
    ("total", "free", "short"),
    [(10**12, 10**9, -500_000_000), (10**12, 10**8, 400_000_000), (10**8, 4 * 10**6, 10**6)],
)
def test_room_is_500_mb_or_on_a_small_disk_a_twentieth(
    sqlite_database, monkeypatch, total, free, short
):
    usage = type("Usage", (), {"total": total, "free": free})
    monkeypatch.setattr(robots.shutil, "disk_usage", lambda _: usage)
    assert robots.bytes_short() == short


def test_a_job_without_a_conversation_is_known_again_by_its_key_alone(session):
    request = JobRequest("refund", ORDER)
    first, again, other = (
        commands.ask(session, None, request, key, asked_by=Asker.WEBHOOK) for key in "aab"
    )
    assert (first.job.id, first.job.id != other.job.id) == (again.job.id, True)
    for ending in (DONE, JobOutcome(Outcome.GAVE_UP, "ROBOT_GAVE_UP", {})):
        commands.settle(session, (first if ending is DONE else other).job.id, ending.to_payload())
    assert session.scalar(select(func.count()).select_from(Cue)) == 0


def test_one_key_asked_with_ten_times_at_once_is_one_job(database):
    request = JobRequest("refund", ORDER)
    with ThreadPoolExecutor(10) as doors:
        asked = [
            doors.submit(transaction, commands.ask, None, request, "k", asked_by=Asker.API)
            for _ in range(10)
        ]
    assert len({one.result().job.id for one in asked}) == 1


def asked(session, **more):
    return commands.ask(
        session, a_conversation(session).id, JobRequest("refund", ORDER), **more
    ).job


def test_a_job_that_waits_can_be_cancelled_and_one_that_has_begun_cannot(session):
    waits, begun = asked(session), asked(session)
    assert commands.cancel(session, waits.id).status is JobStatus.CANCELLED
    assert commands.open_attempt(session, waits.id, 1, "w").number == 0
    commands.begin(session, begun.id)
    for change in (commands.cancel, lambda s, j: commands.postpone(s, j, clock.now())):
        with pytest.raises(AlreadyWorking):
            change(session, begun.id)
        with pytest.raises(AlreadyWorking):
            change(session, waits.id)


def test_a_held_job_is_not_sent_before_it_is_released(session):
    job = asked(session, held=True)
    assert (job.status, job.settled_at) == (JobStatus.WAITING, None)
    assert commands.open_attempt(session, job.id, 1, "w").number == 0
    assert commands.release(session, job.id).status is JobStatus.QUEUED
    assert commands.open_attempt(session, job.id, 1, "w").number == 1
    with pytest.raises(NotHeld):
        commands.release(session, job.id)


def test_what_was_refused_is_resumed_as_the_same_job_with_corrected_inputs(session):
    job = asked(session)
    with pytest.raises(NotOver):
        commands.resume(session, job.id)
    commands.settle(session, job.id, JobOutcome(Outcome.REFUSED, "ORDER_UNKNOWN", {}).to_payload())
    with pytest.raises(InputsDoNotFit):
        commands.resume(session, job.id, {"order": "KD-4712"})
    commands.resume(session, job.id, {"order_number": "KD-4712"})
    assert (job.status, job.round, job.code) == (JobStatus.QUEUED, 2, None)
    assert commands.open_attempt(session, job.id, 1, "w").number == 0
    assert commands.open_attempt(session, job.id, 2, "w").inputs == {"order_number": "KD-4712"}
    commands.settle(session, job.id, DONE.to_payload())
    keys = [cue.key for cue in session.scalars(select(Cue).order_by(Cue.created_at))]
    assert keys == [f"job:{job.id}:outcome", f"job:{job.id}:outcome:2"]


def test_what_failed_is_written_down_run_by_run_without_what_was_asked(session):
    job = asked(session)
    for number in (1, 2, 3):
        assert commands.open_attempt(session, job.id, 1, "w").number == number
        message = "BROKEN: the page of KD-4711 never came"
        next_step = commands.finish_attempt(
            session, job.id, number, Ending.BROKE, "BROKEN", message
        )
    assert next_step["outcome"]["outcome"] == Outcome.GAVE_UP
    runs = queries.attempts_of(session, job.id)
    assert [(r.number, r.ending, r.code) for r in runs] == [
        (n, Ending.BROKE, "BROKEN") for n in (1, 2, 3)
    ]
    assert {run.message for run in runs} == {"BROKEN: the page of […] never came"}
    assert commands.open_attempt(session, job.id, 1, "w").outcome.outcome is Outcome.GAVE_UP


def test_an_end_that_another_worker_has_written_down_is_not_written_over(session):
    job = asked(session)
    commands.open_attempt(session, job.id, 1, "frozen")
    commands.open_attempt(session, job.id, 1, "living")
    told = (job.id, 1, Ending.BROKE, "BROKEN", "")
    assert commands.finish_attempt(session, *told) is None
    assert [run.ending for run in queries.attempts_of(session, job.id)] == [Ending.LOST, None]


def test_a_deadline_that_has_passed_ends_a_job_before_its_next_run(session):
    job = asked(session, deadline_at=clock.now() - timedelta(seconds=1))
    assert commands.open_attempt(session, job.id, 1, "w").outcome.code == "DEADLINE_PASSED"


def test_pauses_grow_and_messages_hold_nothing_of_the_inputs():
    assert [pause_seconds(n) for n in (1, 2, 3, 4, 9)] == [2, 6, 18, 54, 60]
    told = redacted("No li.na@example.com at 1 Road", {"email": "li.na@example.com", "n": "1 Road"})
    assert told == "No […] at […]"
    assert len(redacted("x" * 10_000, {})) == 500


def test_a_step_of_a_robot_is_an_event_and_the_jobs_last_step(session):
    job = asked(session)
    commands.open_attempt(session, job.id, 1, "w")
    at = clock.now()
    commands.note_life(session, job.id, ["looked", "acted"], at)
    assert (job.last_step, job.heartbeat_at) == ("acted", at)
    steps = [
        e.facts["step"] for e in events_of(session, job.conversation_id) if e.kind[4:] == "step"
    ]
    assert steps == ["looked", "acted"]


def test_expected_times_are_those_of_the_last_14_days(session):
    for seconds in range(1, 11):
        job = asked(session)
        commands.settle(session, job.id, DONE.to_payload())
        job.created_at = job.settled_at - timedelta(seconds=seconds)
    session.flush()
    assert queries.expected_seconds(session, "refund") == (6, 10)


@pytest.fixture
def worker(database):
    assert workflows.carry_out
    with carried_out_here():
        yield


def ask_for(kind, **more):
    spoken = transaction(a_conversation)
    return transaction(
        commands.ask, spoken.id, JobRequest(kind, {"order_number": "KD-1"}), **more
    ).job.id


def ended(job_id):
    return reading(queries.job, job_id).status not in OPEN


def test_the_urgent_is_done_first_and_only_as_many_at_once_as_may_be(worker, monkeypatch):
    gate, order, at_once, most = threading.Event(), [], [], []

    def run(job_id, request, **_):
        at_once.append(job_id)
        most.append(len(at_once))
        gate.wait(20)
        order.append(job_id)
        at_once.remove(job_id)
        return DONE

    monkeypatch.setattr(robots, "run", run)
    first = ask_for("single")
    assert until(lambda: at_once, 10)
    later = ask_for("single", priority=9)
    ordinary = ask_for("single")
    urgent = ask_for("single", priority=1)
    gate.set()
    assert until(lambda: ended(later), 30)
    assert order == [first, urgent, ordinary, later]
    assert max(most) == 1


def test_only_so_many_are_begun_in_a_minute(worker, monkeypatch):
    begun = []
    monkeypatch.setattr(robots, "run", lambda job_id, request, **_: begun.append(job_id) or DONE)
    jobs = [ask_for("slow") for _ in range(5)]
    assert until(lambda: len(begun) == 3, 10)
    time.sleep(1)
    assert len(begun) == 3
    assert until(lambda: sum(map(ended, jobs)) == 3, 10)


def test_a_postponed_job_begins_when_it_should_and_can_be_put_off_again(worker, monkeypatch):
    begun = {}
    monkeypatch.setattr(
        robots, "run", lambda job_id, request, **_: begun.update({job_id: clock.now()}) or DONE
    )
    soon, later = clock.now() + timedelta(seconds=2), clock.now() + timedelta(hours=1)
    waits, forgotten = (
        ask_for("nothing", not_before_at=soon),
        ask_for("nothing", not_before_at=soon),
    )
    brought_forward = ask_for("nothing", not_before_at=later)
    transaction(commands.postpone, forgotten, later)
    transaction(commands.postpone, brought_forward, clock.now())
    assert until(lambda: ended(brought_forward), 10)
    assert until(lambda: ended(waits), 15)
    assert timedelta(0) <= begun[waits] - soon < timedelta(seconds=8)
    time.sleep(1)
    assert reading(queries.job, forgotten).status is JobStatus.QUEUED


def test_the_same_job_is_tried_again_after_a_pause_and_its_tries_are_kept(worker, monkeypatch):
    def breaks_once(job_id, request, number, **_):
        if number == 1:
            raise robots.RobotBroke("BACK_OFFICE_SILENT", "The page of KD-1 did not come.")
        return DONE

    monkeypatch.setattr(robots, "run", breaks_once)
    job_id = ask_for("nothing")
    assert until(lambda: ended(job_id), 20)
    first, second = reading(queries.attempts_of, job_id)
    assert (first.ending, first.code) == (Ending.BROKE, "BACK_OFFICE_SILENT")
    assert "KD-1" not in first.message
    assert second.started_at - first.ended_at >= timedelta(seconds=1.9)
    assert second.ending is Ending.DONE


def test_a_refusal_is_never_tried_again(worker, monkeypatch):
    refused = JobOutcome(Outcome.REFUSED, "OUTSIDE_30_DAYS", {})
    monkeypatch.setattr(robots, "run", lambda job_id, request, **_: refused)
    job_id = ask_for("nothing")
    assert until(lambda: ended(job_id), 20)
    assert [run.ending for run in reading(queries.attempts_of, job_id)] == [Ending.REFUSED]


def test_what_nobody_can_look_up_is_tried_once_and_brings_a_person(worker, monkeypatch):
    def breaks(job_id, request, **_):
        raise robots.RobotBroke("BROKEN", "Silence.")

    monkeypatch.setattr(robots, "run", breaks)
    job_id = ask_for("blind")
    assert until(lambda: ended(job_id), 20)
    job = reading(queries.job, job_id)
    assert (job.status, job.code, job.attempts) == (JobStatus.NEEDS_REVIEW, "UNKNOWN_OUTCOME", 1)
    spoken = reading(conversation, job.conversation_id)
    assert spoken.answered_by is Answerer.QUEUE
