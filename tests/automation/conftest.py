"""Real robots, real Chromium, a real back office: nothing here is pretended."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from automation.contracts import JobOutcome, JobRequest
from desk.integrations import robots
from tests.automation.running import Company, running_company
from tests.conftest import SECRETS, forget_settings


@pytest.fixture(autouse=True)
def browser_where_needed(request: pytest.FixtureRequest) -> None:
    """Without Chromium the desk works but for its robots; CI has to have one."""
    needed = request.node.get_closest_marker("browser") is not None
    if needed and shutil.which("chromedriver") is None and "CI" not in os.environ:
        pytest.skip("No Chromium with its driver on this machine.")


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """One company for all tests here."""
    folder = tmp_path_factory.mktemp("company")
    shop = {
        "DESK_IDENTITY_SECRET": SECRETS["DESK_IDENTITY_SECRET"],
        "DESK_WEBSITE_TOKEN": "test-site",
        "DESK_PUBLIC_URL": "http://127.0.0.1:9",  # nobody is there
    }
    with running_company(folder, **shop) as company:
        yield company


@pytest.fixture
def company(running: Company) -> Company:
    """The company on its first day: the demo orders untouched, the letterbox empty."""
    running.seed_anew()
    return running


@pytest.fixture
def robot_folder(
    company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """The settings of a desk whose robots work for the company; where they leave their papers."""
    folder = tmp_path / "robots"
    own = {
        "DESK_DATABASE_URL": "sqlite:////nowhere/at/all",
        "DESK_ROBOT_FOLDER": str(folder),
        "DESK_ROBOT_TIMEOUT_SECONDS": "60",
        "ROBOT_ARTIFACTS": str(tmp_path / "papers"),  # of robots that run in this very process
    }
    for name, value in (SECRETS | company.environment | own).items():
        monkeypatch.setenv(name, value)
    forget_settings()
    yield folder
    forget_settings()


def run(kind: str, job_id: str = "", **inputs: str) -> JobOutcome:
    """Run one robot for a job of its own, or for the job named."""
    return robots.run(job_id or str(uuid4()), JobRequest(kind, inputs))
