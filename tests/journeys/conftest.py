"""One whole desk for all journeys of this folder, and real browsers to sit in front of it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browsers import a_browser
from tests.journeys.screens import Console, Widget
from tests.whole_desk import RunningDesk, a_running_desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    with a_running_desk(tmp_path_factory.mktemp("desk")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as browser:
        yield browser


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
