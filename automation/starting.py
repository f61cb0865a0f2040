"""How a robot is started: its command, and what it is handed. Standard library only."""

import sys
from collections.abc import Mapping
from pathlib import Path

from automation.catalogue import Robot

PROJECT = Path(__file__).resolve().parents[1]
# A robot gets these and nothing else of ours: no secret of the desk, no address of its database.
HANDED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "BACKOFFICE_URL", "RPA_SECRET_MANAGER")
HANDED_ON_PREFIX = "ROBOT_"  # an owner's own settings for robots
SECRET_PREFIX = "ROBOT_SECRET_"  # a vault in the environment: see environment_vault.py
TASK_ADAPTER = "automation.adapter.ReportingFileAdapter"
SUITE_ADAPTER = "automation.suites.adapter.ReportingSuiteAdapter"


def is_suite(robot: Robot) -> bool:
    return robot.task.endswith(".robot")


def command(robot: Robot, folder: Path) -> list[str]:
    """What runs the robot once, from the project's folder; its log goes to `folder`."""
    if is_suite(robot):
        quiet = ["--log", "NONE", "--report", "NONE", "--consolecolors", "off"]
        suite = str(Path("automation") / robot.task)
        return [sys.executable, "-m", "robot", "--outputdir", str(folder), *quiet, suite]
    return [sys.executable, "-m", "robocorp.tasks", *arguments(robot, folder)]


def arguments(robot: Robot, folder: Path) -> list[str]:
    """What robocorp-tasks is told, to run the robot's task."""
    file, _, task = robot.task.rpartition(":")
    asked = ["run", file or "automation/tasks.py", "--task", task, "--output-dir", str(folder)]
    return [*asked, "--console-colors", "plain", "--max-log-files", "1"]


def handed_on(known: Mapping[str, str]) -> dict[str, str]:
    """What every robot may know of the environment `known`: addresses and settings, no secret but
    the place of the vault's file."""
    named = {name: known[name] for name in HANDED_ON if name in known}
    for name, value in known.items():
        if name.startswith(HANDED_ON_PREFIX) and not name.startswith(SECRET_PREFIX):
            named[name] = value
    if vault := known.get("RPA_SECRET_FILE"):
        named["RPA_SECRET_FILE"] = str(Path(vault).absolute())
    return named


def environment(robot: Robot, folder: Path, known: Mapping[str, str]) -> dict[str, str]:
    """What this robot knows: its work item in `folder`, the systems' addresses, its own secrets.

    Of a vault in the environment it gets the entries that the catalogue names, and no others.
    """
    entries = [SECRET_PREFIX + entry.upper().replace("-", "_") for entry in robot.secrets]
    own = {name: known[name] for name in entries if name in known}
    given, answer = str(folder / "in.json"), str(folder / "out.json")
    return (
        handed_on(known)
        | own
        | {
            "PYTHONPATH": str(PROJECT),
            "PYTHONUTF8": "1",
            "ROBOT_ARTIFACTS": str(folder),
            "RC_WORKITEM_ADAPTER": TASK_ADAPTER,
            "RC_WORKITEM_INPUT_PATH": given,
            "RC_WORKITEM_OUTPUT_PATH": answer,
            "RPA_WORKITEMS_ADAPTER": SUITE_ADAPTER,
            "RPA_INPUT_WORKITEM_PATH": given,
            "RPA_OUTPUT_WORKITEM_PATH": answer,
        }
    )
