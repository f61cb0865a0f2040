"""Robots that die at one of their steps, and what they have done in the end."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from automation import starting
from automation.catalogue import CATALOGUE
from automation.contracts import reference_of
from automation.keeper import Limits
from tests.automation.running import ROOT, Company
from tests.automation.test_standing_alone import sample

MAIL = ("DESK_SMTP_HOST", "DESK_SMTP_PORT")
LIMIT_SECONDS = 120.0
SITE = ROOT / "tests/automation/dying_site"
JOURNAL = "SELECT count(*) AS n FROM journal WHERE external_reference = :reference"
CHANGES = "SELECT count(*) AS n FROM account_changes WHERE external_reference = :reference"
# What one job leaves in the systems, and how many letters, however often its robot dies. A robot
# that is not named here writes one line into the journal.
EFFECTS: dict[str, tuple[dict[str, int], int]] = {
    "refund": ({JOURNAL: 1, "SELECT count(*) AS n FROM refunds WHERE filed_by = 'robot'": 1}, 0),
    "cancel_order": ({JOURNAL: 1}, 0),
    "change_address": ({JOURNAL: 1}, 0),
    "resend_invoice": ({JOURNAL: 1}, 1),
    "reset_password": ({CHANGES: 1, "SELECT count(*) AS n FROM reset_links": 1}, 1),
    "return_label": ({JOURNAL: 1, "SELECT count(*) AS n FROM returns": 1}, 1),
    "track_parcel": ({JOURNAL: 0}, 0),
    "unlock_account": ({CHANGES: 1}, 0),
    "change_subscription": ({JOURNAL: 1}, 0),
    "reconcile_refund_ledger": ({"SELECT count(*) AS n FROM reconciliations": 1}, 0),
    "service_report": ({JOURNAL: 0}, 1),
}


def run_kept(
    kind: str, company: Company, folder: Path, *, dies_at: str = "", who: str = "robot"
) -> dict[str, Any] | None:
    """Run the robot on its sample that can be done, under its keeper. Its answer, if it gave one;
    that it died where it should, if it should, is made sure of."""
    folder.mkdir()
    shutil.copy(_sample(kind), folder / "in.json")
    robot, limits = CATALOGUE[kind], Limits(LIMIT_SECONDS, folder=str(folder))
    known = starting.environment(robot, folder, os.environ | company.environment)
    if dies_at:
        known |= {"DIES_AT": dies_at, "DIES_WHO": who, "PYTHONPATH": f"{SITE}:{ROOT}"}
    with subprocess.Popen(
        [
            *(sys.executable, "-I", str(ROOT / "automation/keeper.py")),
            *(json.dumps(asdict(limits)), *starting.command(robot, folder)),
        ],
        cwd=ROOT,
        env=known | {name: company.environment[name] for name in MAIL},
        stdin=subprocess.PIPE,
        stdout=(folder / "robot.log").open("wb"),
        stderr=subprocess.STDOUT,
    ) as keeper:
        keeper.wait(LIMIT_SECONDS + 10)
    assert (folder / "died").exists() == bool(dies_at), (folder / "robot.log").read_text()[-2000:]
    return _answer(folder)


def _sample(kind: str) -> Path:
    return ROOT / "automation/devdata/work-items-in" / f"{kind}_done" / "work-items.json"


def _answer(folder: Path) -> dict[str, Any] | None:
    release = folder / "out.release.json"
    if not release.exists() or json.loads(release.read_text())["exception"] is not None:
        return None
    (item,) = json.loads((folder / "out.json").read_text())
    answer: dict[str, Any] = item["payload"]
    return answer


def dies_and_runs_again(
    kind: str, company: Company, folder: Path, *, dies_at: str, who: str
) -> None:
    """The robot dies once and is run again: it is done, and the world has seen it once."""
    first = run_kept(kind, company, folder / "dying", dies_at=dies_at, who=who)
    if who == "robot":
        assert first is None
    again = run_kept(kind, company, folder / "again")
    assert again is not None, (folder / "again/robot.log").read_text()[-2000:]
    assert again["outcome"] == "done"
    assert again["facts"]["reference"]
    if first is not None:
        assert again["facts"]["reference"] == first["facts"]["reference"]
    left_once(kind, company)


def left_once(kind: str, company: Company) -> None:
    """One effect in every system that the robot changes, and one letter where it mails."""
    effects, letters = EFFECTS.get(kind, ({JOURNAL: 1}, 0))
    reference = reference_of(sample(f"{kind}_done")["job_id"])
    for query, expected in effects.items():
        own = query.replace(":reference", f"'{reference}'")
        assert company.rows(own) == [{"n": expected}], query
    assert len(company.letters()) == letters
