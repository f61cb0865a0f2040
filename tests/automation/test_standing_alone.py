"""A robot is an ordinary Robocorp project: it runs without the desk, on its sample work items."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.automation.running import ROOT, Company

SAMPLES = ROOT / "automation/devdata/work-items-in"
KINDS = tuple(yaml.safe_load((ROOT / "automation/robot.yaml").read_text())["tasks"])


def run_alone(kind: str, sample: str, company: Company, folder: Path) -> str:
    """Run as robot.yaml does, with the standard file adapter. Returns what the log says."""
    known = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONPATH": str(ROOT),
        "ROBOT_ARTIFACTS": str(folder),
        "RC_WORKITEM_ADAPTER": "FileAdapter",
        "RC_WORKITEM_INPUT_PATH": str(SAMPLES / sample / "work-items.json"),
        "RC_WORKITEM_OUTPUT_PATH": str(folder / "out.json"),
        **company.environment,
    }
    command = yaml.safe_load((ROOT / "automation/robot.yaml").read_text())["tasks"][kind]["shell"]
    words = [sys.executable, *command.split()[1:], "--console-colors", "plain"]
    ran = subprocess.run(
        words, cwd=ROOT / "automation", env=known, capture_output=True, text=True, timeout=60
    )
    return ran.stdout + ran.stderr


@pytest.mark.browser
def test_a_sample_that_can_be_done_leaves_its_outcome(company: Company, tmp_path: Path) -> None:
    said = run_alone("refund", "refund_done", company, tmp_path)
    (item,) = json.loads((tmp_path / "out.json").read_text())
    assert item["payload"]["code"] == "REFUND_FILED", said
    assert company.refunds("KD-4711") == [item["payload"]["facts"]["reference"]]


@pytest.mark.browser
@pytest.mark.parametrize("sample", ["refund_refused", "refund_broken"])
def test_a_sample_that_cannot_be_done_leaves_no_outcome(
    company: Company, tmp_path: Path, sample: str
) -> None:
    run_alone("refund", sample, company, tmp_path)
    assert not (tmp_path / "out.json").exists()
    assert not company.rows("SELECT 1 FROM refunds WHERE filed_by = 'robot'")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ending", ["done", "refused", "broken"])
def test_every_robot_has_a_task_and_a_sample_for_each_ending(kind: str, ending: str) -> None:
    assert f"@task\ndef {kind}() -> None:" in (ROOT / "automation/tasks.py").read_text()
    (item,) = json.loads((SAMPLES / f"{kind}_{ending}" / "work-items.json").read_text())
    assert item["payload"]["job_id"]
