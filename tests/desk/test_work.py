"""F5: one worker a slot, and a slot is free as soon as its worker is dead."""

import subprocess
import sys

from desk.integrations.slots import hold_slot as slot
from tests.conftest import ROOT, SECRETS


def test_f5_a_slot_can_be_held_once_and_is_free_afterwards(database, tmp_path, monkeypatch):
    monkeypatch.setenv("DESK_ROBOT_FOLDER", str(tmp_path))
    with slot("one") as first, slot("one") as again, slot("two") as other:
        assert (first, again, other) == (True, False, True)
    with slot("one") as later:
        assert later


def test_f5_a_second_worker_of_one_slot_refuses_to_start(database, tmp_path, monkeypatch):
    monkeypatch.setenv("DESK_ROBOT_FOLDER", str(tmp_path))
    known = SECRETS | {
        "DESK_DATABASE_URL": database,
        "DESK_ROBOT_FOLDER": str(tmp_path),
        "DESK_WORKER_SLOT": "one",
        "PATH": "/usr/bin:/bin",
    }
    with slot("one") as held:
        assert held
        command = [sys.executable, "-m", "desk", "work"]
        done = subprocess.run(
            command, cwd=ROOT, env=known, capture_output=True, text=True, timeout=60
        )
    assert done.returncode != 0
    assert "A worker runs as one already" in done.stderr
