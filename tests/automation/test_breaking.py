"""What a robot does when the world around it breaks, and what it leaves behind."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import psutil
import pytest

from automation.contracts import Outcome
from desk.integrations.robots import RobotBroke
from tests.automation.conftest import run
from tests.automation.holding import wire
from tests.automation.running import PASSWORD, Company, free_port
from tests.conftest import SECRETS, forget_settings

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("robot_folder")]


@pytest.mark.parametrize(
    ("kind", "inputs"),
    [
        ("refund", {"order_number": "KD-4711"}),
        ("change_address", {"order_number": "KD-4719", "address": "1 New Road, Leeds"}),
        ("resend_invoice", {"order_number": "KD-4731"}),
    ],
)
def test_a_back_office_that_is_down_breaks_the_robot(
    monkeypatch: pytest.MonkeyPatch, robot_folder: Path, kind: str, inputs: dict[str, str]
) -> None:
    monkeypatch.setenv("BACKOFFICE_URL", f"http://127.0.0.1:{free_port()}")
    with pytest.raises(RobotBroke, match="BACK_OFFICE_SILENT"):
        run(kind, "job-1", **inputs)
    assert (robot_folder / "job-1" / "1" / "failure.png").stat().st_size > 0


def test_a_back_office_that_comes_back_is_no_longer_in_the_way(company: Company) -> None:
    job = str(uuid4())
    with company.without("automation.backoffice"), pytest.raises(RobotBroke):
        run("refund", job, order_number="KD-4711")
    assert run("refund", job, order_number="KD-4711").outcome is Outcome.DONE


@pytest.mark.parametrize(
    ("kind", "inputs", "code"),
    [
        ("resend_invoice", {"order_number": "KD-4731"}, "MAIL_SILENT"),
        ("reset_password", {"email": "li.na@example.com"}, "DIRECTORY_SILENT"),
        ("return_label", {"order_number": "KD-4738"}, "MAIL_SILENT"),
    ],
)
def test_without_a_mail_server_nothing_is_noted_as_sent(
    company: Company, kind: str, inputs: dict[str, str], code: str
) -> None:
    with (
        company.without("automation.backoffice.mail"),
        pytest.raises(RobotBroke, match=code),
    ):
        run(kind, **inputs)
    assert not company.rows("SELECT 1 FROM journal WHERE kind = 'INVOICE'")
    assert not company.rows("SELECT 1 FROM account_changes")
    assert not company.letters()


def test_without_a_browser_the_robot_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RobotBroke, match=r"BROWSER_MISSING: .*install chromium"):
        run("refund", order_number="KD-4711")


def test_a_wrong_password_breaks_the_robot_and_is_not_refused_to_the_customer(
    robot_folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    vault = tmp_path / "vault.json"
    vault.write_text('{"backoffice": {"login": "robot", "password": "old"}}')
    monkeypatch.setenv("RPA_SECRET_FILE", str(vault))
    with pytest.raises(RobotBroke, match="E001"):
        run("refund", "locked-out", order_number="KD-4711")
    papers = robot_folder / "locked-out" / "1"
    assert (papers / "failure.png").exists()
    assert not (papers / "refused.png").exists()
    assert not (papers / "steps.jsonl").exists()


@pytest.mark.alone
@pytest.mark.fault("F12")
def test_a_hanging_robot_is_killed_at_its_limit_with_all_its_children(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DESK_ROBOT_TIMEOUT_SECONDS", "4")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("BACKOFFICE_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        forget_settings()
        began = time.monotonic()
        with pytest.raises(RobotBroke, match="overdue"):
            run("refund", order_number="KD-4711")
    assert time.monotonic() - began == pytest.approx(4, abs=2)
    assert _browsers_of_ours() == []


@pytest.mark.fault("F11")
def test_a_crashed_browser_breaks_the_robot_and_leaves_no_process(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    with wire(company.port, b"POST /sign-in", before=True) as held:
        monkeypatch.setenv("BACKOFFICE_URL", held.url)
        with ThreadPoolExecutor(1) as pool:
            broken = pool.submit(run, "refund", order_number="KD-4711")
            assert held.held.wait(30)
            for process in _browsers_of_ours():
                if process.name() == "chromium":
                    process.kill()
            with pytest.raises(RobotBroke):
                broken.result(30)
    assert _browsers_of_ours() == []


@pytest.mark.fault("A11")
def test_no_secret_is_in_anything_a_robot_leaves(
    monkeypatch: pytest.MonkeyPatch, robot_folder: Path, company: Company
) -> None:
    run("refund", "done", order_number="KD-4711")
    run("refund", "refused", order_number="KD-4713")
    with company.without("automation.backoffice.mail"), pytest.raises(RobotBroke):
        run("resend_invoice", "broken", order_number="KD-4731")
    left = [path for path in robot_folder.rglob("*") if path.is_file()]
    assert {path.parent.parent.name for path in left} == {"done", "refused", "broken"}
    for path in left:
        assert PASSWORD not in str(path)
        assert PASSWORD.encode() not in path.read_bytes()


@pytest.mark.fault("A11")
def test_a_robot_is_handed_no_secret_of_the_desk(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    with wire(company.port, b"POST /sign-in", before=True) as held:
        monkeypatch.setenv("BACKOFFICE_URL", held.url)
        with ThreadPoolExecutor(1) as pool:
            broken = pool.submit(run, "refund", order_number="KD-4711")
            assert held.held.wait(30)
            family = psutil.Process().children(recursive=True)
            alive = [one for one in family if one.status() != psutil.STATUS_ZOMBIE]
            robots = [one for one in alive if "robocorp.tasks" in one.cmdline()]
            handed = [value for one in robots for value in one.environ().items()]
            for process in robots:
                process.kill()
            with pytest.raises(RobotBroke):
                broken.result(30)
    assert "BACKOFFICE_URL" in dict(handed)
    assert not {name for name, _ in handed} & (SECRETS.keys() | {"DESK_DATABASE_URL"})
    assert not {value for _, value in handed} & set(SECRETS.values())


def test_no_log_of_a_robot_holds_what_customers_wrote(robot_folder: Path, company: Company) -> None:
    run("change_address", "moved", order_number="KD-4714", address="63 Larkspur Road, Kendal")
    run("change_address", "halfway", order_number="KD-4719", address="Larkspur")
    run("reset_password", "unknown", email="nobody.known@example.com")
    logs = [path for path in robot_folder.rglob("*") if path.suffix in (".log", ".robolog")]
    assert len(logs) >= 3
    for path in logs:
        for personal in (b"Larkspur", b"nobody.known"):
            assert personal not in path.read_bytes(), path


def _browsers_of_ours() -> list[psutil.Process]:
    """Browser processes under this test, living or dead and unburied."""
    family = psutil.Process().children(recursive=True)
    return [one for one in family if one.name().startswith(("chrom", "cat"))]
