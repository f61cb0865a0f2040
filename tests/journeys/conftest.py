"""One whole desk for all journeys of this folder, and real browsers to sit in front of it."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.journeys.screens import Console, Widget
from tests.whole_desk import RunningDesk, a_running_desk

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    with a_running_desk(tmp_path_factory.mktemp("desk")) as running:
        yield running


@pytest.fixture(scope="module")  # one driver at a time: tests of other folders start their own
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        yield context.new_page()


@pytest.fixture
def widget(page: Page, desk: RunningDesk) -> Widget:
    return Widget(page, desk)


@pytest.fixture
def console(browser: Browser, desk: RunningDesk) -> Iterator[Console]:
    with browser.new_context(viewport={"width": 1360, "height": 850}, locale="en") as context:
        yield Console(context.new_page(), desk)
