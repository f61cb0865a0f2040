"""Web pages as a robot sees them: fields, buttons, and red boxes that say no."""

from typing import Any
from urllib.parse import quote

from selenium.common.exceptions import JavascriptException
from selenium.webdriver.support.wait import WebDriverWait

from automation import progress
from automation.systems.answers import RecordUnknown, Refused
from automation.systems.browser import PAGE_SECONDS, REFUSAL_PICTURE, keep_picture

POLL_SECONDS = 0.02
# A click returns before the next page is there: what is read then is the page that was left.
MARK_PAGE = "window.leftByRobot = true"
FILL = "arguments[0].focus(); arguments[0].value = arguments[1]"
IS_NEXT_PAGE = "return !window.leftByRobot && document.readyState !== 'loading'"


class Pages:
    """One visit to one site. Every method leaves the browser on the page it read last."""

    def __init__(self, library: Any, address: str) -> None:
        self._library = library
        self._address = address

    def file(self, fields: dict[str, str]) -> str:
        """Fill the open form and send it. Returns the number on the confirmation page."""
        self.raise_red_box()
        for name, text in fields.items():
            self.type(name, text)
        self.press("submit")
        self.raise_red_box()
        return self.text("#confirmation-number")

    def raise_red_box(self) -> None:
        for box in self.all("#refusal"):
            raise self.refused(box.find_element("css selector", ".code").text, box.text)

    def refused(self, number: str, text: str) -> Refused:
        """The page says no: keep its picture, for the person who has to decide."""
        self._keep_refusal()
        return Refused(number, text)

    def unknown(self, what: str) -> RecordUnknown:
        """The page has no such record: keep its picture, for the person who has to decide."""
        self._keep_refusal()
        return RecordUnknown(what)

    def _keep_refusal(self) -> None:
        keep_picture(self._library, REFUSAL_PICTURE)
        progress.step("refused", screenshot=REFUSAL_PICTURE)

    def go(self, page: str) -> None:
        self._library.go_to(self._address + quote(page))

    def type(self, name: str, text: str) -> None:
        """Fill a field. Set, not keyed in: the driver has no keys for what is beyond the BMP, and
        a line break would send the form."""
        self._library.driver.execute_script(FILL, self.one(f"#{name}"), text)

    def press(self, name: str) -> None:
        self.click(self.one(f"#{name}"))

    def click(self, element: Any) -> None:
        """Click something that leads to another page, and wait until that page stands."""
        driver = self._library.driver
        driver.execute_script(MARK_PAGE)
        self._library.click_element(element)
        patience = WebDriverWait(
            driver, PAGE_SECONDS, POLL_SECONDS, ignored_exceptions=[JavascriptException]
        )
        patience.until(lambda _: driver.execute_script(IS_NEXT_PAGE))

    def one(self, selector: str) -> Any:
        return self._library.driver.find_element("css selector", selector)

    def all(self, selector: str) -> list[Any]:
        return list(self._library.driver.find_elements("css selector", selector))

    def text(self, selector: str) -> str:
        return str(self.one(selector).text)
