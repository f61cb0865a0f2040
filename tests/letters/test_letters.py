"""Whoever has left the page is written how it ended, once, by a real mail server."""

import time
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from automation.contracts import JobOutcome, JobRequest, Outcome
from desk import clock
from desk.conversations.commands import say
from desk.conversations.models import Author, Cue, CueStatus
from desk.durable import reading, transaction
from desk.escalations.commands import accept
from desk.http.presence import Presence as Noting
from desk.integrations import mail, orders
from desk.integrations.orders import FakeOrders
from desk.jobs.commands import ask, settle
from desk.letters import commands, queries
from desk.letters.commands import look, see_customers
from desk.letters.models import Letter, Standing
from desk.letters.rules import was_there
from desk.letters.workflows import send_letter
from desk.oversight.commands import close
from tests.actions.conftest import an_order
from tests.builders import a_conversation, an_agent, happened
from tests.conftest import forget_settings
from tests.mailbox import a_mailbox
from tests.whole_desk import free_port, wait_until
from tests.workflows import carried_out_here

FILED = JobOutcome(Outcome.DONE, "INVOICE_SENT", {"reference": "IN-10001"})
TOLD = "Order KD-4711: the invoice IN-10001 is in your inbox."


def an_outcome(session, ending=FILED, kind="resend_invoice", language="en"):
    spoken = a_conversation(session, language=language)
    inputs = {"email": "a@b.example"} if kind == "reset_password" else {"order_number": "KD-4711"}
    job = ask(session, spoken.id, JobRequest(kind, inputs), str(uuid4())).job
    settle(session, job.id, ending.to_payload())
    return spoken, job


def the_bot_says(session, spoken, text=TOLD, ago=timedelta(minutes=1)):
    """The bot tells the outcome, and asks whether that solved it."""
    cue = session.scalars(select(Cue).where(Cue.conversation_id == spoken.id)).one()
    yes_or_no = [{"title": "Yes", "payload": "/affirm"}]
    said = say(session, spoken.id, text, author=Author.BOT, cue_id=cue.id, place=0)
    say(
        session,
        spoken.id,
        "Did that solve it?",
        author=Author.BOT,
        cue_id=cue.id,
        place=1,
        quick_replies=yes_or_no,
    )
    said.created_at -= ago
    cue.status, cue.closed_at = CueStatus.ANSWERED, clock.now()
    session.flush()


def the_letter(session):
    return session.scalars(select(Letter)).one()


# Whether


def test_who_was_there_is_told_by_when_the_words_were_said():
    at = clock.now()
    assert was_there(at, at)
    assert was_there(at + timedelta(hours=1), at), "they came back"
    assert not was_there(at - timedelta(seconds=6), at)
    assert not was_there(None, at)


def test_who_has_left_is_written_what_was_said_without_the_chats_question(session):
    spoken, _ = an_outcome(session)
    the_bot_says(session, spoken)
    found = look(session, the_letter(session).id, 1)
    assert (found.said, found.order_number, found.address) == ([TOLD], "KD-4711", None)


def test_who_is_there_is_not_written(session):
    spoken, _ = an_outcome(session)
    the_bot_says(session, spoken)
    see_customers(session, [spoken.id])
    assert look(session, the_letter(session).id, 1) is None
    assert the_letter(session).standing is Standing.NEEDLESS


def test_while_the_bot_has_said_nothing_it_is_looked_at_again_and_not_for_ever(session):
    an_outcome(session)
    letter = the_letter(session)
    assert look(session, letter.id, 1) is None
    assert letter.standing is Standing.DUE
    assert look(session, letter.id, 60) is None
    assert letter.standing is Standing.NEEDLESS


def test_words_that_were_just_said_may_still_be_read(session):
    spoken, _ = an_outcome(session)
    the_bot_says(session, spoken, ago=timedelta(0))
    assert look(session, the_letter(session).id, 1) is None
    assert the_letter(session).standing is Standing.DUE


def test_where_a_person_has_taken_over_the_person_writes(session):
    spoken, _ = an_outcome(session, JobOutcome(Outcome.GAVE_UP, "ROBOT_GAVE_UP", {}))
    the_bot_says(session, spoken)
    accept(session, spoken.id, an_agent(session))
    assert look(session, the_letter(session).id, 1) is None
    assert the_letter(session).standing is Standing.NEEDLESS


def test_what_an_agent_tells_who_has_left_goes_by_mail_too(session):
    _, job = an_outcome(session, JobOutcome(Outcome.REFUSED, "ORDER_UNKNOWN", {}))
    close(session, job.id, an_agent(session), 1, "I found it under another number.")
    letter = session.scalars(select(Letter).where(Letter.key.startswith("turn:"))).one()
    turns = queries.words_of(session, letter)
    assert (turns.said, turns.is_over) == (["I found it under another number."], True)


def test_whether_a_reset_link_was_sent_is_told_by_no_letter(session):
    an_outcome(session, JobOutcome(Outcome.REFUSED, "ACCOUNT_UNKNOWN", {}), "reset_password")
    assert session.scalars(select(Letter)).all() == []


def test_who_follows_a_conversation_is_noted(sqlite_database, monkeypatch):
    monkeypatch.setattr("desk.http.presence.SEEN_EVERY_SECONDS", 0.05)
    spoken = transaction(a_conversation)
    noting = Noting(lambda: [spoken.id])
    noting.start()
    try:
        wait_until(lambda: reading(queries.seen_at, spoken.id), 10)
    finally:
        noting.stop()


# The mail itself


@pytest.fixture
def box(monkeypatch):
    with a_mailbox() as box:
        monkeypatch.setenv("DESK_SMTP_PORT", str(box.port))
        monkeypatch.setenv("DESK_MAIL_FROM", "Kiln & Dew <service@kiln.example>")
        yield box


@pytest.fixture
def worker(database, box, monkeypatch):
    """Workflows run in this process; nobody waits half a minute."""
    forget_settings()
    monkeypatch.setattr(commands, "ABSENT_FOR", timedelta(0))
    monkeypatch.setattr(commands, "LOOK_AGAIN", timedelta(seconds=0.2))
    noted = orders.answered_by(FakeOrders([an_order("KD-4711", "na@example.com")]))
    with carried_out_here(), noted:
        yield box


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_letter_comes_once_though_the_server_first_will_not_take_it(worker, language):
    worker.answers = ["451 Try again later"]
    spoken, _ = transaction(an_outcome, language=language)
    letter = reading(the_letter)
    time.sleep(0.5)  # the bot is slow: looked at, and looked at again
    transaction(the_bot_says, spoken)
    wait_until(lambda: reading(the_letter).standing is Standing.SENT, 30)
    (came,) = worker.letters
    assert (came["To"], came["From"]) == ("na@example.com", "Kiln & Dew <service@kiln.example>")
    assert came["Message-ID"] == f"<letter.{letter.id}@kiln.example>"
    assert TOLD in came.get_content()
    assert "Did that solve it?" not in came.get_content()
    subjects = {"en": "News about your request", "zh": "您的申请有了新进展"}
    assert came["Subject"] == subjects[language]
    assert worker.tries == 2
    send_letter(str(letter.id))
    assert len(worker.letters) == 1
    assert reading(happened, spoken).count("letter.sent") == 1


def test_an_address_that_is_refused_for_good_is_tried_once(worker):
    worker.answers = ["550 No such mailbox"] * 9
    spoken, _ = transaction(an_outcome)
    transaction(the_bot_says, spoken)
    wait_until(lambda: reading(the_letter).standing is Standing.FAILED, 30)
    assert (worker.tries, worker.letters) == (1, [])


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example"]
)
def test_no_letter_goes_to_what_is_no_single_address(sqlite_database, box, address):
    forget_settings()
    with pytest.raises(mail.NoAddress):
        mail.send(address, "Hello", "text", name="x")
    assert box.letters == []


def test_a_mail_server_that_is_away_is_silent(sqlite_database, monkeypatch):
    monkeypatch.setenv("DESK_SMTP_PORT", str(free_port()))
    forget_settings()
    with pytest.raises(mail.MailSilent):
        mail.send("na@example.com", "Hello", "text", name="x")
