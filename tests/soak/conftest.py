"""The sample company, for tests that take many minutes."""

from tests.automation.conftest import browser_where_needed, company, robot_folder, running

__all__ = ["browser_where_needed", "company", "robot_folder", "running"]
