"""A desk of three stubborn processes, kept up in the foreground by the real supervisor.

    python a_small_desk.py FOLDER

Each process writes its process id, and that of a child it starts, into FOLDER/pids.
"""

import os
import sys
import time
from pathlib import Path

from groundwork.places import ROOT, Places
from groundwork.processes import BEHIND, IN_FRONT, Process, environment, write_configuration
from groundwork.progress import say
from groundwork.running import Supervisor, run_in_foreground

PYTHON = ROOT / ".venv/bin/python"
A_PROCESS = f"{PYTHON} {Path(__file__).resolve()} --process"


def main(folder: Path) -> None:
    places = Places(root=folder)
    kept_up = [
        Process("plain", f"{A_PROCESS} plain", BEHIND, kept_from_it=("DESK_SECRET",)),
        Process("deaf", f"{A_PROCESS} deaf", BEHIND, seconds_to_stop=1),
        Process("parent", f"{A_PROCESS} parent", IN_FRONT),
    ]
    configuration = write_configuration(places, kept_up)
    settings = {"DESK_SECRET": "canary", "A_SMALL_DESK": str(folder)}
    run_in_foreground(
        start=lambda: Supervisor(PYTHON, configuration, environment(settings, os.environ)),
        ready=lambda: len(list((folder / "pids").glob("*.pid"))) == 4,
        announce=lambda: say("READY"),
        log=places.logs / "supervisor.log",
    )


def process(kind: str) -> None:
    """`deaf` does not listen to SIGTERM; `parent` leaves a child in a session of its own."""
    if kind == "deaf":
        import signal  # noqa: PLC0415

        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if kind == "parent" and os.fork() == 0:
        os.setsid()
        kind = "child"
    knows = "knows" if "DESK_SECRET" in os.environ else "does not know"
    note = Path(os.environ["A_SMALL_DESK"]) / "pids" / f"{kind}.pid"
    note.with_suffix(".new").write_text(f"{os.getpid()} {knows}")
    note.with_suffix(".new").replace(note)
    time.sleep(1000)


if __name__ == "__main__":
    if sys.argv[1] == "--process":
        process(sys.argv[2])
    else:
        main(Path(sys.argv[1]))
