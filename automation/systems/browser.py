"""A headless Chromium of the machine's own, for robots."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--window-size=1100,1000",
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PAGE_SECONDS = 20
FAILURE_PICTURE = "failure.png"


class BrowserMissing(Exception):
    """The machine has no Chromium, or no driver for it."""


@contextmanager
def browser() -> Iterator[Any]:
    """rpaframework's browser library with one open window, a fresh profile and no download.

    Raises:
        BrowserMissing: there is nothing to open.
    """
    program, driver = _program(), _driver()
    # Imported only now: it costs half a second, and a robot without a browser never needs it.
    from RPA.Browser.Selenium import Selenium  # noqa: PLC0415
    from selenium.webdriver.chrome.options import Options  # noqa: PLC0415
    from selenium.webdriver.chrome.service import Service  # noqa: PLC0415

    with TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as profile:
        options = Options()
        options.binary_location = program
        options.page_load_strategy = "eager"
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        library = Selenium(auto_close=False)
        library.create_webdriver("Chrome", options=options, service=Service(driver))
        try:
            library.driver.set_page_load_timeout(PAGE_SECONDS)
            yield library
        finally:
            library.driver.quit()


def _program() -> str:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise BrowserMissing("No Chromium on this machine: install chromium and chromium-driver.")
    return found


def _driver() -> str:
    found = shutil.which("chromedriver")
    if found is None:
        raise BrowserMissing("No chromedriver on this machine: install chromium-driver.")
    return found


def keep_picture(library: Any) -> None:
    """Lay what the browser shows into the output folder, for whoever looks into the failure."""
    folder = Path(os.environ.get("ROBOT_ARTIFACTS", "output"))
    folder.mkdir(parents=True, exist_ok=True)
    with suppress(Exception):  # a dead browser has no picture, and must not hide why it died
        library.driver.get_screenshot_as_file(str(folder / FAILURE_PICTURE))
