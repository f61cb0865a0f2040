"""A refund that is large, or one of many, waits for a supervisor, and then moves on once."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from dbos import DBOSClient
from sqlalchemy import select

from automation.contracts import JobOutcome, JobRequest, Outcome
from desk import clock
from desk.approvals import queries
from desk.approvals.commands import DecidedAlready, ReasonMissing, ask_for, decide
from desk.approvals.models import Approval, Standing, Why
from desk.approvals.rules import LimitsUnreadable, Worth, limits, owner_digest, why_to_wait
from desk.approvals.workflows import fetch_people_for_what_is_overdue
from desk.conversations.models import Answerer, Cue
from desk.conversations.queries import conversation
from desk.durable import JSON_ONLY, reading, transaction
from desk.escalations.models import Reason
from desk.escalations.queries import open_escalation
from desk.events.queries import events_of
from desk.http.app import create_app
from desk.http.views import conversation_view, event_view
from desk.integrations.bot import ScriptedBot
from desk.jobs.commands import begin, note_life, settle
from desk.jobs.models import Job, JobStatus
from desk.people.models import Role
from tests.builders import a_conversation, an_agent, happened
from tests.conftest import ROOT, forget_settings
from tests.doors import a_client, signed_in

REFUND = JobRequest("refund", {"order_number": "KD-4711"})
SMALL = Worth(8900, "EUR", "Emily@Example.com")
LARGE = Worth(32000, "EUR", "emily@example.com")
FILED = JobOutcome(Outcome.DONE, "REFUND_FILED", {"reference": "RF-1"})


def a_supervisor(session, name="Sam"):
    return an_agent(session, name, Role.SUPERVISOR)


def asked_for(session, worth=LARGE, number="KD-4711", spoken=None):
    """Somebody asks for a refund of this worth; gives the job."""
    spoken = spoken or a_conversation(session)
    request = JobRequest("refund", {"order_number": number})
    return ask_for(session, spoken.id, request, str(uuid4()), worth=worth).job


def approval_of(session, job):
    return session.scalars(select(Approval).where(Approval.job_id == job.id)).one()


def sent_to_robots(url, job_id):
    client = DBOSClient(system_database_url=url, serializer=JSON_ONLY)
    try:
        return len(client.list_workflows(workflow_id_prefix=f"carry_out:{job_id}"))
    finally:
        client.destroy()


# Rules


@pytest.mark.parametrize(
    ("worth", "before", "why"),
    [
        (Worth(12000, "EUR", "a@b"), 3, None),
        (Worth(12001, "EUR", "a@b"), 0, Why.OVER_LIMIT),
        (Worth(1, "SEK", "a@b"), 0, Why.OVER_LIMIT),
        (Worth(1, "EUR", "a@b"), 4, Why.TOO_MANY),
        (None, 0, Why.AMOUNT_UNKNOWN),
    ],
)
def test_why_a_refund_waits(worth, before, why):
    assert why_to_wait(worth, {"EUR": 12000}, before, 3) is why


def test_limits_are_written_in_the_units_that_people_use():
    assert limits("EUR 150, JPY 20000, KWD 1.5,") == {"EUR": 15000, "JPY": 20000, "KWD": 1500}
    assert limits("") == {}


@pytest.mark.parametrize("wrong", ["150 EUR", "EUR -1", "eur 5", "EUR 1e9", "EUR"])
def test_a_limit_that_cannot_be_read_is_none(wrong):
    with pytest.raises(LimitsUnreadable):
        limits(wrong)


@pytest.mark.parametrize("wrong", ["150 EUR", "EUR minus one"])
def test_a_desk_whose_limits_cannot_be_read_does_not_start(sqlite_database, monkeypatch, wrong):
    monkeypatch.setenv("DESK_REFUND_LIMITS", wrong)
    forget_settings()
    with pytest.raises(ValueError, match="EUR 150"):
        create_app(ScriptedBot())


def test_the_owners_address_cannot_be_read_from_what_is_kept():
    kept = owner_digest(" Emily@Example.COM ", "secret")
    assert kept == owner_digest("emily@example.com", "secret")
    assert kept != owner_digest("emily@example.com", "another secret")
    assert "emily" not in kept


# Asking


def test_a_small_refund_goes_through_by_itself(session):
    job = asked_for(session, SMALL)
    assert job.status is JobStatus.QUEUED
    assert approval_of(session, job).standing is Standing.FREE


def test_a_large_refund_waits_and_the_customer_sees_that_it_does(session):
    spoken = a_conversation(session)
    job = asked_for(session, LARGE, spoken=spoken)
    assert job.status is JobStatus.WAITING
    (card,) = conversation_view(session, spoken.id).jobs
    assert card.status is JobStatus.WAITING
    assert happened(session, spoken)[-2:] == ["job.queued", "approval.requested"]


def test_a_turn_that_is_tried_again_waits_once(session):
    spoken = a_conversation(session)
    jobs = {ask_for(session, spoken.id, REFUND, "turn", worth=LARGE).job.id for _ in range(3)}
    assert len(jobs) == 1
    assert len(queries.waiting(session)) == 1


def test_the_fourth_refund_of_a_customer_goes_through_and_the_fifth_waits(session):
    """Over all conversations, by the address that the orders were placed with."""
    statuses = []
    for number in range(5):
        job = asked_for(session, SMALL, f"KD-471{number}")
        statuses.append(job.status)
        settle(session, job.id, FILED.to_payload())
    assert statuses == [JobStatus.QUEUED] * 4 + [JobStatus.WAITING]
    assert queries.of_round(session, job).why is Why.TOO_MANY
    other = Worth(8900, "EUR", "somebody@example.com")
    assert asked_for(session, other, "KD-4720").status is JobStatus.QUEUED


def test_refused_refunds_and_old_ones_do_not_count(session):
    for number in range(5):
        job = asked_for(session, SMALL, f"KD-471{number}")
        if number < 2:
            no = JobOutcome(Outcome.REFUSED, "NOT_DELIVERED", {})
            settle(session, job.id, no.to_payload())
        else:
            approval_of(session, job).created_at -= timedelta(days=91)
    assert asked_for(session, SMALL, "KD-4719").status is JobStatus.QUEUED


def test_what_pays_nothing_back_waits_for_nobody(session):
    request = JobRequest("resend_invoice", {"order_number": "KD-4711"})
    asked = ask_for(session, a_conversation(session).id, request)
    assert asked.job.status is JobStatus.QUEUED
    assert session.scalars(select(Approval)).first() is None


def test_many_turns_at_once_of_one_customer_let_no_more_through_than_may(database):
    spoken = [transaction(a_conversation) for _ in range(8)]

    def ask_once(place):
        number = f"KD-47{place:02}"
        return transaction(asked_for, SMALL, number, spoken[place]).status

    with ThreadPoolExecutor(8) as turns:
        statuses = list(turns.map(ask_once, range(8)))
    assert statuses.count(JobStatus.QUEUED) == 4


# Deciding


def test_an_approved_refund_is_sent_to_the_robots_once(database):
    job = transaction(asked_for)
    sam = transaction(a_supervisor)
    assert sent_to_robots(database, job.id) == 0
    approval_id = reading(approval_of, job).id
    for _ in range(2):
        transaction(decide, approval_id, sam, agrees=True)
    assert reading(lambda s: s.get(Job, job.id)).status is JobStatus.QUEUED
    assert sent_to_robots(database, job.id) == 1


@pytest.mark.parametrize(
    ("worth", "steps"), [(LARGE, ["approved", "checked"]), (SMALL, ["checked"])]
)
def test_the_customer_sees_that_it_was_approved_before_the_robots_steps(session, worth, steps):
    spoken = a_conversation(session)
    job = asked_for(session, worth, spoken=spoken)
    if job.status is JobStatus.WAITING:
        decide(session, approval_of(session, job).id, a_sam(session), agrees=True)
    begin(session, job.id)
    note_life(session, job.id, ["checked"], clock.now())
    (card,) = conversation_view(session, spoken.id).jobs
    assert card.steps == steps


def test_a_refused_refund_ends_and_the_customer_is_told_why(session):
    spoken = a_conversation(session)
    job = asked_for(session, spoken=spoken)
    why = "The photo shows another cup."
    for _ in range(2):
        decide(session, approval_of(session, job).id, a_sam(session), agrees=False, reason=why)
    assert (job.status, job.code) == (JobStatus.REFUSED, "NOT_APPROVED")
    (cue,) = session.scalars(select(Cue))
    assert cue.intent == "EXTERNAL_refund_refused"
    assert cue.facts == {
        "job_code": "NOT_APPROVED",
        "job_reason": why,
        "order_number": "KD-4711",
    }
    assert all(why not in str(event.facts) for event in events_of(session, spoken.id))


def a_sam(session, kept=[]):  # noqa: B006  the same supervisor within one test
    if not kept or kept[0] is not session:
        kept[:] = [session, a_supervisor(session)]
    return kept[1]


@pytest.mark.parametrize("reason", ["", "   \n", "x" * 501, "bad \x00 text"])
def test_a_refusal_without_words_for_the_customer_changes_nothing(session, reason):
    job = asked_for(session)
    with pytest.raises(Exception, match=r".") as refused:
        decide(session, approval_of(session, job).id, a_sam(session), agrees=False, reason=reason)
    assert job.status is JobStatus.WAITING
    assert reason.strip() or isinstance(refused.value, ReasonMissing)


def test_of_two_supervisors_at_once_one_decides_and_the_other_is_told(database):
    job = transaction(asked_for)
    sams = [transaction(a_supervisor, name) for name in ("Sam", "Kim")]
    approval_id = reading(approval_of, job).id

    def decides(place):
        agrees = place == 0
        try:
            transaction(decide, approval_id, sams[place], agrees=agrees, reason="No.")
        except DecidedAlready:
            return None
        return agrees

    with ThreadPoolExecutor(2) as both:
        verdicts = list(both.map(decides, range(2)))
    assert verdicts.count(None) == 1
    ended = reading(lambda s: s.get(Job, job.id)).status
    assert ended is (JobStatus.QUEUED if True in verdicts else JobStatus.REFUSED)


def test_what_was_cancelled_meanwhile_is_not_approved(session):
    job = asked_for(session)
    job.status, job.settled_at = JobStatus.CANCELLED, clock.now()
    session.flush()
    assert queries.waiting(session) == []
    with pytest.raises(DecidedAlready):
        decide(session, approval_of(session, job).id, a_sam(session), agrees=True)


def test_a_customer_learns_from_events_no_more_than_that_it_waits(session):
    spoken = a_conversation(session)
    asked_for(session, spoken=spoken)
    told = [event_view(session, e, for_staff=False) for e in events_of(session, spoken.id)]
    asked = next(one for one in told if one["kind"] == "approval.requested")
    assert set(asked["facts"]) == {"job_id", "robot"}
    assert asked["job"]["status"] == "waiting"


# Too late


def test_what_nobody_decides_fetches_a_person_once_and_can_still_be_decided(database):
    spoken = transaction(a_conversation)
    job = transaction(asked_for, spoken=spoken)
    fetch_people_for_what_is_overdue()
    assert reading(conversation, spoken.id).answered_by is Answerer.BOT

    def let_time_pass(session):
        approval_of(session, job).expires_at = clock.now()

    transaction(let_time_pass)
    for _ in range(2):
        fetch_people_for_what_is_overdue()
    assert reading(conversation, spoken.id).answered_by is Answerer.QUEUE
    assert reading(open_escalation, spoken.id).reason is Reason.APPROVAL_OVERDUE
    cues = reading(lambda s: [cue.intent for cue in s.scalars(select(Cue))])
    assert cues == ["EXTERNAL_approval_overdue"]
    assert reading(happened, spoken).count("approval.overdue") == 1
    approval_id = reading(approval_of, job).id
    transaction(decide, approval_id, transaction(a_supervisor), agrees=True)
    assert reading(lambda s: s.get(Job, job.id)).status is JobStatus.QUEUED


# At the door


@pytest.fixture
def client(sqlite_database):
    with a_client() as client:
        yield client


def test_an_agent_sees_the_list_and_may_not_decide(client):
    job = transaction(asked_for)
    agent = signed_in(client, Role.AGENT)
    (shown,) = client.get("/api/v1/desk/approvals").json()["waiting"]
    assert (shown["amount_minor"], shown["currency"], shown["why"]) == (32000, "EUR", "over_limit")
    address = f"/api/v1/desk/approvals/{shown['id']}"
    for verb, body in (("approve", None), ("refuse", {"reason": "No."})):
        answer = client.post(f"{address}/{verb}", json=body, headers=agent)
        assert (answer.status_code, answer.json()["code"]) == (403, "NotAllowed")
    assert reading(lambda s: s.get(Job, job.id)).status is JobStatus.WAITING


def test_a_supervisor_approves_and_refuses(client):
    for _ in range(2):
        transaction(asked_for)
    supervisor = signed_in(client, Role.SUPERVISOR)
    first, second = client.get("/api/v1/desk/approvals").json()["waiting"]
    address = "/api/v1/desk/approvals"
    yes = client.post(f"{address}/{first['id']}/approve", headers=supervisor)
    assert (yes.status_code, yes.json()["standing"]) == (200, "approved")
    no = client.post(f"{address}/{second['id']}/refuse", json={"reason": " "}, headers=supervisor)
    assert (no.status_code, no.json()["code"]) == (422, "ReasonMissing")
    told = {"reason": "It was worn."}
    no = client.post(f"{address}/{second['id']}/refuse", json=told, headers=supervisor)
    assert no.json()["standing"] == "refused"
    late = client.post(f"{address}/{second['id']}/approve", headers=supervisor)
    assert (late.status_code, late.json()["code"]) == (409, "DecidedAlready")
    lists = client.get(address).json()
    assert (len(lists["waiting"]), len(lists["decided"])) == (0, 2)


@pytest.mark.parametrize("verb", ["approve", "refuse"])
def test_nobody_else_gets_in(client, verb):
    address = f"/api/v1/desk/approvals/{uuid4()}"
    assert client.post(f"{address}/{verb}", json={"reason": "No."}).status_code == 401
    assert client.get("/api/v1/desk/approvals").status_code == 401
    supervisor = signed_in(client, Role.SUPERVISOR)
    answer = client.post(f"{address}/{verb}", json={"reason": "No."}, headers=supervisor)
    assert (answer.status_code, answer.json()["code"]) == (404, "NoSuchApproval")
    without = client.post(f"{address}/{verb}", json={"reason": "No."})
    assert (without.status_code, without.json()["code"]) == (403, "NoCsrfToken")


def test_whoever_asks_for_a_job_asks_by_way_of_the_approvals():
    """A door that asks the robots directly would pay back without limits."""
    code = [*(ROOT / "actions").glob("*.py"), *(ROOT / "desk").rglob("*.py")]
    asking = re.compile(r"desk\.jobs\.commands import[^\n]*\bask\b|\b(?:jobs|commands)\.ask\(")
    found = {str(file.relative_to(ROOT)) for file in code if asking.search(file.read_text("utf-8"))}
    assert found == {"desk/approvals/commands.py"}
