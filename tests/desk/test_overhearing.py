"""What customers write to a person is understood too, beside the road: it is written down with
its intent and feeling, and whatever goes wrong there costs nobody anything."""

import time
from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from desk import clock
from desk.conversations import queries
from desk.conversations.commands import take_to_mean, understood
from desk.conversations.rules import upset_after
from desk.dialogue import queries as owed
from desk.dialogue.workflows import MOST_FAILURES, Overhearing
from desk.durable import reading, transaction
from desk.escalations.commands import escalate
from desk.escalations.models import Kind, Reason
from desk.events.queries import events_of
from desk.improvement.queries import not_understood
from desk.integrations.bot import BotUnreachable, Meant, ScriptedBot
from tests.builders import (
    a_conversation,
    a_conversation_in_the_queue,
    a_conversation_with,
    an_agent,
    happened,
    says,
)


class Listener(ScriptedBot):
    """Takes every line for a complaint, and counts them."""

    def __init__(self, **faults):
        super().__init__(**faults)
        self.heard = []

    def understand(self, text, language):
        self.heard.append((text, language))
        super().understand(text, language)
        return Meant("complaint", 0.8, -0.7, 0.9)


@pytest.fixture
def taken(database):
    return transaction(lambda session: a_conversation_with(session, an_agent(session)))


def last_turn(conversation):
    return reading(queries.turns, conversation.id)[-1]


def test_what_is_written_to_an_agent_is_understood_and_told_to_the_console(taken):
    transaction(says, taken, "and where is my money")
    Overhearing(Listener()).overhear()
    turn = last_turn(taken)
    assert (turn.intent, turn.confidence, turn.sentiment, turn.upset) == (
        "complaint",
        0.8,
        -0.7,
        0.9,
    )
    told = reading(events_of, taken.id)[-1]
    assert (told.kind, told.facts["upset"]) == ("turn.understood", 0.9)
    assert reading(queries.conversation, taken.id).upset == 0.9


def test_what_is_written_in_the_queue_is_understood_as_well(database):
    waiting = transaction(a_conversation_in_the_queue)
    transaction(says, waiting, "hello?")
    Overhearing(Listener()).overhear()
    assert last_turn(waiting).intent == "complaint"


def test_what_the_bot_will_answer_is_not_asked_beside_it(database):
    spoken = transaction(a_conversation)
    transaction(says, spoken, "hello")
    Overhearing(listener := Listener()).overhear()
    assert listener.heard == []


def test_overhearing_twice_writes_it_down_once(taken):
    transaction(says, taken, "hello")
    for _ in range(2):
        Overhearing(Listener()).overhear()
    before = reading(happened, taken).count("turn.understood")
    transaction(take_to_mean, taken.id, last_turn(taken).id, Meant("refund", 1.0, 1.0, 0.0))
    assert reading(happened, taken).count("turn.understood") == before
    assert last_turn(taken).intent == "complaint"


def test_a_silent_bot_leaves_it_for_later(taken):
    transaction(says, taken, "hello")
    with pytest.raises(BotUnreachable):
        Overhearing(Listener(down=True)).overhear()
    Overhearing(Listener()).overhear()
    assert last_turn(taken).intent == "complaint"


def test_a_chance_beyond_one_cannot_be_stored(taken):
    def too_sure(session):
        queries.conversation(session, taken.id).upset = 1.5

    with pytest.raises(DBAPIError, match="upset_in_range"):
        transaction(too_sure)


def test_a_line_that_the_bot_chokes_on_is_tried_a_few_times_and_left(taken):
    transaction(says, taken, "hello")
    unread = len(reading(owed.unread))
    overhearing = Overhearing(listener := Listener(mute=True))
    for _ in range(MOST_FAILURES + 2):
        overhearing.overhear()
    assert len(listener.heard) == MOST_FAILURES * unread
    assert last_turn(taken).intent is None


def test_what_is_old_is_left_as_it_is(taken, monkeypatch):
    transaction(says, taken, "hello")
    later = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert reading(owed.unread) == []


def test_the_thread_listens_until_it_is_stopped(taken):
    transaction(says, taken, "hello")
    overhearing = Overhearing(Listener())
    overhearing.start()
    deadline = clock.now() + timedelta(seconds=20)
    while last_turn(taken).intent is None and clock.now() < deadline:
        time.sleep(0.05)
    overhearing.stop()
    assert last_turn(taken).intent == "complaint"


@pytest.mark.parametrize(
    ("so_far", "upset", "score", "now"),
    [
        (None, 0.2, 0.0, 0.2),
        (0.9, 0.1, 0.0, 0.72),  # an order number after a complaint
        (0.3, 0.8, -0.9, 0.8),
        (0.9, 0.05, 0.8, 0.05),  # thanks
    ],
)
def test_anger_cools_with_each_calm_message_and_at_once_with_thanks(so_far, upset, score, now):
    assert upset_after(so_far, upset, score) == pytest.approx(now)


def test_what_is_written_to_a_person_is_not_listed_to_be_taught(taken):
    class Puzzled(ScriptedBot):
        def understand(self, text, language):
            return Meant("nlu_fallback", 0.2, 0.0, 0.1)

    transaction(says, taken, "as I told your colleague, the green one")
    Overhearing(Puzzled()).overhear()
    assert last_turn(taken).intent == "nlu_fallback"
    assert reading(not_understood, clock.now() - timedelta(days=1)) == []


def test_a_quick_reply_changes_nothing_about_how_the_customer_feels(session):
    spoken = a_conversation(session)
    for text, felt in (("this is terrible", (-0.9, 0.95)), ("Yes, please", (None, None))):
        says(session, spoken, text)
        understood(session, queries.next_cue(session, spoken.id).id, "complaint", 0.9, *felt)
        queries.next_cue(session, spoken.id).status = "answered"
        session.flush()
    assert (spoken.sentiment, spoken.upset) == (-0.9, 0.95)


def test_the_packet_says_how_likely_the_customer_is_upset(session):
    spoken = a_conversation(session)
    says(session, spoken, "this is the third time")
    cue = queries.next_cue(session, spoken.id)
    understood(session, cue.id, "complaint", 0.9, -0.9, 0.95)
    handoff = escalate(session, spoken.id, kind=Kind.OFFERED, reason=Reason.NEGATIVE_SENTIMENT)
    assert (handoff.packet["sentiment_trend"], handoff.packet["upset"]) == ([-0.9], 0.95)
