"""The console's box in a real browser: what is for colleagues, and what is ready for customers."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from desk.conversations import queries as conversations
from desk.conversations.models import Author
from desk.durable import reading, transaction
from desk.notes import queries as notes
from desk.people.models import Role
from desk.replies.commands import add_reply
from tests.browsers import a_browser
from tests.builders import PASSWORD, a_conversation_with, an_agent

pytestmark = pytest.mark.browser


@pytest.fixture
def page() -> Iterator[Page]:
    with a_browser() as browser:
        yield browser.new_context(locale="en").new_page()


def said_by_agents(conversation_id):
    turns = reading(conversations.turns, conversation_id)
    return [turn.text for turn in turns if turn.author is Author.AGENT]


def test_a_note_is_not_sent_and_a_canned_reply_only_when_the_agent_sends_it(server, page):
    alex, sam = transaction(an_agent), transaction(an_agent, "Sam", Role.SUPERVISOR)
    words = "Hello {customer_name}, {agent_name} here."
    transaction(add_reply, sam, shortcut="hello", language="en", body=words)
    spoken = transaction(a_conversation_with, alex)
    page.goto(f"{server.removesuffix('/api/v1')}/console/c/{spoken.id}")
    page.get_by_test_id("sign-in-email").fill(alex.email)
    page.get_by_test_id("sign-in-password").fill(PASSWORD)
    page.get_by_test_id("sign-in-submit").click()
    reply = page.get_by_test_id("reply-input")

    reply.fill("half a reply")
    page.get_by_test_id("switch-reply").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    note = page.get_by_test_id("note-input")
    expect(note).to_have_value("")  # what was begun for the customer stays theirs
    expect(page.get_by_test_id("send")).to_have_count(0)
    note.fill("The courier has lost it.")
    note.press("Enter")
    expect(page.get_by_test_id("note")).to_contain_text("The courier has lost it.")
    assert [one.text for one in reading(notes.notes_in, spoken.id)] == ["The courier has lost it."]
    assert said_by_agents(spoken.id) == []

    page.get_by_test_id("switch-reply").click()
    expect(reply).to_have_value("half a reply")
    reply.fill("/nothing-like-it")
    reply.press("Enter")
    reply.fill("/he")
    expect(page.get_by_test_id("canned")).to_have_count(1)
    expect(reply).to_have_attribute("aria-activedescendant", "canned-replies-0")
    reply.press("Enter")
    expect(reply).to_have_value("Hello there, Alex here.")
    assert said_by_agents(spoken.id) == []
    reply.press("Enter")
    expect(page.locator("[data-testid=turn][data-author=agent]")).to_have_count(1)
    expect(page.locator("[data-testid=turn][data-state=sending]")).to_have_count(0)
    assert said_by_agents(spoken.id) == ["Hello there, Alex here."]
