"""F12 and bad input: what a robot may take, and what is left of one that takes more."""

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import psutil
import pytest

from automation import keeper
from automation.contracts import JobRequest, Outcome
from desk.integrations import keepers, robots
from desk.integrations.robots import RobotBroke
from tests.conftest import SECRETS, forget_settings
from tests.jobs.conftest import processes_naming, until

SMALL = {"output_bytes": 1_000_000, "folder_bytes": 8_000_000, "processes": 30}


@pytest.fixture(scope="module", params=["fresh", "warm"])
def kind_of_start(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "warm":
        robots.keep_warm()
    yield request.param
    robots.cool_down()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind_of_start: str) -> Iterator[Path]:
    """Where the robots leave their papers, which may not be many here."""
    own = {
        "DESK_DATABASE_URL": "sqlite:///unused",
        "DESK_ROBOT_FOLDER": str(tmp_path / "robots"),
        "ROBOT_TEST_OFFICE": str(tmp_path / "office"),
    }
    for name, value in (SECRETS | own).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(
        robots,
        "Limits",
        lambda seconds, **more: keeper.Limits(seconds, **(more | SMALL), memory_bytes=400_000_000),
    )
    forget_settings()
    (tmp_path / "office").touch()
    yield tmp_path / "robots"
    forget_settings()


def run(kind: str, job: str = "", **inputs: object):
    request = JobRequest(kind, {"order_number": "KD-1", **inputs})
    return robots.run(job or str(uuid4()), request)


def bytes_in(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


@pytest.mark.fault("F12")
@pytest.mark.parametrize(
    ("how", "code"),
    [
        ("chatter", "ROBOT_SPEAKS_TOO_MUCH"),
        ("fill", "ROBOT_FILLS_ITS_FOLDER"),
        ("fork", "ROBOT_TOO_MANY_PROCESSES"),
        ("hog", "ROBOT_TOO_MUCH_MEMORY"),
        ("crash", "ROBOT_SILENT"),
    ],
)
def test_f12_a_robot_that_takes_too_much_is_ended_with_all_its_children(
    folder: Path, how: str, code: str
) -> None:
    job = str(uuid4())
    with pytest.raises(RobotBroke) as broke:
        run("bad", job, how=how)
    assert broke.value.code == code
    assert broke.value.ending == ("broke" if how == "crash" else "killed")
    assert bytes_in(folder) < 20_000_000
    assert processes_naming(job) == []


@pytest.mark.alone
@pytest.mark.fault("F12")
def test_f12_a_robot_that_never_ends_is_ended_at_its_limit(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_ROBOT_TIMEOUT_SECONDS", "3")
    forget_settings()
    sleepers = len(processes_naming("time.sleep(600)"))
    began = time.monotonic()
    with pytest.raises(RobotBroke) as broke:
        run("bad", how="hang")
    assert time.monotonic() - began == pytest.approx(3, abs=2)
    assert broke.value.code == "ROBOT_OVERDUE"
    assert len(processes_naming("time.sleep(600)")) == sleepers


def test_the_steps_of_a_robot_are_seen_while_it_works(folder: Path) -> None:
    seen: list[tuple[float, list[str]]] = []
    request = JobRequest("effect", {"order_number": "KD-1", "rests": "looked", "seconds": 2})
    outcome = robots.run(
        uuid4(), request, number=1, watch=lambda steps: seen.append((time.monotonic(), steps))
    )
    ended = time.monotonic()
    assert outcome.outcome is Outcome.DONE
    told = [(at, step) for at, steps in seen for step in steps]
    assert [step for _, step in told] == ["looked", "acted"]
    assert ended - told[0][0] > 1


def test_a_robot_that_writes_nonsense_for_steps_has_none(tmp_path: Path) -> None:
    file = tmp_path / "steps.jsonl"
    tail = robots._Tail(file)
    assert tail.new_steps() == []
    file.write_text('{"step": "seen"}\n{"step": "<script>"}\nnonsense\n{"step": "half')
    assert tail.new_steps() == ["seen"]
    file.write_text('{"step": "seen"}\n{"step": "<script>"}\nnonsense\n{"step": "half"}\n')
    assert tail.new_steps() == ["half"]


def test_robots_end_when_their_worker_lets_go_and_start_again_when_it_holds(folder: Path) -> None:
    """The self-fence of a worker whose slot may be another's by now."""
    job, seen = str(uuid4()), []
    request = JobRequest("effect", {"order_number": "KD-1", "rests": "looked", "seconds": 60})
    with pytest.raises(RobotBroke) as broke:
        robots.run(job, request, watch=lambda steps: steps and (seen.append(1), robots.let_go()))
    assert (broke.value.code, broke.value.ending) == ("ROBOT_LET_GO", "lost")
    assert processes_naming(job) == []
    robots.hold()
    assert run("effect").outcome is Outcome.DONE


@pytest.mark.alone
@pytest.mark.fault("F6")
def test_f6_a_robot_ends_when_its_worker_says_nothing_for_too_long(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(robots, "LEASH_SECONDS", 1.5)
    robots.hold()
    began = time.monotonic()
    with pytest.raises(RobotBroke) as broke:
        run("effect", rests="looked", seconds=60)
    assert broke.value.code == "ROBOT_LET_GO"
    assert time.monotonic() - began < 1.5 + 5
    monkeypatch.setattr(robots, "_is_watched", type(robots._is_watched)())


def test_a_warm_process_that_is_gone_costs_no_job(folder: Path, kind_of_start: str) -> None:
    if kind_of_start == "fresh":
        pytest.skip("There is none.")
    psutil.Process(robots._warm[-1]._process.pid).kill()
    assert run("effect").outcome is Outcome.DONE
    assert until(lambda: run("effect").outcome is Outcome.DONE, 10)
    assert robots._warm[-1]._is_ready


@pytest.mark.fault("A11")
def test_a11_a_forked_robot_is_handed_no_secret_of_the_desk(
    folder: Path, kind_of_start: str
) -> None:
    """Nor has the process that it is forked from, in its memory or among its open files."""
    if kind_of_start == "fresh":
        pytest.skip("tests/automation looks at those.")
    parent = psutil.Process(robots._warm[-1]._process.pid)
    seen = []

    def look(steps: list[str]) -> None:
        if steps:
            for child in parent.children(recursive=True):
                with suppress(psutil.NoSuchProcess):
                    seen.append(child.environ())

    robots.run(
        uuid4(),
        JobRequest("effect", {"order_number": "KD-1", "rests": "looked", "seconds": 1}),
        watch=look,
    )
    for environment in [parent.environ(), *seen]:
        assert not environment.keys() & (SECRETS.keys() | {"DESK_DATABASE_URL"})
        assert not set(environment.values()) & set(SECRETS.values())
    assert len(seen) >= 2
    assert not [one for one in parent.net_connections() if one.type == socket.SOCK_STREAM]


def test_every_forked_run_is_a_process_of_its_own(folder: Path) -> None:
    assert {run("effect").outcome for _ in range(3)} == {Outcome.DONE}
    assert keepers.LEASH_SECONDS < 10
