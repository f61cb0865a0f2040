"""A headless Chromium of the machine's own, for robots."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from tempfile import TemporaryDirectory
from typing import Any

from automation import progress
from automation.systems.answers import Broken

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
# File names that say nothing of whom the page is about.
FAILURE_PICTURE = "failure.png"
REFUSAL_PICTURE = "refused.png"


class BrowserMissing(Broken):
    """The machine has no Chromium, or no driver for it."""

    code = "BROWSER_MISSING"


@contextmanager
def browser() -> Iterator[Any]:
    """rpaframework's browser library with one open window, a fresh profile and no download.

    Raises:
        BrowserMissing: there is nothing to open.
    """
    _program()
    _driver()
    # Imported only now: it costs half a second, and a robot without a browser never needs it.
    from RPA.Browser.Selenium import Selenium  # noqa: PLC0415

    with TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as profile:
        library = Selenium(auto_close=False)
        opened(library, profile)
        try:
            yield library
        finally:
            library.driver.quit()


def opened(library: Any, profile: str | None = None) -> None:
    """Open a window in the library given. Without a profile's folder the driver makes one, and
    takes it away again.

    Raises:
        BrowserMissing: there is nothing to open.
    """
    from selenium.webdriver.chrome.options import Options  # noqa: PLC0415
    from selenium.webdriver.chrome.service import Service  # noqa: PLC0415

    options = Options()
    options.binary_location = _program()
    options.page_load_strategy = "eager"
    for flag in FLAGS:
        options.add_argument(flag)
    if profile is not None:
        options.add_argument(f"--user-data-dir={profile}")
    library.create_webdriver("Chrome", options=options, service=Service(_driver()))
    library.driver.set_page_load_timeout(PAGE_SECONDS)


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


def keep_picture(library: Any, name: str) -> None:
    """Lay what the browser shows among what the robot leaves, for whoever looks into it."""
    with suppress(Exception):  # a dead browser has no picture, and must not hide why it died
        library.driver.get_screenshot_as_file(str(progress.artifacts() / name))
