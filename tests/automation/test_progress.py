"""What a robot says of its steps while it works."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from automation import progress
from automation.robots.once import NotConfirmed, once


def steps_in(folder: Path) -> list[str]:
    """The codes of the steps that a robot told in this folder, in order."""
    lines = (folder / progress.STEPS).read_text().splitlines()
    return [json.loads(line)["step"] for line in lines]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ROBOT_ARTIFACTS", str(tmp_path / "papers"))
    return tmp_path / "papers"


def test_a_step_is_a_line_with_its_time_in_a_file_that_nobody_else_reads(folder: Path) -> None:
    progress.step("checked")
    progress.step("refused", screenshot="refused.png")
    checked, refused = map(json.loads, (folder / progress.STEPS).read_text().splitlines())
    assert checked.keys() == {"at", "step"}
    assert refused["screenshot"] == "refused.png"
    at = datetime.fromisoformat(checked["at"])
    assert timedelta() <= datetime.now(UTC) - at < timedelta(seconds=5)
    assert (folder / progress.STEPS).stat().st_mode & 0o077 == 0


def test_work_is_looked_for_then_done_then_seen_to_stand(folder: Path) -> None:
    standing: list[str] = []

    def act() -> str:
        standing.append("RF-1")
        return "RF-1"

    for _ in range(2):
        assert once(lambda: standing[0] if standing else None, act, "filed") == "RF-1"
    assert standing == ["RF-1"]
    assert steps_in(folder) == ["checked", "filed", "confirmed", "checked", "confirmed"]


def test_work_that_is_not_shown_afterwards_is_not_taken_as_done(folder: Path) -> None:
    with pytest.raises(NotConfirmed):
        once(lambda: None, lambda: "RF-1", "filed")
    assert steps_in(folder) == ["checked", "filed"]
