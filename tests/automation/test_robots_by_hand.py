"""`desk robots`: what there is and how it fares, one run by hand, and a new one that works."""

import json
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from automation.catalogue import CATALOGUE
from automation.laying_out import CannotLayOut, lay_out
from desk import clock
from desk.cli import app
from desk.durable import transaction
from desk.jobs.models import Attempt, Ending, Job, JobStatus
from tests.automation.running import ROOT, Company

desk = CliRunner()
LEFT_BEHIND = ("var", "node_modules", "dist", ".*", "__pycache__", "*.egg-info", "output")


def a_job(kind: str, status: JobStatus, code: str, *endings: Ending, days_ago: int = 1) -> None:
    """A job that ended so many days ago, and the runs of its robot."""
    ended = clock.now() - timedelta(days=days_ago)

    def add(session) -> None:  # type: ignore[no-untyped-def]
        job = Job(
            kind=kind, inputs={}, key=f"{kind}:{code}:{days_ago}", status=status, code=code,
            expected_seconds=1, expected_p90_seconds=2, settled_at=ended,
        )  # fmt: skip
        session.add(job)
        session.flush()
        for number, ending in enumerate(endings, 1):
            session.add(
                Attempt(
                    job_id=job.id, number=number, round=1, worker="w", started_at=ended,
                    ended_at=ended, ending=ending,
                )
            )  # fmt: skip

    transaction(add)


@pytest.mark.usefixtures("database")
def test_the_list_tells_of_every_robot_how_it_fared_lately() -> None:
    a_job("refund", JobStatus.DONE, "REFUND_FILED", Ending.BROKE, Ending.DONE, days_ago=2)
    a_job("refund", JobStatus.REFUSED, "OUTSIDE_30_DAYS", Ending.REFUSED)
    a_job("refund", JobStatus.GAVE_UP, "TOO_OLD_TO_COUNT", Ending.KILLED, days_ago=15)
    shown = desk.invoke(app, ["robots", "--json"])
    told = {one["name"]: one for one in map(json.loads, shown.stdout.splitlines())}
    assert list(told) == list(CATALOGUE)
    fares = told["refund"]["health"]
    assert (fares["done"], fares["refused"], fares["failed"]) == (1, 1, 0)
    assert (fares["runs"], fares["broken_runs"]) == (3, 1)
    assert (fares["last_status"], fares["last_code"]) == ("refused", "OUTSIDE_30_DAYS")
    assert told["cancel_order"]["health"]["last_at"] is None
    words = desk.invoke(app, ["robots"]).stdout
    assert "1 done, 1 refused, 0 failed; 1 of 3 runs broke" in words
    assert "wants order_number, [reason]" in words


@pytest.mark.usefixtures("robot_folder")
def test_without_a_database_the_list_says_so_and_is_there() -> None:
    shown = desk.invoke(app, ["robots"])
    assert shown.exit_code == 0
    assert all(name in shown.stdout for name in CATALOGUE)
    assert "not known" in shown.stderr


def test_one_robot_is_run_by_hand_and_says_what_it_does(
    company: Company, robot_folder: Path
) -> None:
    shown = desk.invoke(app, ["robots", "run", "unlock_account", "done"])
    assert shown.exit_code == 0, shown.output
    steps = [line.strip() for line in shown.stdout.splitlines()[1:4]]
    assert steps == ["checked", "unlocked", "confirmed"]
    (change,) = company.rows("SELECT 50000 + id AS number FROM account_changes")
    assert f"reference: UL-{change['number']}" in shown.stdout
    assert str(robot_folder) in shown.stdout


@pytest.mark.usefixtures("robot_folder")
@pytest.mark.parametrize(
    ("name", "item", "status", "said"),
    [
        ("unlock_account", "refused", 3, "refused: ACCOUNT_CLOSED"),
        ("unlock_account", "broken", 4, "INPUT_MISSING"),
        ("unlock_account", "no/such/file.json", 1, "no sample of unlock_account"),
        ("make_tea", "done", 1, "There is no robot make_tea. There are: refund,"),
    ],
)
def test_a_run_that_does_not_end_well_says_why_and_fails(
    name: str, item: str, status: int, said: str
) -> None:
    shown = desk.invoke(app, ["robots", "run", name, item])
    assert shown.exit_code == status
    assert said in shown.output


@pytest.mark.usefixtures("robot_folder")
@pytest.mark.parametrize("held", ["", "{}", "[]", "[1]", '[{"payload": 7}]', "[{}, {}]"])
def test_a_file_without_one_work_item_is_named(tmp_path: Path, held: str) -> None:
    (tmp_path / "item.json").write_text(held)
    shown = desk.invoke(app, ["robots", "run", "unlock_account", str(tmp_path / "item.json")])
    assert shown.exit_code == 1
    assert "holds no single work item" in shown.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the desk, to lay robots out in."""
    folder = tmp_path / "desk"
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*LEFT_BEHIND))
    return folder


@pytest.mark.browser
def test_a_robot_that_is_laid_out_works_and_passes_its_own_test(copy: Path) -> None:
    made = lay_out("gift_note", "Put a note into a parcel.", copy)
    python = [str(file) for file in made if file.suffix == ".py"]
    for check in (["ruff", "check"], ["ruff", "format", "--diff"]):
        run_in(copy, *check, "--no-cache", *python)
    tasks = yaml.safe_load((copy / "automation/robot.yaml").read_text())["tasks"]
    assert tasks["gift_note"]["shell"].endswith("--task gift_note")
    tests = ["tests/automation/test_gift_note.py", "tests/automation/test_standing_alone.py"]
    run_in(copy, "pytest", "-q", "-p", "no:cacheprovider", "-k", "gift_note or every", *tests)


def run_in(folder: Path, *words: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", *words], cwd=folder, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("name", "purpose"),
    [
        ("refund", "Refund again."),
        ("Refund", "A capital."),
        ("../etc/passwd", "A path."),
        ("lambda", "A word of Python's."),
        ("", "Nothing."),
        ("a" * 41, "Too long."),
        ("fine", 'Says "no".'),
        ("fine", "No full stop"),
        ("fine", "Two\nlines."),
        ("fine", f"{'Long ' * 20}."),
    ],
)
def test_a_name_or_purpose_that_will_not_do_lays_nothing_out(
    tmp_path: Path, name: str, purpose: str
) -> None:
    shutil.copytree(ROOT / "automation", tmp_path / "automation")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(CannotLayOut):
        lay_out(name, purpose, tmp_path)
    assert sorted(tmp_path.rglob("*")) == before
