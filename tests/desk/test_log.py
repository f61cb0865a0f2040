"""The log: one order for every reader, no words in it, and every seal follows from the last."""

import json

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from desk.durable import engine, reading, transaction
from desk.events.commands import record
from desk.events.models import Event
from desk.events.queries import broken_seals, end_of_log, events_after, position_of
from desk.events.rules import NoSuchPosition, Position
from tests.builders import a_conversation, says


def test_a_reader_that_resumes_by_position_sees_everything_once(database):
    spoken = transaction(a_conversation)
    for number in range(12):
        transaction(says, spoken, f"message {number}")
    seen, place = [], Position()
    while page := reading(events_after, place, 5):
        seen += [event.id for event in page]
        place = position_of(page[-1])
    assert len(seen) == len(set(seen)) == 13
    assert place == reading(end_of_log)


def test_an_event_behind_an_open_transaction_waits_for_it(postgres_server, database):
    if not database.startswith("postgresql"):
        pytest.skip("SQLite lets one writer in at a time, so there nothing can overtake.")
    spoken, other = transaction(a_conversation), transaction(a_conversation)
    before = reading(end_of_log)
    with Session(engine()) as slow, slow.begin():
        record(slow, "slow.thing", spoken.id, conversation_id=spoken.id)
        transaction(record, "fast.thing", other.id, conversation_id=other.id)
        assert reading(events_after, before) == []
    kinds = [event.kind for event in reading(events_after, before)]
    assert kinds == ["slow.thing", "fast.thing"]


def test_every_seal_follows_and_a_changed_fact_breaks_its_own(database):
    spoken = transaction(a_conversation)
    for number in range(3):
        transaction(says, spoken, f"message {number}")
    assert reading(broken_seals, spoken.id) == []
    transaction(
        lambda s: s.execute(
            update(Event).where(Event.stream == spoken.id, Event.number == 2).values(facts={"a": 1})
        )
    )
    assert reading(broken_seals, spoken.id) == [2]


def test_events_hold_no_words_of_the_customer(database):
    spoken = transaction(a_conversation)
    transaction(says, spoken, "my card is 4111 1111 1111 1111 and I live in Elm Street")
    told = json.dumps([event.facts for event in reading(events_after, Position())])
    assert "4111" not in told
    assert "Elm" not in told


def test_two_writers_to_one_stream_both_get_in(database):
    spoken = transaction(a_conversation)
    tries = []

    def clumsy(session):
        tries.append(1)
        session.execute(text("SELECT 1"))
        if len(tries) == 1 and database.startswith("postgresql"):
            transaction(record, "quick.thing", spoken.id)
        record(session, "clumsy.thing", spoken.id)

    transaction(clumsy)
    assert reading(broken_seals, spoken.id) == []


@pytest.mark.parametrize(
    "wrong", ["", "7", "a.b", "-1.2", "1.", ".1", "١.٢", "1.2.3", "9" * 40 + ".1"]
)
def test_b10_a_place_that_no_log_has_is_refused(wrong):
    with pytest.raises(NoSuchPosition):
        Position.parse(wrong)
