"""Robots that only tests have: one that does nothing, one with an effect, and some bad ones.

The system that they drive is a file, ROBOT_TEST_OFFICE: one line per effect, with the job's id.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from robocorp import workitems
from robocorp.tasks import task
from robocorp.workitems import ApplicationException

from automation.contracts import JobOutcome, Outcome
from automation.progress import step


def done(item: workitems.Input, code: str) -> None:
    outcome = JobOutcome(Outcome.DONE, code, {"reference": item.payload["job_id"][:8]})
    workitems.outputs.create(outcome.to_payload())


@task
def nothing() -> None:
    for item in workitems.inputs:
        with item:
            done(item, "NOTHING_DONE")


@task
def effect() -> None:
    """Looks, acts, says so; may rest at any of the three, and break for the first few runs."""
    office = Path(os.environ["ROBOT_TEST_OFFICE"])
    for item in workitems.inputs:
        with item:
            step("looked")
            rest(item.payload, "looked")
            if item.payload["job_id"] not in office.read_text():
                with office.open("a") as book:
                    book.write(f"{item.payload['job_id']}\n")
            step("acted")
            rest(item.payload, "acted")
            runs = len(list(Path(os.environ["ROBOT_ARTIFACTS"]).parent.iterdir()))
            if runs <= item.payload.get("breaks", 0):
                raise ApplicationException(f"{item.payload['order_number']} broke.", "BROKEN")
            done(item, "EFFECT_DONE")


def rest(asked: dict[str, object], place: str) -> None:
    if asked.get("rests") == place:
        time.sleep(float(str(asked.get("seconds", 3))))


@task
def blind() -> None:
    """Acts without a look: nobody can find out whether it did."""
    for item in workitems.inputs:
        with item:
            with Path(os.environ["ROBOT_TEST_OFFICE"]).open("a") as book:
                book.write(f"{item.payload['job_id']}\n")
            rest(item.payload, "acted")
            if item.payload.get("breaks"):
                raise ApplicationException("Silent.", "BROKEN")
            done(item, "EFFECT_DONE")


@task
def bad() -> None:
    """Everything that a robot must not do."""
    for item in workitems.inputs:
        with item:
            BADLY[item.payload["how"]]()


def hang() -> None:
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
    time.sleep(600)


def chatter() -> None:
    while True:
        print("and another thing" * 1000)  # noqa: T201  its very purpose


def fill() -> None:
    folder = Path(os.environ["ROBOT_ARTIFACTS"])
    for number in range(10_000):
        (folder / f"{number}.bin").write_bytes(b"x" * 1_000_000)
    time.sleep(600)


def fork() -> None:
    for _ in range(1000):
        if os.fork() == 0:
            os.setsid()
            time.sleep(600)
    time.sleep(600)


def hog() -> None:
    held = []
    while True:
        held.append(bytearray(os.urandom(1024) * 20_000))


def crash() -> None:
    os.abort()


BADLY = {
    "hang": hang, "chatter": chatter, "fill": fill, "fork": fork, "hog": hog, "crash": crash
}  # fmt: skip
