"""The widget and the console as a person uses them: what can be read, and what can be clicked."""

import re
from dataclasses import dataclass

from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.whole_desk import RunningDesk

SOON = 15_000  # milliseconds; for what a person would wait for
ROBOT = 90_000


@dataclass
class Widget:
    """A customer on the shop page."""

    page: Page
    desk: RunningDesk

    def visit(self, language: str = "en", customer: str | None = None) -> None:
        """Open the shop, signed in as the demo customer with this name, and open the chat."""
        self.page.goto(f"{self.desk.shop_url}?lang={language}")
        if customer is not None:
            with self.page.expect_navigation():
                self.page.select_option("#customer", label=customer)
        self.open()

    def open(self) -> None:
        self.page.get_by_test_id("widget-launcher").click()
        expect(self.frame.get_by_test_id("composer-input")).to_be_visible(timeout=SOON)

    @property
    def frame(self) -> FrameLocator:
        return self.page.frame_locator("[data-testid=widget-frame]")

    def turns(self, author: str | None = None) -> Locator:
        which = "[data-testid=turn]" + (f"[data-author={author}]" if author else "")
        return self.frame.locator(which)

    def say(self, text: str) -> None:
        self.frame.get_by_test_id("composer-input").fill(text)
        self.frame.get_by_test_id("send").click()

    def reads(self, text: str | re.Pattern[str], author: str = "bot", within: int = SOON) -> str:
        """Wait until somebody says this; gives the whole sentence."""
        found = self.turns(author).filter(has_text=text).last
        expect(found).to_be_visible(timeout=within)
        return found.inner_text()

    def click(self, title: str | re.Pattern[str]) -> None:
        self.frame.get_by_test_id("quick-reply").filter(has_text=title).last.click()

    def job(self, status: str, within: int = ROBOT) -> Locator:
        card = self.frame.locator(f"[data-testid=job-card][data-status={status}]").last
        expect(card).to_be_visible(timeout=within)
        return card

    def rate(self, score: int) -> None:
        """Say how it was, from 1 to 5."""
        button = self.frame.get_by_test_id(f"score-{score}")
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true", timeout=SOON)

    def is_over_without_a_rating(self) -> None:
        expect(self.frame.get_by_test_id("new-conversation")).to_be_visible(timeout=SOON)
        expect(self.frame.get_by_test_id("rating")).to_have_count(0)

    def begin_anew(self) -> None:
        """Start another conversation."""
        button = self.frame.get_by_test_id("new-conversation")
        if not button.is_visible():
            self.frame.get_by_test_id("menu").click()
            button = self.frame.get_by_test_id("menu-new-conversation")
        button.click()
        expect(self.turns("customer")).to_have_count(0, timeout=SOON)


@dataclass
class Console:
    """An agent in the console."""

    page: Page
    desk: RunningDesk

    def sign_in(self, email: str = "agent@demo.kaidesk") -> None:
        self.page.goto(f"{self.desk.url}/console")
        self.page.get_by_test_id("sign-in-email").fill(email)
        self.page.get_by_test_id("sign-in-password").fill(self.desk.passwords[email])
        self.page.get_by_test_id("sign-in-submit").click()
        expect(self.page.get_by_test_id("list-waiting")).to_be_visible(timeout=SOON)

    def waiting(self) -> Locator:
        return self.page.get_by_test_id("list-waiting").get_by_test_id("queue-item")

    def take_first(self) -> None:
        self.waiting().first.click()
        self.page.get_by_test_id("take").click()
        expect(self.page.get_by_test_id("reply-input")).to_be_visible(timeout=SOON)

    def say(self, text: str) -> None:
        self.page.get_by_test_id("reply-input").fill(text)
        self.page.get_by_test_id("send").click()

    def resolve(self) -> None:
        self.page.get_by_test_id("resolve").click()

    def turns(self, author: str) -> Locator:
        return self.page.locator(f"[data-testid=turn][data-author={author}]")
