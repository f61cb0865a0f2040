"""Promises in a real browser: ruled by a supervisor, seen by an agent, answered, and gone."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from desk import clock
from desk.durable import reading, transaction
from desk.people.models import Person, Role
from desk.promises import queries
from desk.promises.models import Standing
from desk.promises.workflows import keep_promises
from tests.browsers import a_browser
from tests.builders import PASSWORD, a_conversation_in_the_queue, an_agent
from tests.doors import a_server
from tests.promises.builders import a_policy
from tests.whole_desk import wait_until

pytestmark = pytest.mark.browser


@pytest.fixture
def console(sqlite_database) -> Iterator[str]:
    with a_server() as address:
        yield f"{address}/console"


@pytest.fixture
def page() -> Iterator[Page]:
    with a_browser() as browser:
        yield browser.new_context(locale="en").new_page()


def sign_in(page: Page, address: str, person: Person) -> None:
    page.goto(address)
    page.get_by_test_id("sign-in-email").fill(person.email)
    page.get_by_test_id("sign-in-password").fill(PASSWORD)
    page.get_by_test_id("sign-in-submit").click()


def test_a_supervisor_is_told_what_is_wrong_with_a_calendar_and_then_promises_by_it(console, page):
    sam = transaction(an_agent, "Sam", Role.SUPERVISOR)
    sign_in(page, f"{console}/promises/calendars", sam)
    page.get_by_test_id("add-calendar").click()
    page.get_by_test_id("calendar-name").fill("Berlin")
    page.get_by_test_id("calendar-zone").fill("Europe/Berlin")
    page.get_by_test_id("hours-monday").fill("9-13, 12:30-17")
    page.get_by_test_id("save").click()
    expect(page.get_by_test_id("form-problem")).to_contain_text("Begin the second at 13:00")
    page.get_by_test_id("hours-monday").fill("9-13, 14-17")
    page.get_by_test_id("save").click()
    expect(page.get_by_test_id("calendar")).to_contain_text("09:00–13:00, 14:00–17:00")

    page.get_by_test_id("promise-tab-policies").click()
    page.get_by_test_id("add-policy").click()
    page.get_by_test_id("policy-name").fill("Everybody")
    page.get_by_test_id("save").click()
    expect(page.get_by_test_id("form-problem")).to_contain_text("Promise something")
    page.get_by_test_id("target-first_reply").fill("2")
    page.get_by_test_id("policy-calendar").select_option(label="Only in Berlin")
    page.get_by_test_id("save").click()
    expect(page.get_by_test_id("policy")).to_contain_text("2 hours")
    (kept,) = reading(queries.policies)
    assert (kept.first_reply_seconds, kept.calendar.name) == (7_200, "Berlin")


def test_item_7_an_overdue_reply_is_seen_by_whoever_has_it_until_they_have_answered(
    console, page, monkeypatch
):
    sam, alex = transaction(an_agent, "Sam", Role.SUPERVISOR), transaction(an_agent)
    transaction(promised_since_yesterday, sam)
    with monkeypatch.context() as earlier:
        now = clock.now
        earlier.setattr(clock, "now", lambda: now() - timedelta(minutes=40))
        spoken = transaction(a_conversation_in_the_queue)
    keep_promises()

    sign_in(page, console, alex)
    chip = page.get_by_test_id("queue-item").get_by_test_id("promise")
    expect(chip).to_have_attribute("data-tone", "broken")
    expect(chip).to_contain_text("First reply overdue by 10m")
    expect(page.get_by_test_id("broken-count")).to_contain_text("1")
    chip.click()
    page.get_by_test_id("take").click()
    page.get_by_test_id("reply-input").fill("Hello, I am here.")
    page.get_by_test_id("reply-input").press("Enter")
    wait_until(lambda: is_answered(spoken), 10)
    expect(page.get_by_test_id("broken-count")).to_have_count(0)  # live, without a reload
    expect(page.get_by_test_id("queue-item").get_by_test_id("promise")).to_have_count(0)
    expect(page.get_by_test_id("promises-made")).to_contain_text("First reply was late")


def promised_since_yesterday(session, sam) -> None:
    a_policy(session, sam, resolution_seconds=None).created_at -= timedelta(days=1)


def is_answered(spoken) -> bool:
    keep_promises()
    (one,) = reading(queries.promises_of, spoken.id)
    return one.standing is Standing.MET
