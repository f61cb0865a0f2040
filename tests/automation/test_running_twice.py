"""Whatever a robot was killed in the middle of, its work stands in the back office once."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import psutil
import pytest

from automation.contracts import Outcome, reference_of
from desk.integrations.robots import RobotBroke
from tests.automation.conftest import run
from tests.automation.holding import wire
from tests.automation.running import ROOT, Company, until

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("robot_folder")]
WORKER = """
import sys
from automation.contracts import JobRequest
from desk.integrations import robots
robots.run(sys.argv[1], JobRequest("refund", {"order_number": "KD-4711"}))
"""


def robots_of(job: str) -> list[psutil.Process]:
    """The processes whose command names the job's folder: the keeper, and the robot itself."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        if any(job in word for word in process.info["cmdline"] or ()):
            found.append(process)
    return found


def test_a_refund_run_twice_for_one_job_is_filed_once_under_one_number(company: Company) -> None:
    job = str(uuid4())
    first = run("refund", job, order_number="KD-4711")
    again = run("refund", job, order_number="KD-4711")
    assert again == first
    assert company.refunds("KD-4711") == [first.facts["reference"]]


def test_a_second_job_for_a_refunded_order_is_refused(company: Company) -> None:
    first = run("refund", order_number="KD-4711")
    second = run("refund", order_number="KD-4711")
    assert (second.outcome, second.code) == (Outcome.REFUSED, "ALREADY_REFUNDED")
    assert company.refunds("KD-4711") == [first.facts["reference"]]


def test_two_runs_of_one_job_at_once_agree_on_one_refund(company: Company) -> None:
    job = str(uuid4())
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(run, "refund", job, order_number="KD-4718") for _ in range(2)]
    first, second = (done.result() for done in both)
    assert first == second
    assert company.refunds("KD-4718") == [first.facts["reference"]]


@pytest.mark.fault("F4")
def test_a_robot_killed_after_filing_finds_its_refund_when_run_again(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = str(uuid4())
    with wire(company.port, b"POST /orders/KD-4711/refund") as held:
        monkeypatch.setenv("BACKOFFICE_URL", held.url)
        with ThreadPoolExecutor(1) as pool:
            broken = pool.submit(run, "refund", job, order_number="KD-4711")
            assert held.held.wait(30)
            keeper, robot = sorted(robots_of(job), key=lambda process: process.pid)
            assert "keeper.py" in " ".join(keeper.cmdline())
            robot.kill()
            with pytest.raises(RobotBroke, match="no answer"):
                broken.result(10)
    filed = company.refunds("KD-4711")
    assert len(filed) == 1
    monkeypatch.setenv("BACKOFFICE_URL", company.url)
    again = run("refund", job, order_number="KD-4711")
    assert (again.outcome, [again.facts["reference"]]) == (Outcome.DONE, filed)
    assert company.refunds("KD-4711") == filed


@pytest.mark.fault("F12")
def test_a_robot_whose_keeper_is_killed_ends_with_it(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = str(uuid4())
    with wire(company.port, b"POST /sign-in", before=True) as held:
        monkeypatch.setenv("BACKOFFICE_URL", held.url)
        with ThreadPoolExecutor(1) as pool:
            broken = pool.submit(run, "refund", job, order_number="KD-4711")
            assert held.held.wait(30)
            keeper = min(robots_of(job), key=lambda process: process.pid)
            family = keeper.children(recursive=True)
            keeper.kill()
            with pytest.raises(RobotBroke, match="status -9"):
                broken.result(10)
    assert until(lambda: not any(_lives(process) for process in family), 5)


@pytest.mark.fault("F4")
def test_a_worker_killed_after_the_filing_takes_its_robot_along_and_loses_nothing(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = str(uuid4())
    with wire(company.port, b"POST /orders/KD-4711/refund") as held:
        monkeypatch.setenv("BACKOFFICE_URL", held.url)
        worker = subprocess.Popen([sys.executable, "-c", WORKER, job], cwd=ROOT, env=os.environ)
        assert held.held.wait(30)
        family = psutil.Process(worker.pid).children(recursive=True)
        assert any("chromium" in process.name() for process in family)
        home = Path(max(robots_of(job), key=lambda process: process.pid).environ()["HOME"])
        assert home.is_dir()
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        assert until(lambda: not any(_lives(process) for process in family), 5)
    assert until(lambda: not home.exists(), 5)
    monkeypatch.setenv("BACKOFFICE_URL", company.url)
    again = run("refund", job, order_number="KD-4711")
    assert again.outcome is Outcome.DONE
    assert company.refunds("KD-4711") == [again.facts["reference"]]


LONG = pytest.mark.soak  # of one make with others here; `make soak` has them all


@pytest.mark.parametrize(
    ("kind", "inputs"),
    [
        ("cancel_order", {"order_number": "KD-4714"}),
        pytest.param(
            "change_address",
            {"order_number": "KD-4719", "address": "1 New Road, Leeds"},
            marks=LONG,
        ),
        ("resend_invoice", {"order_number": "KD-4731"}),
        ("reset_password", {"email": "li.na@example.com"}),
        pytest.param("return_label", {"order_number": "KD-4738"}, marks=LONG),
        pytest.param(
            "change_subscription", {"email": "li.na@example.com", "plan": "paused"}, marks=LONG
        ),
    ],
)
def test_any_robot_run_twice_for_one_job_does_its_work_once(
    company: Company, kind: str, inputs: dict[str, str]
) -> None:
    job = str(uuid4())
    first = run(kind, job, **inputs)
    letters = len(company.letters())
    assert run(kind, job, **inputs) == first
    assert len(company.letters()) == letters
    reference = {"reference": reference_of(job)}
    journals = (
        "SELECT external_reference AS reference FROM journal WHERE external_reference = ?",
        "SELECT external_reference AS reference FROM account_changes WHERE external_reference = ?",
    )
    found = [row for query in journals for row in company.rows(query, reference_of(job))]
    assert found == [reference]


def test_an_invoice_that_was_sent_and_not_noted_is_noted_and_not_sent_again(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = str(uuid4())
    with wire(company.port, b"POST /orders/KD-4731/invoice", before=True) as held:
        monkeypatch.setenv("BACKOFFICE_URL", held.url)
        with ThreadPoolExecutor(1) as pool:
            broken = pool.submit(run, "resend_invoice", job, order_number="KD-4731")
            assert held.held.wait(30)
            for process in robots_of(job):
                process.kill()
            with pytest.raises(RobotBroke):
                broken.result(10)
    monkeypatch.setenv("BACKOFFICE_URL", company.url)
    assert run("resend_invoice", job, order_number="KD-4731").outcome is Outcome.DONE
    (letter,) = company.letters()
    assert job in letter["Message-ID"]
    assert len(company.rows("SELECT 1 FROM journal WHERE kind = 'INVOICE'")) == 1


def _lives(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
