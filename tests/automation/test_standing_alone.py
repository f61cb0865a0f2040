"""A robot is an ordinary Robocorp project: it runs without the desk, on its sample work items."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from automation import starting
from automation.catalogue import CATALOGUE
from tests.automation.running import ROOT, Company
from tests.automation.test_progress import steps_in

SAMPLES = ROOT / "automation/devdata/work-items-in"
COMMANDS = {
    kind: task["shell"]
    for kind, task in yaml.safe_load((ROOT / "automation/robot.yaml").read_text())["tasks"].items()
}
STANDARD = "RPA.Robocorp.WorkItems.FileAdapter"
ENDINGS = ("done", "refused", "broken")
# By default one robot of each make runs: page, suite, HTTP, Excel, mail. `make soak` has them all.
EVERY_MAKE = (
    "refund",
    "track_parcel",
    "unlock_account",
    "reconcile_refund_ledger",
    "service_report",
)
BROWSERLESS = ("unlock_account", "reset_password", "reconcile_refund_ledger", "service_report")


def sample(name: str) -> dict[str, Any]:
    """What a sample work item holds."""
    (item,) = json.loads((SAMPLES / name / "work-items.json").read_text())
    payload: dict[str, Any] = item["payload"]
    return payload


def run_alone(kind: str, ending: str, company: Company, folder: Path) -> str:
    """Run as robot.yaml does, with the standard file adapters; those keep to themselves how a
    robot failed, so where it should, with ours. Returns what the log says."""
    given = str(SAMPLES / f"{kind}_{ending}" / "work-items.json")
    known = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONPATH": str(ROOT),
        "ROBOT_ARTIFACTS": str(folder),
        "RC_WORKITEM_ADAPTER": "FileAdapter" if ending == "done" else starting.TASK_ADAPTER,
        "RC_WORKITEM_INPUT_PATH": given,
        "RC_WORKITEM_OUTPUT_PATH": str(folder / "out.json"),
        "RPA_WORKITEMS_ADAPTER": STANDARD if ending == "done" else starting.SUITE_ADAPTER,
        "RPA_INPUT_WORKITEM_PATH": given,
        "RPA_OUTPUT_WORKITEM_PATH": str(folder / "out.json"),
        **company.environment,
    }
    words = [str(folder) if word == "output" else word for word in COMMANDS[kind].split()[1:]]
    ran = subprocess.run(
        [sys.executable, *words],
        cwd=ROOT / "automation",
        env=known,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return ran.stdout + ran.stderr


def _runs() -> list[Any]:
    marked = []
    for kind in CATALOGUE:
        for ending in ENDINGS:
            marks = [] if kind in BROWSERLESS else [pytest.mark.browser]
            if kind not in EVERY_MAKE:
                marks.append(pytest.mark.soak)
            marked.append(pytest.param(kind, ending, marks=marks))
    return marked


@pytest.mark.parametrize(("kind", "ending"), _runs())
def test_a_sample_that_can_be_done_leaves_its_outcome_and_no_other_does(
    company: Company, tmp_path: Path, kind: str, ending: str
) -> None:
    said = run_alone(kind, ending, company, tmp_path)
    assert (tmp_path / "out.json").exists() == (ending == "done"), said
    if ending != "done":
        release = json.loads((tmp_path / "out.release.json").read_text())["exception"]
        assert release["type"] == {"refused": "BUSINESS", "broken": "APPLICATION"}[ending]
        assert company.letters() == []
    else:
        (item,) = json.loads((tmp_path / "out.json").read_text())
        assert item["payload"]["outcome"] == "done"
        assert item["payload"]["facts"]["reference"]
        assert set(item["files"]) == set(item["payload"]["facts"].get("files", ()))
        assert steps_in(tmp_path) == list(CATALOGUE[kind].steps)


@pytest.mark.parametrize("kind", CATALOGUE)
@pytest.mark.parametrize("ending", ENDINGS)
def test_every_robot_has_a_task_and_a_sample_for_each_ending(kind: str, ending: str) -> None:
    task = CATALOGUE[kind].task
    assert COMMANDS[kind].endswith(task)
    if task.endswith(".robot"):
        assert (ROOT / "automation" / task).is_file()
    else:
        assert f"@task\ndef {task}() -> None:" in (ROOT / "automation/tasks.py").read_text()
    payload = sample(f"{kind}_{ending}")
    assert payload.pop("job_id")
    fits = jsonschema.Draft202012Validator(CATALOGUE[kind].inputs).is_valid(payload)
    assert fits == (ending != "broken")


def test_no_two_samples_are_of_one_job() -> None:
    jobs = [sample(folder.name)["job_id"] for folder in SAMPLES.iterdir()]
    assert len(set(jobs)) == len(jobs)


def test_every_robot_of_the_catalogue_can_be_started_and_no_other() -> None:
    assert COMMANDS.keys() == CATALOGUE.keys()
