"""A supervisor sees what the bot missed, says what it means, and a file to review holds it."""

import pytest
from playwright.sync_api import expect

from tests.journeys.customer import Customer

pytestmark = [pytest.mark.journey, pytest.mark.browser]

SOON = 60_000  # milliseconds; grouping by meaning loads the encoder first
MISSED = ("does the glaze hold lead", "is there lead in your glaze")
PRIVATE = "mail me at lena.hart@example.com whether the glaze has lead in it"


def test_what_was_missed_is_taught_from_the_page_and_the_teaching_is_redacted(desk, console):
    customer = Customer(desk)
    for line in (*MISSED, PRIVATE):
        customer.asks(line)
    console.sign_in("supervisor@demo.kaidesk")
    console.page.goto(f"{desk.url}/console/learning")
    about_glaze = console.page.get_by_test_id("group").filter(has_text="glaze")
    expect(about_glaze.first).to_be_visible(timeout=SOON)
    missed = about_glaze.get_by_test_id("message").count()
    shown = about_glaze.first
    teach = shown.get_by_test_id("teach")
    expect(teach).to_be_disabled()  # nothing is taught before an intent is chosen
    shown.get_by_test_id("intent").select_option("out_of_scope")
    of_this_group = shown.get_by_test_id("message").count()
    teach.click()
    taught = console.page.get_by_test_id("taught")
    expect(taught).to_contain_text("nlu_data/train/en/learned/")

    folder = desk.training_folder / "en" / "learned"
    written = "".join(file.read_text("utf-8") for file in folder.glob("*.yml"))
    assert written.count("glaze") == of_this_group <= missed
    assert "lena.hart" not in written

    console.page.reload()
    left = console.page.get_by_test_id("group").filter(has_text="glaze")
    expect(console.page.get_by_test_id("learning")).to_be_visible(timeout=SOON)
    expect(left.get_by_test_id("message")).to_have_count(missed - of_this_group, timeout=SOON)


def test_an_agent_is_told_that_this_page_is_for_supervisors(desk, console):
    console.sign_in()
    console.page.goto(f"{desk.url}/console/learning")
    expect(console.page.get_by_test_id("learning-problem")).to_be_visible(timeout=SOON)
    expect(console.page.get_by_test_id("group")).to_have_count(0)
