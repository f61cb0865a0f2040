"""The legacy back office as a robot sees it: pages, forms and red boxes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from selenium.common.exceptions import (
    JavascriptException,
    NoSuchElementException,
    WebDriverException,
)
from selenium.webdriver.support.wait import WebDriverWait

from automation.systems.browser import PAGE_SECONDS, browser, keep_picture

POLL_SECONDS = 0.02
# A click returns before the next page is there: what is read then is the page that was left.
MARK_PAGE = "window.leftByRobot = true"
FILL = "arguments[0].focus(); arguments[0].value = arguments[1]"
IS_NEXT_PAGE = "return !window.leftByRobot && document.readyState !== 'loading'"


class Refused(Exception):
    """The back office says no; `number` is that of its red box, as E102."""

    def __init__(self, number: str, text: str) -> None:
        super().__init__(text)
        self.number = number


class RecordUnknown(Exception):
    """No order or customer has this number or address."""


class BackOfficeSilent(Exception):
    """It did not answer, or not with a page that we know."""


@dataclass(frozen=True)
class Invoice:
    """What stands on the invoice data page. Money is in minor units."""

    number: str
    order_number: str
    day: str
    customer: str
    address: str
    email: str
    lines: tuple[tuple[str, ...], ...]  # quantity, what, amount as printed
    total: str


class BackOffice:
    """One signed-in visit. Every method leaves the browser on the page it read last."""

    def __init__(self, library: Any, address: str) -> None:
        self._library = library
        self._address = address

    def log_in(self, login: str, password: str) -> None:
        self._go("/sign-in")
        self._type("login", login)
        self._type("password", password)
        self._press("sign-in")
        self._raise_red_box()

    def open_order(self, number: str) -> None:
        """Look the order up as staff do, by the search form.

        Raises:
            RecordUnknown: the search does not lead to an order of exactly this number.
        """
        self._search("/", number)
        shown = self._all("#order")
        if not shown or shown[0].get_attribute("data-number") != number.strip().upper():
            raise RecordUnknown(f"No order {number}.")

    def open_customer(self, email: str) -> None:
        self._search("/customers", email)
        for row in self._all("tr.customer"):
            if row.get_attribute("data-email").lower() == email.strip().lower():
                self._click(row.find_element("css selector", "a"))
                return
        raise RecordUnknown("No customer has this e-mail.")

    def number_under(self, reference: str) -> str | None:
        """What the open order's or customer's history holds under our reference, if anything."""
        for row in self._all("#journal tr[data-reference]"):
            if row.get_attribute("data-reference") == reference:
                return str(row.find_element("css selector", ".number").text)
        return None

    def total(self) -> tuple[int, str]:
        """The open page's total in minor units, and its currency."""
        shown = self._one("#total")
        return int(shown.get_attribute("data-minor")), str(shown.get_attribute("data-currency"))

    def file_refund(self, reason: str, reference: str) -> str:
        self._click(self._one("#go-refund"))
        return self._file({"reason": reason, "reference": reference})

    def cancel_order(self, reason: str, reference: str) -> str:
        self._click(self._one("#go-cancel"))
        return self._file({"reason": reason, "reference": reference})

    def change_address(self, address: str, reference: str) -> str:
        self._click(self._one("#go-address"))
        return self._file({"address": address, "reference": reference})

    def open_invoice(self) -> Invoice:
        """The invoice data of the open order."""
        self._click(self._one("#go-invoice"))
        self._raise_red_box()
        cells = (".quantity", ".item", "td:last-child")
        return Invoice(
            number=self._text("#invoice-number"),
            order_number=self._text("h1").rsplit(" ", 1)[-1],
            day=self._text("#invoice-date"),
            customer=self._text("#customer"),
            address=self._text("#address"),
            email=self._text("#email"),
            lines=tuple(
                tuple(str(row.find_element("css selector", cell).text) for cell in cells)
                for row in self._all("tr.line")
            ),
            total=self._text("#total"),
        )

    def note_invoice(self, sent_to: str, reference: str) -> str:
        return self._file({"sent-to": sent_to, "reference": reference})

    def send_reset_link(self, reference: str) -> str:
        return self._file({"reference": reference})

    def _search(self, page: str, words: str) -> None:
        self._go(page)
        self._type("q", words)
        self._press("search")

    def _file(self, fields: dict[str, str]) -> str:
        self._raise_red_box()
        for name, text in fields.items():
            self._type(name, text)
        self._press("submit")
        self._raise_red_box()
        return self._text("#confirmation-number")

    def _raise_red_box(self) -> None:
        for box in self._all("#refusal"):
            raise Refused(box.find_element("css selector", ".code").text, box.text)

    def _go(self, page: str) -> None:
        self._library.go_to(self._address + quote(page))

    def _type(self, name: str, text: str) -> None:
        """Fill a field. Set, not keyed in: the driver has no keys for what is beyond the BMP, and
        a line break would send the form."""
        self._library.driver.execute_script(FILL, self._one(f"#{name}"), text)

    def _press(self, name: str) -> None:
        self._click(self._one(f"#{name}"))

    def _click(self, element: Any) -> None:
        """Click something that leads to another page, and wait until that page stands."""
        driver = self._library.driver
        driver.execute_script(MARK_PAGE)
        self._library.click_element(element)
        patience = WebDriverWait(
            driver, PAGE_SECONDS, POLL_SECONDS, ignored_exceptions=[JavascriptException]
        )
        patience.until(lambda _: driver.execute_script(IS_NEXT_PAGE))

    def _one(self, selector: str) -> Any:
        return self._library.driver.find_element("css selector", selector)

    def _all(self, selector: str) -> list[Any]:
        return list(self._library.driver.find_elements("css selector", selector))

    def _text(self, selector: str) -> str:
        return str(self._one(selector).text)


@contextmanager
def picture_of_failure(library: Any) -> Iterator[None]:
    """Keep what was on the page when something broke; a refusal is an answer and needs none."""
    try:
        yield
    except (Refused, RecordUnknown):
        raise
    except Exception:
        keep_picture(library)
        raise


@contextmanager
def visit() -> Iterator[BackOffice]:
    """A signed-in visit at BACKOFFICE_URL, with the login from the vault.

    Raises:
        BackOfficeSilent: it is down, or shows something we do not know.
        BrowserMissing: there is nothing to visit it with.
    """
    address = os.environ.get("BACKOFFICE_URL", "http://127.0.0.1:8090").rstrip("/")
    login, password = _login()
    try:
        with browser() as library, picture_of_failure(library):
            office = BackOffice(library, address)
            office.log_in(login, password)
            yield office
    except NoSuchElementException as missing:
        raise BackOfficeSilent("The page lacks a field that we know.") from missing
    except WebDriverException as failed:
        raise BackOfficeSilent((failed.msg or "The browser failed.").splitlines()[0]) from failed


def _login() -> tuple[str, str]:
    from RPA.Robocorp.Vault import Vault  # noqa: PLC0415  # imported late: it costs 50 ms

    secret = Vault().get_secret("backoffice")
    return str(secret["login"]), str(secret["password"])
