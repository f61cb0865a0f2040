"""A robot killed at a step, or robbed of its browser there, has done its work once in the end.

Here by example, one of each make; `tests/soak` does it at every step of every robot.
"""

from pathlib import Path

import pytest

from automation.catalogue import CATALOGUE
from tests.automation.dying import dies_and_runs_again
from tests.automation.running import Company

pytestmark = [pytest.mark.fault("F4"), pytest.mark.usefixtures("robot_folder")]


@pytest.mark.parametrize("step", CATALOGUE["unlock_account"].steps)
def test_a_robot_killed_at_any_step_unlocks_once(
    company: Company, tmp_path: Path, step: str
) -> None:
    dies_and_runs_again("unlock_account", company, tmp_path, dies_at=step, who="robot")


@pytest.mark.parametrize("kind", ["service_report", "reset_password"])
def test_a_robot_killed_when_its_letter_was_taken_mails_once(
    company: Company, tmp_path: Path, kind: str
) -> None:
    dies_and_runs_again(kind, company, tmp_path, dies_at="mailed", who="robot")


@pytest.mark.browser
@pytest.mark.parametrize("who", ["robot", "browser"])
def test_a_refund_whose_robot_or_browser_is_killed_when_it_was_filed_is_filed_once(
    company: Company, tmp_path: Path, who: str
) -> None:
    dies_and_runs_again("refund", company, tmp_path, dies_at="filed", who=who)
