"""Every robot is killed at each of its steps, and robbed of its browser at each, and run again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from automation.catalogue import CATALOGUE
from tests.automation.dying import dies_and_runs_again
from tests.automation.running import Company
from tests.automation.test_standing_alone import BROWSERLESS

pytestmark = [
    pytest.mark.soak,
    pytest.mark.browser,
    pytest.mark.fault("F4"),
    pytest.mark.usefixtures("robot_folder"),
]


def deaths() -> Iterator[tuple[str, str, str]]:
    for kind, robot in CATALOGUE.items():
        for step in robot.steps:
            yield kind, step, "robot"
            if kind not in BROWSERLESS:
                yield kind, step, "browser"


@pytest.mark.parametrize(("kind", "step", "who"), deaths())
def test_a_robot_that_dies_at_a_step_has_done_its_work_once_in_the_end(
    company: Company, tmp_path: Path, kind: str, step: str, who: str
) -> None:
    dies_and_runs_again(kind, company, tmp_path, dies_at=step, who=who)
