"""Two agents in two browsers, and a customer whom nobody forgets."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browsers import a_browser
from tests.journeys.screens import SOON, Console
from tests.whole_desk import a_running_desk

pytestmark = [pytest.mark.journey, pytest.mark.browser]

ASK = (
    "from desk.durable import transaction\n"
    "from tests.builders import a_conversation_in_the_queue\n"
    "print(transaction(a_conversation_in_the_queue).id)"
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    quick = {"DESK_OFFER_SECONDS": "4", "DESK_MISSED_OFFERS": "5"}
    folder = tmp_path_factory.mktemp("desk")
    with a_running_desk(folder, "desk", **quick) as running:
        yield running


@pytest.fixture(scope="module")
def browser():
    with a_browser() as browser:
        yield browser


def an_agent_in_a_browser(browser: Browser, desk, email: str) -> Console:
    context = browser.new_context(viewport={"width": 1360, "height": 850}, locale="en")
    console = Console(context.new_page(), desk)
    console.sign_in(email)
    dot = console.page.get_by_test_id("presence")
    expect(dot).to_have_attribute("data-presence", "online", timeout=SOON)
    return console


def test_field_4_what_one_agent_ignores_the_next_accepts_and_a_first_reply_accepts_too(
    desk, browser
):
    alex = an_agent_in_a_browser(browser, desk, "agent@demo.kaidesk")
    ming = an_agent_in_a_browser(browser, desk, "agent2@demo.kaidesk")
    known = desk.run("-c", ASK).strip()
    consoles = [alex, ming]
    first = _who_is_offered(consoles)
    ignoring, next_one = consoles[first], consoles[1 - first]
    expect(next_one.page.get_by_test_id("offer")).to_have_count(1, timeout=SOON)
    expect(ignoring.page.get_by_test_id("offer")).to_have_count(0, timeout=SOON)
    next_one.page.get_by_test_id("accept-offer").click()
    expect(next_one.page.get_by_test_id("reply-input")).to_be_visible(timeout=SOON)
    assert next_one.page.url.endswith(known)
    assert next_one.page.get_by_test_id("my-load").inner_text().startswith("1 of 3")

    # The next customer is answered at once, which accepts.
    desk.run("-c", ASK)
    other = consoles[_who_is_offered(consoles)]
    other.waiting().first.click()
    other.say("Hello, what can I do for you?")
    expect(other.page.get_by_test_id("resolve")).to_be_visible(timeout=SOON)
    expect(other.turns("agent")).to_have_count(1)


def test_field_13_after_a_crash_of_the_desk_the_consoles_and_what_is_offered_are_right_again(
    desk, browser
):
    alex = an_agent_in_a_browser(browser, desk, "agent@demo.kaidesk")
    mine = int(alex.page.get_by_test_id("my-load").inner_text().split()[0])
    known = desk.run("-c", ASK).strip()
    _who_is_offered([alex])
    desk.kill("desk")
    desk.start("desk")
    expect(alex.page.get_by_test_id("connection")).to_have_attribute(
        "data-state", "live", timeout=SOON
    )
    expect(alex.page.get_by_test_id("presence")).to_have_attribute("data-presence", "online")
    _who_is_offered([alex])
    alex.page.get_by_test_id("accept-offer").click()
    expect(alex.page.get_by_test_id("my-load")).to_contain_text(f"{mine + 1} of 3", timeout=SOON)
    assert alex.page.url.endswith(known)


def _who_is_offered(consoles: list[Console]) -> int:
    for _ in range(150):
        for number, console in enumerate(consoles):
            if console.page.get_by_test_id("offer").count():
                return number
        consoles[0].page.wait_for_timeout(100)
    raise AssertionError("Nobody was offered anything.")


def test_a_supervisor_sets_what_somebody_knows_and_agents_see_it(desk, browser):
    context = browser.new_context(viewport={"width": 1360, "height": 850}, locale="en")
    sam = Console(context.new_page(), desk)
    sam.sign_in("supervisor@demo.kaidesk")
    page = sam.page
    page.goto(f"{desk.url}/console/team")
    page.get_by_test_id("row-topic").select_option("refund")
    page.get_by_test_id("row-language").select_option("zh")
    page.get_by_test_id("add-row").click()
    cell = page.get_by_label("Level of Ming Agent in Refund, Chinese")
    cell.select_option("2")
    page.get_by_label("Level that is needed for Refund").first.select_option("3")
    room = page.get_by_label(
        "How many conversations at once Ming Agent is offered; empty: as usual here"
    )
    room.fill("7")
    room.press("Enter")
    ming = page.locator("[data-testid=teammate][data-name='Ming Agent']")
    expect(ming.get_by_test_id("load")).to_contain_text("of 7", timeout=SOON)
    page.reload()
    expect(cell).to_have_value("2", timeout=SOON)
    expect(page.get_by_label("Level that is needed for Refund").first).to_have_value("3")
