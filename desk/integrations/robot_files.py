"""What robots left behind: pictures, logs, papers. Read, never written, here."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from desk.errors import NotFound
from desk.settings import settings

STEPS = "steps.jsonl"
# What a browser may show of them, and as what; anything else is only offered to be kept.
SHOWN = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
READ = {".log": "text/plain", ".txt": "text/plain", ".jsonl": "text/plain", ".json": "text/plain"}
KEPT = {".pdf": "application/pdf", ".html": "text/html", ".robolog": "text/plain"}
KINDS = SHOWN | READ | KEPT
# The work items: the inputs once more, and the answer, which the desk has in its rows.
HIDDEN = ("in.json", "out.json", "out.release.json")
MOST_FILES = 200  # of one run; one that leaves more shows the first of them
MOST_STEPS = 500


class NoSuchFile(NotFound):
    """The robot has left no such file, or it is none that is shown."""


@dataclass(frozen=True)
class Left:
    """One file of one run."""

    attempt: int
    name: str
    bytes: int
    is_picture: bool


@dataclass(frozen=True)
class StepMade:
    """One step that a robot said it had behind it, and the picture that it took there."""

    attempt: int
    step: str
    at: datetime
    screenshot: str | None


def left_by(job_id: UUID) -> list[Left]:
    """All files of all runs of a job's robot that may be shown, by run and name."""
    return [
        Left(attempt, file.name, file.stat().st_size, file.suffix.lower() in SHOWN)
        for attempt, folder in _folders(job_id)
        for file in _files(folder)
    ]


def file_of(job_id: UUID, attempt: int, name: str) -> tuple[Path, str]:
    """Where one of these files lies, and its kind. Only what `left_by` lists can be had, so no
    name leads anywhere else.

    Raises:
        NoSuchFile: it is not in the list.
    """
    folder = dict(_folders(job_id)).get(attempt)
    found = next((f for f in _files(folder) if f.name == name), None) if folder else None
    if found is None:
        raise NoSuchFile("The robot has left no such file.")
    return found, KINDS[found.suffix.lower()]


def steps_of(job_id: UUID) -> list[StepMade]:
    """What the robots of a job said of their steps, in order. Half a line is none."""
    return [
        made
        for attempt, folder in _folders(job_id)
        for line in _lines(folder / STEPS)
        if (made := _step(attempt, folder, line)) is not None
    ]


def _folders(job_id: UUID) -> list[tuple[int, Path]]:
    of_job = settings().robot_folder.absolute() / str(job_id)
    if not of_job.is_dir():
        return []
    runs = (f for f in of_job.iterdir() if f.name.isdecimal() and _is_plain(f) and f.is_dir())
    return sorted((int(folder.name), folder) for folder in runs)


def _files(folder: Path) -> list[Path]:
    found = (f for f in folder.iterdir() if _is_plain(f) and f.is_file())
    shown = (f for f in found if f.suffix.lower() in KINDS and f.name not in HIDDEN)
    return sorted(shown)[:MOST_FILES]


def _is_plain(file: Path) -> bool:
    """A robot may be made to leave a link; what it points at is not the robot's to show."""
    return not file.is_symlink()


def _lines(file: Path) -> list[str]:
    if not file.is_file() or file.is_symlink():
        return []
    with file.open(errors="replace") as lines:
        return [line for _, line in zip(range(MOST_STEPS), lines, strict=False)]


def _step(attempt: int, folder: Path, line: str) -> StepMade | None:
    try:
        told = json.loads(line)
        at = datetime.fromisoformat(str(told["at"]))
        step, picture = str(told["step"]), told.get("screenshot")
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    is_there = isinstance(picture, str) and picture in {f.name for f in _files(folder)}
    return StepMade(attempt, step, at, picture if is_there else None)
