"""What failed comes to a person, who puts it right, runs it again or closes it, once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from automation.contracts import JobOutcome, JobRequest, Outcome
from desk.approvals.commands import ask_for, decide
from desk.approvals.models import Approval, Standing
from desk.approvals.rules import Worth
from desk.conversations.models import Cue, Turn
from desk.durable import reading, transaction
from desk.errors import Conflict
from desk.http.app import create_app
from desk.integrations.bot import ScriptedBot
from desk.jobs.commands import settle
from desk.jobs.models import Job, JobStatus
from desk.jobs.rules import InputsDoNotFit
from desk.oversight import queries
from desk.oversight.commands import ChangedMeanwhile, NothingToTell, close, put_right
from desk.oversight.rules import State
from desk.people import routes
from desk.people.models import Role
from tests.builders import PASSWORD, a_conversation, an_agent, happened
from tests.conftest import forget_settings

SMALL, LARGE = Worth(8900, "EUR", "emily@example.com"), Worth(32000, "EUR", "emily@example.com")
INCOMPLETE = JobOutcome(Outcome.REFUSED, "ADDRESS_INCOMPLETE", {})
GAVE_UP = JobOutcome(Outcome.GAVE_UP, "ROBOT_GAVE_UP", {})
UNCLEAR = JobOutcome(Outcome.NEEDS_REVIEW, "UNKNOWN_OUTCOME", {})
DONE = JobOutcome(Outcome.DONE, "ADDRESS_CHANGED", {"reference": "AC-1"})
BATH = {"order_number": "KD-4715", "address": "5 Mill Road, Bath BA1 2AB"}


def a_failed_job(session, ending=INCOMPLETE, spoken=None):
    spoken = spoken or a_conversation(session)
    request = JobRequest("change_address", {"order_number": "KD-4715", "address": "5 Road"})
    job = ask_for(session, spoken.id, request, str(uuid4())).job
    settle(session, job.id, ending.to_payload())
    return job


def a_failed_refund(session, worth=SMALL):
    request = JobRequest("refund", {"order_number": "KD-4711"})
    job = ask_for(session, a_conversation(session).id, request, worth=worth).job
    if job.status is JobStatus.QUEUED:
        settle(session, job.id, GAVE_UP.to_payload())
    return job


def told_by_bot(session):
    return [cue.intent for cue in session.scalars(select(Cue).order_by(Cue.number))]


@pytest.mark.parametrize("ending", [INCOMPLETE, GAVE_UP, UNCLEAR], ids=lambda e: e.code)
def test_what_failed_is_listed_and_put_right_as_the_same_job(session, ending):
    job, alex = a_failed_job(session, ending), an_agent(session)
    assert queries.listed(session, State.FAILED, None, None, 10) == [job]
    put_right(session, job.id, alex, 1, BATH)
    assert (job.status, job.round, job.inputs) == (JobStatus.QUEUED, 2, BATH)
    assert told_by_bot(session)[-1] == "EXTERNAL_job_resumed"
    assert queries.listed(session, State.FAILED, None, None, 10) == []
    settle(session, job.id, DONE.to_payload())
    assert told_by_bot(session)[-1] == "EXTERNAL_change_address_done"
    assert len(session.scalars(select(Job)).all()) == 1


def test_run_again_without_a_change_it_keeps_its_inputs(session):
    job = a_failed_job(session, GAVE_UP)
    before = job.inputs
    put_right(session, job.id, an_agent(session), 1)
    assert (job.inputs, job.status) == (before, JobStatus.QUEUED)


@pytest.mark.parametrize(
    "inputs",
    [{}, {"order_number": "KD-4715"}, {**BATH, "iban": "x"}, {**BATH, "address": 7}],
)
def test_what_the_robot_cannot_work_with_changes_nothing(session, inputs):
    job = a_failed_job(session)
    with pytest.raises(InputsDoNotFit):
        put_right(session, job.id, an_agent(session), 1, inputs)
    assert (job.status, job.round) == (JobStatus.REFUSED, 1)


@pytest.mark.parametrize("verbs", ["rr", "cc", "rc"])
def test_of_two_agents_at_once_the_second_is_told(database, verbs):
    job = transaction(a_failed_job)
    agents = [transaction(an_agent, name) for name in ("Alex", "Ming")]

    def acts(place):
        try:
            if verbs[place] == "r":
                transaction(put_right, job.id, agents[place], 1, BATH)
            else:
                transaction(close, job.id, agents[place], 1, "We did it by hand.")
        except Conflict as late:
            return type(late).__name__
        return "done"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(acts, range(2))) == ["ChangedMeanwhile", "done"]


def test_an_old_page_puts_nothing_right_that_has_failed_anew(session):
    job, alex = a_failed_job(session), an_agent(session)
    put_right(session, job.id, alex, 1, BATH)
    settle(session, job.id, GAVE_UP.to_payload())
    for act in (put_right, close):
        with pytest.raises(ChangedMeanwhile):
            act(session, job.id, alex, 1)
    put_right(session, job.id, alex, 2)
    assert job.round == 3


def test_a_job_is_closed_once_and_the_customer_told_once(session):
    spoken = a_conversation(session)
    job, alex = a_failed_job(session, spoken=spoken), an_agent(session)
    for _ in range(2):
        close(session, job.id, alex, 1, "The parcel has left; I asked the carrier.")
    said = session.scalars(select(Turn).where(Turn.author == "agent")).all()
    assert [turn.text for turn in said] == ["The parcel has left; I asked the carrier."]
    assert happened(session, spoken).count("job.closed") == 1
    assert queries.listed(session, State.FAILED, None, None, 10) == []
    with pytest.raises(ChangedMeanwhile):
        put_right(session, job.id, alex, 1)
    with pytest.raises(ChangedMeanwhile):
        close(session, job.id, an_agent(session, "Ming"), 1, "Done.")


@pytest.mark.parametrize("message", ["", "  \n "])
def test_a_customer_who_waits_is_not_left_without_words(session, message):
    job = a_failed_job(session)
    with pytest.raises(NothingToTell):
        close(session, job.id, an_agent(session), 1, message)
    assert queries.closing(session, job.id) is None


@pytest.mark.parametrize("verb", [put_right, close])
def test_what_is_done_or_going_on_is_left_alone(session, verb):
    job = a_failed_job(session, DONE)
    with pytest.raises(ChangedMeanwhile):
        verb(session, job.id, an_agent(session), 1)


# Money


def test_a_refund_run_again_is_weighed_anew_by_what_it_pays_now(session):
    """A small order's number, corrected to a large one's, goes past no supervisor."""
    job, alex = a_failed_refund(session), an_agent(session)
    put_right(session, job.id, alex, 1, {"order_number": "KD-4717"}, worth=LARGE)
    assert job.status is JobStatus.WAITING
    sam = an_agent(session, "Sam", Role.SUPERVISOR)
    waiting = session.scalars(select(Approval).where(Approval.round == 2)).one()
    decide(session, waiting.id, sam, agrees=True)
    assert job.status is JobStatus.QUEUED
    settle(session, job.id, GAVE_UP.to_payload())
    put_right(session, job.id, alex, 2, worth=LARGE)
    assert job.status is JobStatus.QUEUED, "the very same has been approved"
    settle(session, job.id, GAVE_UP.to_payload())
    put_right(session, job.id, alex, 3, {"order_number": "KD-4718"}, worth=LARGE)
    assert job.status is JobStatus.WAITING


def test_a_refusal_of_a_supervisor_is_no_exception_to_be_put_right(session):
    job, sam = a_failed_refund(session, LARGE), an_agent(session, "Sam", Role.SUPERVISOR)
    kept = session.scalars(select(Approval)).one()
    decide(session, kept.id, sam, agrees=False, reason="It was worn.")
    assert queries.listed(session, State.FAILED, None, None, 10) == []
    put_right(session, job.id, an_agent(session), 1, worth=LARGE)
    standings = session.scalars(select(Approval.standing).order_by(Approval.round)).all()
    assert standings == [Standing.REFUSED, Standing.WAITING]


# At the door


@pytest.fixture
def client(sqlite_database, tmp_path, monkeypatch):
    monkeypatch.setenv("DESK_ROBOT_FOLDER", str(tmp_path / "robots"))
    forget_settings()
    routes._limiter.storage.reset()
    with TestClient(create_app(ScriptedBot()), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def agent(client):
    person = transaction(an_agent)
    told = {"email": person.email, "password": PASSWORD}
    return {"X-CSRF-Token": client.post("/api/v1/sign-in", json=told).json()["csrf_token"]}


def test_a_failed_job_is_shown_with_all_there_is_and_put_right(client, agent, tmp_path):
    job = transaction(a_failed_job)
    run = tmp_path / "robots" / str(job.id) / "1"
    run.mkdir(parents=True)
    (run / "refused.png").write_bytes(b"\x89PNG picture")
    (run / "steps.jsonl").write_text(
        '{"at": "2026-11-28T01:00:01+00:00", "step": "checked", "screenshot": "refused.png"}\n'
    )
    address = f"/api/v1/desk/jobs/{job.id}"
    (line,) = client.get("/api/v1/desk/jobs").json()["items"]
    assert (line["id"], line["code"]) == (str(job.id), "ADDRESS_INCOMPLETE")
    shown = client.get(address).json()
    assert shown["inputs"] == {"order_number": "KD-4715", "address": "5 Road"}
    assert set(shown["fields"]["properties"]) == {"order_number", "address"}
    (left,) = shown["runs"]
    assert left["steps"][0]["screenshot"] == "refused.png"
    assert [one["kind"] for one in shown["timeline"]] == ["job.queued", "job.refused"]
    picture = client.get(f"{address}/runs/1/files/refused.png")
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    assert "sandbox" in picture.headers["content-security-policy"]
    again = client.post(f"{address}/resume", json={"round": 1, "inputs": BATH}, headers=agent)
    assert (again.status_code, again.json()["status"]) == (200, "queued")
    late = client.post(f"{address}/close", json={"round": 1, "message": "x"}, headers=agent)
    assert (late.status_code, late.json()["code"]) == (409, "ChangedMeanwhile")
    gone = client.post(f"{address}/cancel", headers=agent)
    assert gone.json()["status"] == "cancelled"


def test_a_page_that_a_robot_saw_is_given_out_and_not_shown(client, agent, tmp_path):
    job = transaction(a_failed_job)
    run = tmp_path / "robots" / str(job.id) / "1"
    run.mkdir(parents=True)
    (run / "page.html").write_text("<script>alert(1)</script>")
    answer = client.get(f"/api/v1/desk/jobs/{job.id}/runs/1/files/page.html")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]
    for name in ("..%2F..%2Fsecret", "%2e%2e/in.json", "in.json", "nothing.png"):
        other = client.get(f"/api/v1/desk/jobs/{job.id}/runs/1/files/{name}")
        assert other.status_code == 404, name


@pytest.mark.parametrize("who", ["nobody", "a customer"])
def test_nobody_but_staff_sees_jobs_and_their_files(client, who):
    job = transaction(a_failed_job)
    told = {"json": {"website_token": "test-site"}}
    token = client.post("/api/v1/sessions", **told).json()["token"]
    headers = {"Authorization": f"Bearer {token}"} if who == "a customer" else {}
    base = f"/api/v1/desk/jobs/{job.id}"
    for path in ("/api/v1/desk/jobs", base, f"{base}/runs/1/files/robot.log"):
        assert client.get(path, headers=headers).status_code == 401
    for verb in ("resume", "close", "cancel"):
        answer = client.post(f"{base}/{verb}", json={"round": 1}, headers=headers)
        assert answer.status_code == 401
    assert reading(lambda s: s.get(Job, job.id)).round == 1


def test_lists_go_on_page_by_page_and_count_what_waits(client, agent):
    jobs = [transaction(a_failed_job) for _ in range(5)]
    seen, cursor = [], None
    for _ in range(3):
        asked = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = client.get("/api/v1/desk/jobs", params=asked).json()
        seen += [line["id"] for line in page["items"]]
        cursor = page["next_cursor"]
    assert seen == [str(job.id) for job in reversed(jobs)]
    assert (cursor, page["counts"]) == (None, {"failed": 5, "waiting": 0})
    for wrong in ("x", "1~x", f"{10**30}~{uuid4()}", "~"):
        answer = client.get("/api/v1/desk/jobs", params={"cursor": wrong})
        assert (answer.status_code, answer.json()["code"]) == (422, "NoSuchPlace")
    other = client.get("/api/v1/desk/jobs", params={"kind": "refund"}).json()
    assert other["items"] == []


def test_what_failed_long_ago_is_history(session):
    job = a_failed_job(session)
    job.settled_at -= timedelta(days=31)
    session.flush()
    assert queries.listed(session, State.FAILED, None, None, 10) == []
    assert queries.listed(session, State.ENDED, None, None, 10) == [job]
