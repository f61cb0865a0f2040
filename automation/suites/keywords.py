"""What a suite needs besides rpaframework's own keywords: steps, pictures, a browser."""

from typing import Any

from robot.api.deco import keyword, library
from robot.libraries.BuiltIn import BuiltIn

from automation import progress
from automation.systems import vault
from automation.systems.browser import keep_picture, opened

BROWSER = "RPA.Browser.Selenium"


@library(scope="GLOBAL")
class Desk:
    """Keywords of the desk, for Robot Framework."""

    @keyword
    def say_step(self, code: str, screenshot: str | None = None) -> None:
        """Tell the desk, and so the customer, that a step is behind the robot."""
        progress.step(code, screenshot)

    @keyword
    def keep_picture(self, name: str) -> None:
        """Keep what the browser shows, under a name that tells nothing of a customer."""
        keep_picture(self._browser(), name)

    @keyword
    def open_headless_browser(self) -> None:
        """Open the machine's Chromium as all robots do: no window, a fresh profile, no download."""
        opened(self._browser())

    @keyword
    def carrier_address(self) -> str:
        """Where the carrier's page is."""
        return vault.backoffice_url() + "/carrier"

    def _browser(self) -> Any:
        return BuiltIn().get_library_instance(BROWSER)
