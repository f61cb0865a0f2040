"""Running a robot: work item written, process run, answer read, nothing left behind."""

import json
import logging
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from time import monotonic
from uuid import UUID

from automation import contracts
from automation.contracts import JobOutcome, JobRequest, Outcome
from desk.settings import settings

log = logging.getLogger(__name__)

PROJECT = Path(contracts.__file__).resolve().parents[1]
ADAPTER = "automation.adapter.ReportingFileAdapter"
# A robot gets these and nothing else of ours: no secret of the desk, no address of its database.
HANDED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "BACKOFFICE_URL", "RPA_SECRET_MANAGER")
KEEPER = str(PROJECT / "automation" / "keeper.py")
ENDINGS = {124: "its keeper, being overdue", 125: "its keeper, being let go"}
BURIAL_SECONDS = 5.0


class RobotBroke(Exception):
    """The robot could not finish; another try may go better."""


def run(job_id: UUID | str, request: JobRequest) -> JobOutcome:
    """Run one robot once. May be run again for the same job: the robot knows its own work.

    What it was given, answered and logged stays in `robot_folder/<job id>/<attempt>`.

    Raises:
        RobotBroke: it crashed, ran past `robot_timeout_seconds`, or met a failing system.
    """
    folder = _attempt_folder(str(job_id))
    item = {"payload": {**request.inputs, "job_id": str(job_id)}, "files": {}}
    (folder / "in.json").write_text(json.dumps([item]))
    started = monotonic()
    exit_status = _execute(request.kind, folder)
    seconds = monotonic() - started
    log.info("job %s: robot %s ended with %s in %.1f s", job_id, request.kind, exit_status, seconds)
    outcome = _answer(folder, exit_status)
    (folder / "log.html").unlink(missing_ok=True)  # 0.9 MB that can be made from output.robolog
    return outcome


def _attempt_folder(job_id: str) -> Path:
    of_job = settings().robot_folder.absolute() / job_id
    of_job.mkdir(mode=0o700, parents=True, exist_ok=True)
    attempt = 1
    while True:
        try:
            (of_job / str(attempt)).mkdir(mode=0o700)
        except FileExistsError:
            attempt += 1
        else:
            return of_job / str(attempt)


def _execute(kind: str, folder: Path) -> str:
    """Run the process to its end, or to ours at the limit. Returns how it ended, in words."""
    limit = settings().robot_timeout_seconds
    with (folder / "robot.log").open("wb") as written:
        keeper = subprocess.Popen(
            [sys.executable, "-I", KEEPER, str(limit), *_command(kind, folder)],
            cwd=PROJECT,
            env=_environment(folder),
            stdin=subprocess.PIPE,  # the leash: it slackens when this process dies
            stdout=written,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            return ENDINGS.get(status := keeper.wait(limit + BURIAL_SECONDS), f"status {status}")
        except subprocess.TimeoutExpired:
            return "our kill of its keeper"
        finally:
            _end(keeper)


def _command(kind: str, folder: Path) -> list[str]:
    command = [sys.executable, "-m", "robocorp.tasks", "run", "automation/tasks.py"]
    command += ["--task", kind, "--output-dir", str(folder), "--console-colors", "plain"]
    return [*command, "--max-log-files", "1"]


def _environment(folder: Path) -> dict[str, str]:
    handed_on = {name: os.environ[name] for name in HANDED_ON if name in os.environ}
    if vault := os.environ.get("RPA_SECRET_FILE"):
        handed_on["RPA_SECRET_FILE"] = str(Path(vault).absolute())
    return handed_on | {
        "PYTHONPATH": str(PROJECT),
        "PYTHONUTF8": "1",
        "DESK_SMTP_HOST": settings().smtp_host,
        "DESK_SMTP_PORT": str(settings().smtp_port),
        "ROBOT_ARTIFACTS": str(folder),
        "RC_WORKITEM_ADAPTER": ADAPTER,
        "RC_WORKITEM_INPUT_PATH": str(folder / "in.json"),
        "RC_WORKITEM_OUTPUT_PATH": str(folder / "out.json"),
    }


def _end(keeper: "subprocess.Popen[bytes]") -> None:
    """A keeper that ends leaves nothing; one that hung or was killed leaves its whole group."""
    if keeper.returncode is None or keeper.returncode < 0:
        with suppress(ProcessLookupError):
            os.killpg(keeper.pid, signal.SIGKILL)
    keeper.wait()
    if keeper.stdin is not None:
        keeper.stdin.close()


def _answer(folder: Path, exit_status: str) -> JobOutcome:
    """What the robot wrote down. An answer counts even if the robot hung or fell afterwards."""
    try:
        failure = json.loads((folder / "out.release.json").read_text())["exception"]
        if failure is None:
            (item,) = json.loads((folder / "out.json").read_text())
            return JobOutcome.from_payload(item["payload"])
    except (OSError, ValueError, KeyError) as missing:
        raise RobotBroke(f"The robot gave no answer; it ended by {exit_status}.") from missing
    if failure["type"] == "BUSINESS":
        return JobOutcome(Outcome.REFUSED, failure["code"], {})
    raise RobotBroke(f"{failure['code'] or 'UNKNOWN'}: {failure['message']}")
