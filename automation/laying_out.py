"""Lays out a new robot that works: its code, task, catalogue page, samples and test.

What it lays out writes a remark into an order's history, as an example of look, act, confirm; its
owner then has it do something else. Standard library only.
"""

import json
import keyword
import re
from pathlib import Path
from uuid import uuid4

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
LONGEST_NAME = 40

ROBOT = '''"""{purpose}"""

from typing import Any

from automation.contracts import JobOutcome, Outcome, reference_of
from automation.robots.once import once
from automation.systems.backoffice import BackOffice

REMARK = "Seen to by a robot"


def {name}(job: dict[str, Any], office: BackOffice) -> JobOutcome:
    """Write the remark into the order's history, unless an earlier run of this job already did."""
    number, reference = job["order_number"], reference_of(job["job_id"])

    def look() -> str | None:
        office.open_order(number)
        return office.number_under(reference)

    given = once(look, lambda: office.file_note(job.get("remark") or REMARK, reference), "filed")
    facts = {{"reference": given, "order_number": number}}
    return JobOutcome(Outcome.DONE, "{code}", facts)
'''

TASK = '''

@task
def {name}() -> None:
    """{purpose} Inputs: job_id, order_number, and remark if one was given."""
    carry_out({name}_robot.{name}, visit)
'''

CATALOGUE = """    Robot(
        name="{name}",
        purpose="{purpose}",
        inputs=asking({{"order_number": ORDER_NUMBER}}, {{"remark": REASON}}),
        task="{name}",
    ),
"""

TEST = '''"""{title}: once, however often its robot runs."""

from pathlib import Path
from uuid import uuid4

import pytest

from automation.contracts import Outcome, reference_of
from tests.automation.conftest import run
from tests.automation.running import Company
from tests.automation.test_progress import steps_in

pytestmark = pytest.mark.browser


def test_it_is_done_once_under_the_reference_of_its_job(
    company: Company, robot_folder: Path
) -> None:
    job = str(uuid4())
    first = run("{name}", job, order_number="KD-4714", remark="By the test")
    assert (first.outcome, first.code) == (Outcome.DONE, "{code}")
    assert run("{name}", job, order_number="KD-4714") == first
    query = "SELECT number, remark FROM journal WHERE external_reference = ?"
    noted = {{"number": first.facts["reference"], "remark": "By the test"}}
    assert company.rows(query, reference_of(job)) == [noted]
    assert steps_in(robot_folder / job / "1") == ["checked", "filed", "confirmed"]


def test_an_order_that_is_not_there_is_refused_with_a_picture(
    company: Company, robot_folder: Path
) -> None:
    outcome = run("{name}", "unknown", order_number="KD-1")
    assert (outcome.outcome, outcome.code) == (Outcome.REFUSED, "ORDER_UNKNOWN")
    assert (robot_folder / "unknown" / "1" / "refused.png").stat().st_size > 0
'''

SAMPLES = {
    "done": {"order_number": "KD-4714"},
    "refused": {"order_number": "KD-1"},
    "broken": {},
}


class CannotLayOut(Exception):
    """The name will not do, or the place it would go to is not as we know it."""


def lay_out(name: str, purpose: str, root: Path) -> list[Path]:
    """Write the robot into the project at `root`. Returns the files made or changed.

    Raises:
        CannotLayOut: nothing was written.
    """
    _check(name, purpose, root)
    told = {
        "name": name,
        "purpose": purpose,
        "code": f"{name.upper()}_DONE",
        "title": name.replace("_", " ").capitalize(),
    }
    made = {
        root / f"automation/robots/{name}.py": ROBOT.format(**told),
        root / f"tests/automation/test_{name}.py": TEST.format(**told),
        **_changed(name, told, root),
        **_samples(name, root),
    }
    for file, text in made.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return sorted(made)


def _check(name: str, purpose: str, root: Path) -> None:
    if not NAME.fullmatch(name) or len(name) > LONGEST_NAME or keyword.iskeyword(name):
        raise CannotLayOut(f"{name!r} is no name for a robot: use words like track_parcel.")
    if not purpose.isprintable() or '"' in purpose or "\\" in purpose or not purpose.endswith("."):
        raise CannotLayOut("The purpose is one sentence on one line, without quotation marks.")
    if len(purpose) > 70:
        raise CannotLayOut("The purpose is longer than 70 letters.")
    known = (root / "automation/catalogue.py").read_text("utf-8")
    if (root / f"automation/robots/{name}.py").exists() or f'name="{name}"' in known:
        raise CannotLayOut(f"There is a robot {name} already.")


def _changed(name: str, told: dict[str, str], root: Path) -> dict[Path, str]:
    tasks, catalogue = root / "automation/tasks.py", root / "automation/catalogue.py"
    commands = root / "automation/robot.yaml"
    shell = f"  {name}:\n    shell: python -m robocorp.tasks run tasks.py --task {name}\n"
    return {
        tasks: _with_import(tasks.read_text("utf-8"), name) + TASK.format(**told),
        catalogue: _before(catalogue, ")\nCATALOGUE", CATALOGUE.format(**told)),
        commands: _before(commands, "artifactsDir:", shell),
    }


def _with_import(text: str, name: str) -> str:
    """The import goes where the alphabet has it."""
    lines = text.splitlines(keepends=True)
    new = f"from automation.robots import {name} as {name}_robot\n"
    ours = [n for n, line in enumerate(lines) if line.startswith("from automation.robots import ")]
    if not ours:
        raise CannotLayOut("automation/tasks.py imports no robot: where would this one go?")
    place = next((n for n in ours if lines[n] > new), ours[-1] + 1)
    return "".join([*lines[:place], new, *lines[place:]])


def _before(file: Path, mark: str, text: str) -> str:
    held = file.read_text("utf-8")
    if held.count(mark) != 1:
        raise CannotLayOut(f"{file.name} holds {held.count(mark)} times: {mark.strip()!r}")
    return held.replace(mark, text + mark)


def _samples(name: str, root: Path) -> dict[Path, str]:
    folder = root / "automation/devdata/work-items-in"
    return {
        folder / f"{name}_{ending}" / "work-items.json": json.dumps(
            [{"payload": {"job_id": str(uuid4()), **inputs}, "files": {}}], indent=2
        )
        + "\n"
        for ending, inputs in SAMPLES.items()
    }
