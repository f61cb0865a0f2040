"""The service report of last week: the dashboard's own figures, by the company's clocks, once."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from desk import clock
from desk.durable import reading, transaction
from desk.errands import queries as errands
from desk.errands.commands import add_schedule
from desk.errands.models import Schedule
from desk.errands.workflows import start_what_is_due
from desk.jobs.models import Job, JobStatus
from desk.jobs.rules import InputsDoNotFit
from desk.metrics.commands import catch_up
from desk.people.models import Role
from desk.reports.queries import filled
from desk.reports.rules import last_week, name_of, week_before
from tests.builders import an_agent
from tests.metrics.histories import Teller, write

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 30, 6, tzinfo=UTC)


@pytest.fixture
def monday_morning(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MONDAY)


@pytest.mark.parametrize(
    ("now", "zone", "week", "since"),
    [
        (MONDAY, BERLIN, "2026-W48", "2026-11-23T00:00:00+01:00"),
        (datetime(2026, 11, 29, 15, 59, tzinfo=UTC), SHANGHAI, "2026-W47", "2026-11-16"),
        (datetime(2026, 11, 29, 16, tzinfo=UTC), SHANGHAI, "2026-W48", "2026-11-23"),
        (datetime(2026, 11, 29, 16, tzinfo=UTC), BERLIN, "2026-W47", "2026-11-16"),
        (datetime(2027, 1, 4, 12, tzinfo=UTC), BERLIN, "2026-W53", "2026-12-28"),
        (datetime(2026, 3, 30, 6, tzinfo=UTC), BERLIN, "2026-W13", "2026-03-23T00:00:00+01:00"),
    ],
)
def test_the_last_week_is_the_one_that_is_over_by_the_companys_clocks(now, zone, week, since):
    window = last_week(now, zone)
    assert (name_of(window), window.since.isoformat()[: len(since)]) == (week, since)
    assert window.until.isoformat()[11:19] == "00:00:00"
    assert len(window.days()) == len(week_before(window).days()) == 7
    assert week_before(window).until == window.since


def supervisors(session):
    return an_agent(session, "Sam", Role.SUPERVISOR), an_agent(session, "Alex", Role.AGENT)


def a_job(session, settled_at, status):
    job = Job(
        kind="refund",
        inputs={},
        key=str(uuid4()),
        status=status,
        settled_at=settled_at,
        expected_seconds=1,
        expected_p90_seconds=1,
    )
    session.add(job)


def a_week(session):
    """On Tuesday one conversation solved and one handed on; on Friday one job done, one not; in
    the week before one conversation; on this Monday one that is of neither."""
    tuesday, friday = MONDAY - timedelta(days=6), MONDAY - timedelta(days=3)

    def talk(at):
        return Teller(at).customer("refund").bot()

    told = [
        talk(tuesday).then("conversation.solved", solved=True),
        talk(tuesday).asks_for_a_person(),
        talk(tuesday - timedelta(days=7)),
        talk(MONDAY - timedelta(hours=5)),
    ]
    write(session, [event for one in told for event in one.events])
    a_job(session, friday, JobStatus.DONE)
    a_job(session, friday, JobStatus.GAVE_UP)
    a_job(session, friday, JobStatus.CANCELLED)
    a_job(session, MONDAY - timedelta(hours=5), JobStatus.DONE)


def test_the_figures_are_those_of_the_week_and_a_day_without_a_case_has_no_rate(
    database, monday_morning
):
    sam, _ = transaction(supervisors)
    transaction(a_week)
    catch_up()
    inputs = reading(filled, "service_report", {})
    assert (inputs["week"], inputs["recipients"]) == ("2026-W48", [sam.email])
    told = {one["title"]: one for one in inputs["figures"]}
    talks = told["Conversations with the assistant"]
    assert (talks["value"], talks["before"], talks["days"]) == (2, 1, [0, 2, 0, 0, 0, 0, 0])
    solved = told["Resolved by the assistant"]
    assert (solved["value"], solved["days"]) == (50.0, [None, 50.0, *[None] * 5])
    assert told["Handed to people"]["lower_is_better"]
    assert told["Jobs of robots"]["days"] == [0, 0, 0, 0, 3, 0, 0]
    done = told["Jobs done by robots"]
    assert (done["value"], done["before"], done["days"][4]) == (50.0, None, 50.0)


def test_a_week_without_anything_has_counts_and_no_rates(sqlite_database, monday_morning):
    figures = reading(filled, "service_report", {"language": "zh"})["figures"]
    assert [(one["title"], one["value"]) for one in figures] == [
        ("助手接待的会话", 0),
        ("机器人任务", 0),
    ]


def test_what_a_schedule_sets_itself_stays_and_other_robots_get_nothing(sqlite_database):
    ours = {"recipients": ["board@example.com"], "language": "zh"}
    assert reading(filled, "service_report", ours).items() >= ours.items()
    assert reading(filled, "refund", {"order_number": "KD-1"}) == {"order_number": "KD-1"}


def test_the_report_is_asked_for_on_monday_with_all_it_needs(database, monkeypatch):
    sam, _ = transaction(supervisors)
    told = {"name": "Report", "kind": "service_report", "inputs": {}, "cron": "0 6 * * 1"}
    made = transaction(lambda session: add_schedule(session, sam, **told))
    monkeypatch.setattr(clock, "now", lambda: made.next_at + timedelta(minutes=1))
    start_what_is_due()
    start_what_is_due()
    (job,) = reading(lambda session: session.scalars(select(Job)).all())
    assert job.inputs.keys() == {"week", "figures", "recipients"}
    assert job.inputs["recipients"] == [sam.email]
    known = reading(errands.schedule, made.id)
    assert (known.inputs, known.last_job_id) == ({}, job.id)


@pytest.mark.parametrize(
    "wrong", [{"language": "fr"}, {"recipients": ["nobody"]}, {"sent_by": "post"}]
)
def test_a_report_that_could_never_be_sent_is_not_scheduled(sqlite_database, wrong):
    sam, _ = transaction(supervisors)
    with pytest.raises(InputsDoNotFit):
        transaction(
            lambda session: add_schedule(
                session, sam, name="R", kind="service_report", inputs=wrong, cron="0 6 * * 1"
            )
        )
    assert reading(lambda session: session.scalars(select(Schedule)).all()) == []
