"""The legacy back office as a robot sees it: its pages and its forms."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from selenium.common.exceptions import NoSuchElementException, WebDriverException

from automation.systems import vault
from automation.systems.answers import Broken, RecordUnknown, Refused
from automation.systems.browser import FAILURE_PICTURE, browser, keep_picture
from automation.systems.pages import Pages

__all__ = ["BackOffice", "BackOfficeSilent", "Invoice", "RecordUnknown", "Refused", "visit"]


class BackOfficeSilent(Broken):
    """It did not answer, or not with a page that we know."""

    code = "BACK_OFFICE_SILENT"


class NotAdmitted(Broken):
    """It does not let the robot in: a matter between us and the company, not of a customer's."""

    code = "E001"  # as the page says it


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


@dataclass(frozen=True)
class Sender:
    """Who sends an order back, as its page says."""

    name: str
    address: str
    email: str


class BackOffice(Pages):
    """One signed-in visit."""

    def log_in(self, login: str, password: str) -> None:
        """Sign in as staff.

        Raises:
            NotAdmitted: the vault's login is not, or no longer, one of the back office.
        """
        self.go("/sign-in")
        self.type("login", login)
        self.type("password", password)
        self.press("sign-in")
        if self.all("#refusal"):
            raise NotAdmitted("The back office does not know the robot's login or password.")

    def open_order(self, number: str) -> None:
        """Look the order up as staff do, by the search form.

        Raises:
            RecordUnknown: the search does not lead to an order of exactly this number.
        """
        self._search("/", number)
        shown = self.all("#order")
        if not shown or shown[0].get_attribute("data-number") != number.strip().upper():
            raise self.unknown(f"No order {number}.")

    def open_customer(self, email: str) -> None:
        """Look the customer up by the search form.

        Raises:
            RecordUnknown: nobody has exactly this address.
        """
        self._search("/customers", email)
        for row in self.all("tr.customer"):
            if row.get_attribute("data-email").lower() == email.strip().lower():
                self.click(row.find_element("css selector", "a"))
                return
        raise self.unknown("No customer has this e-mail.")

    def number_under(self, reference: str) -> str | None:
        """What the open order's or customer's history holds under our reference, if anything."""
        for row in self.all("#journal tr[data-reference]"):
            if row.get_attribute("data-reference") == reference:
                return str(row.find_element("css selector", ".number").text)
        return None

    def total(self) -> tuple[int, str]:
        """The open page's total in minor units, and its currency."""
        shown = self.one("#total")
        return int(shown.get_attribute("data-minor")), str(shown.get_attribute("data-currency"))

    def sender(self) -> Sender:
        """The customer of the open order."""
        return Sender(self.text("#customer"), self.text("#address"), self.text("#email"))

    def file_refund(self, reason: str, reference: str) -> str:
        self.press("go-refund")
        return self.file({"reason": reason, "reference": reference})

    def file_return(self, reason: str, reference: str) -> str:
        self.press("go-return")
        return self.file({"reason": reason, "reference": reference})

    def file_note(self, words: str, reference: str) -> str:
        """Write a remark into the open order's history."""
        self.press("go-note")
        return self.file({"remark": words, "reference": reference})

    def cancel_order(self, reason: str, reference: str) -> str:
        self.press("go-cancel")
        return self.file({"reason": reason, "reference": reference})

    def change_address(self, address: str, reference: str) -> str:
        self.press("go-address")
        return self.file({"address": address, "reference": reference})

    def change_subscription(self, plan: str, reference: str) -> str:
        """Put the open customer's subscription on another plan."""
        self.press("go-subscription")
        return self.file({"plan": plan, "reference": reference})

    def open_invoice(self) -> Invoice:
        """The invoice data of the open order."""
        self.press("go-invoice")
        self.raise_red_box()
        cells = (".quantity", ".item", "td:last-child")
        return Invoice(
            number=self.text("#invoice-number"),
            order_number=self.text("h1").rsplit(" ", 1)[-1],
            day=self.text("#invoice-date"),
            customer=self.text("#customer"),
            address=self.text("#address"),
            email=self.text("#email"),
            lines=tuple(
                tuple(str(row.find_element("css selector", cell).text) for cell in cells)
                for row in self.all("tr.line")
            ),
            total=self.text("#total"),
        )

    def note_invoice(self, sent_to: str, reference: str) -> str:
        return self.file({"sent-to": sent_to, "reference": reference})

    def _search(self, page: str, words: str) -> None:
        self.go(page)
        self.type("q", words)
        self.press("search")


@contextmanager
def picture_of_failure(library: Any) -> Iterator[None]:
    """Keep what was on the page when something broke; of a refusal the page has kept its own."""
    try:
        yield
    except (Refused, RecordUnknown):
        raise
    except Exception:
        keep_picture(library, FAILURE_PICTURE)
        raise


@contextmanager
def visit() -> Iterator[BackOffice]:
    """A signed-in visit at BACKOFFICE_URL, with the login from the vault.

    Raises:
        BackOfficeSilent: it is down, or shows something we do not know.
        BrowserMissing: there is nothing to visit it with.
        NotAdmitted: the login is wrong.
        SecretMissing: the vault has no login for it.
    """
    login, password = vault.login("backoffice")
    try:
        with browser() as library, picture_of_failure(library):
            office = BackOffice(library, vault.backoffice_url())
            office.log_in(login, password)
            yield office
    except NoSuchElementException as missing:
        raise BackOfficeSilent("The page lacks a field that we know.") from missing
    except WebDriverException as failed:
        raise BackOfficeSilent((failed.msg or "The browser failed.").splitlines()[0]) from failed
