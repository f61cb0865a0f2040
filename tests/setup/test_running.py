"""Processes are kept up, and when the owner says stop nothing of them is left."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from groundwork.places import ROOT

SMALL_DESK = Path(__file__).parent / "a_small_desk.py"


def until(claim, seconds=20.0):
    """What `claim` returns once it is true."""
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        if answer := claim():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"{claim} did not come true in {seconds} s")


def is_running(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.fixture
def desk(tmp_path):
    """The small desk, ready, in a process group of its own as a terminal gives it."""
    (tmp_path / "pids").mkdir()
    running = subprocess.Popen(
        [sys.executable, SMALL_DESK, tmp_path],
        env={**os.environ, "PYTHONPATH": str(ROOT / "scripts")},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert any("READY" in line for line in running.stdout)
        yield running
    finally:
        if running.poll() is None:
            running.terminate()
            running.wait(30)
        running.stdout.close()


def note(folder, name):
    pid, _, knows = (folder / "pids" / f"{name}.pid").read_text().partition(" ")
    return int(pid), knows


def all_pids(folder):
    return [note(folder, name)[0] for name in ("plain", "deaf", "parent", "child")]


def test_a_process_that_is_killed_is_started_again_and_the_owner_is_told(desk, tmp_path):
    time.sleep(3.5)  # from then on supervisor takes it for started
    first, _ = note(tmp_path, "plain")
    os.kill(first, signal.SIGKILL)
    second = until(lambda: (pid := note(tmp_path, "plain")[0]) != first and pid)
    assert is_running(second)
    assert "plain" in desk.stdout.readline()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_one_word_stops_everything_and_leaves_no_process(desk, tmp_path, sign):
    pids = all_pids(tmp_path)
    assert all(is_running(pid) for pid in pids)
    os.killpg(desk.pid, sign)  # as Ctrl-C does: to the whole foreground group
    assert desk.wait(30) == 0
    assert not [pid for pid in pids if is_running(pid)]
    assert "Everything has stopped." in desk.stdout.read()


def test_impatience_does_not_leave_processes_behind(desk, tmp_path):
    pids = all_pids(tmp_path)
    for _ in range(5):
        os.killpg(desk.pid, signal.SIGINT)
        time.sleep(0.1)
    assert desk.wait(30) == 0
    assert not [pid for pid in pids if is_running(pid)]


def test_when_the_foreground_is_killed_its_processes_stop_too(desk, tmp_path):
    kept_up = [note(tmp_path, name)[0] for name in ("plain", "deaf", "parent")]
    desk.kill()
    until(lambda: not [pid for pid in kept_up if is_running(pid)])
    os.kill(note(tmp_path, "child")[0], signal.SIGKILL)


def test_a_secret_reaches_whom_it_is_for_and_is_written_down_nowhere(desk, tmp_path):
    assert note(tmp_path, "plain")[1] == "does not know"
    assert note(tmp_path, "deaf")[1] == "knows"
    assert "canary" not in (tmp_path / "var/supervisord.conf").read_text()
