"""Accounts are unlocked and given new passwords in the directory, by robots without a browser."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from robocorp.workitems import BusinessException

from automation.carrying import failures_in_their_kind
from automation.contracts import JobOutcome, Outcome, reference_of
from automation.robots.reset_password import reset_password
from automation.robots.unlock_account import unlock_account
from automation.systems.directory import Directory
from desk.integrations.robots import RobotBroke
from tests.automation.conftest import run
from tests.automation.running import Company, free_port

pytestmark = pytest.mark.usefixtures("robot_folder")
CHANGES = "SELECT kind, external_reference FROM account_changes"


def test_a_locked_account_is_unlocked_once(company: Company) -> None:
    job = str(uuid4())
    first = run("unlock_account", job, email=" Emily.Hart@example.com")
    assert (first.outcome, first.code) == (Outcome.DONE, "ACCOUNT_UNLOCKED")
    assert run("unlock_account", job, email="emily.hart@example.com") == first
    (account,) = company.rows("SELECT state FROM accounts WHERE customer_id = 1")
    assert account["state"] == "open"
    noted = {"kind": "UNLOCK", "external_reference": reference_of(job)}
    assert company.rows(CHANGES) == [noted]


def test_an_open_account_is_left_as_it_is(company: Company) -> None:
    outcome = run("unlock_account", email="amelia.clarke@example.com")
    assert (outcome.outcome, outcome.code) == (Outcome.DONE, "ACCOUNT_WAS_OPEN")
    assert company.rows(CHANGES) == []


@pytest.mark.parametrize("robot", [unlock_account, reset_password])
@pytest.mark.parametrize(
    ("email", "code"),
    [
        ("chen.xiaoming@example.com", "ACCOUNT_CLOSED"),
        ("nobody@example.com", "ACCOUNT_UNKNOWN"),
        ("../../finance/refunds", "ACCOUNT_UNKNOWN"),
    ],
)
def test_closed_and_unknown_accounts_are_refused(
    company: Company, robot: Callable[..., JobOutcome], email: str, code: str
) -> None:
    with pytest.raises(BusinessException) as refused, failures_in_their_kind("ACCOUNT_UNKNOWN"):
        robot({"job_id": str(uuid4()), "email": email}, Directory())
    assert refused.value.code == code
    assert company.rows(CHANGES) == []
    assert not company.letters()


def test_a_directory_that_is_down_breaks_the_robot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKOFFICE_URL", f"http://127.0.0.1:{free_port()}")
    with pytest.raises(RobotBroke, match="DIRECTORY_SILENT"):
        run("unlock_account", email="emily.hart@example.com")
