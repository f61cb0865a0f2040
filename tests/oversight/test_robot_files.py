"""What robots leave behind is shown as it is listed, and nothing else ever is."""

from uuid import uuid4

import pytest

from desk.integrations.robot_files import NoSuchFile, file_of, left_by, steps_of
from tests.conftest import forget_settings


@pytest.fixture
def run(sqlite_database, tmp_path, monkeypatch):
    """The folder of a job's first run, beside a secret that is nobody's to read."""
    monkeypatch.setenv("DESK_ROBOT_FOLDER", str(tmp_path / "robots"))
    forget_settings()
    job_id = uuid4()
    folder = tmp_path / "robots" / str(job_id) / "1"
    folder.mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "robots" / "secret.txt").write_text("secret")
    yield job_id, folder
    forget_settings()


def test_pictures_and_logs_are_listed_by_run(run):
    job_id, folder = run
    second = folder.with_name("2")
    second.mkdir()
    (folder / "refused.png").write_bytes(b"\x89PNG")
    (folder / "robot.log").write_text("hello")
    (second / "robot.log").write_text("again")
    listed = [(left.attempt, left.name, left.bytes, left.is_picture) for left in left_by(job_id)]
    assert listed == [
        (1, "refused.png", 4, True),
        (1, "robot.log", 5, False),
        (2, "robot.log", 5, False),
    ]
    path, kind = file_of(job_id, 1, "refused.png")
    assert (path.read_bytes(), kind) == (b"\x89PNG", "image/png")


def test_work_items_and_programs_are_not_listed(run):
    job_id, folder = run
    for name in ("in.json", "out.json", "out.release.json", "tool.sh", "noending"):
        (folder / name).write_text("{}")
    assert left_by(job_id) == []


@pytest.mark.parametrize(
    "name",
    [
        "../secret.txt",
        "../../secret.txt",
        "..%2Fsecret.txt",
        "/etc/passwd",
        "./robot.log",
        "ROBOT.LOG",
        "robot.log\x00.png",
        "",
        ".",
        "..",
        "in.json",
    ],
)
def test_no_name_leads_anywhere_else(run, name):
    job_id, folder = run
    (folder / "robot.log").write_text("log")
    (folder / "in.json").write_text("{}")
    with pytest.raises(NoSuchFile):
        file_of(job_id, 1, name)


def test_links_are_not_followed(run, tmp_path):
    job_id, folder = run
    (folder / "robot.txt").symlink_to(tmp_path / "secret.txt")
    folder.with_name("2").symlink_to(tmp_path)
    (folder / "steps.jsonl").symlink_to(tmp_path / "secret.txt")
    assert left_by(job_id) == []
    assert steps_of(job_id) == []
    for attempt, name in ((1, "robot.txt"), (2, "secret.txt"), (-1, "secret.txt")):
        with pytest.raises(NoSuchFile):
            file_of(job_id, attempt, name)


def test_a_job_without_a_folder_has_left_nothing(run):
    assert (left_by(uuid4()), steps_of(uuid4())) == ([], [])


def test_steps_are_read_and_half_a_line_is_none(run):
    job_id, folder = run
    (folder / "checked.png").write_bytes(b"x")
    lines = [
        '{"at": "2026-11-28T01:00:00.000+00:00", "step": "signed_in"}',
        '{"at": "2026-11-28T01:00:01.000+00:00", "step": "checked", "screenshot": "checked.png"}',
        '{"at": "2026-11-28T01:00:02.000+00:00", "step": "filed", "screenshot": "../secret.txt"}',
        "[]",
        '"text"',
        '{"at": "yesterday", "step": "x"}',
        '{"at": "2026-11-28T01:0',
    ]
    (folder / "steps.jsonl").write_text("\n".join(lines))
    assert [(made.step, made.screenshot) for made in steps_of(job_id)] == [
        ("signed_in", None),
        ("checked", "checked.png"),
        ("filed", None),
    ]


def test_a_run_that_leaves_a_thousand_files_shows_the_first_of_them(run):
    job_id, folder = run
    for number in range(1_000):
        (folder / f"{number:04}.txt").touch()
    assert len(left_by(job_id)) == 200
