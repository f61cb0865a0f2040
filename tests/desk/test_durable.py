"""What `transaction` and `reading` promise when others write at the same time."""

import sqlite3
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from uuid import uuid4

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from desk import durable
from desk.conversations.commands import start, understood
from desk.conversations.models import Conversation, Cue, Turn
from desk.durable import engine, reading, transaction
from desk.people import queries as people
from tests.builders import a_conversation, a_customer, happened, says


def test_f13_two_tabs_that_begin_the_same_conversation_at_once_get_one(database):
    customer, client_id = transaction(a_customer), uuid4()
    together = threading.Barrier(2)

    def begin(session):
        session.scalars(select(Conversation).where(Conversation.client_id == client_id)).first()
        with suppress(threading.BrokenBarrierError):  # SQLite lets only one in here at a time
            together.wait(timeout=1)
        return start(session, people.customer(session, customer.id), client_id, language="en").id

    with ThreadPoolExecutor() as tabs:
        begun = [tabs.submit(transaction, begin) for _ in range(2)]
    assert len({tab.result() for tab in begun}) == 1
    assert reading(lambda s: s.scalar(select(func.count()).select_from(Conversation))) == 1


def test_an_error_of_the_database_repeats_no_word_of_a_customer(database):
    spoken = transaction(a_conversation)
    wrong = {
        "conversation_id": spoken.id,
        "sequence": 1,
        "author": "customer",
        "text": "my card is 4111 1111 1111 1111",
        "salt": "salt",
        "language": "en",
        "sentiment": 5.0,
    }
    with pytest.raises(DBAPIError, match="sentiment_in_range") as failed:
        transaction(lambda session: session.execute(insert(Turn).values(wrong)))
    assert "4111" not in "".join(traceback.format_exception(failed.value))


def test_what_is_read_together_is_of_one_moment(database):
    spoken = transaction(a_conversation)

    def count_twice(session):
        counted = select(func.count()).select_from(Turn)
        before = session.scalar(counted)
        with ThreadPoolExecutor() as others:
            others.submit(transaction, says, spoken, "meanwhile").result()
        return before, session.scalar(counted)

    assert reading(count_twice) == (0, 0)


@pytest.mark.alone
def test_a_writer_waits_for_sqlite_no_longer_than_promised(sqlite_database, monkeypatch):
    monkeypatch.setattr(durable, "PATIENCE_SECONDS", 0.5)
    other = sqlite3.connect(sqlite_database.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    with ThreadPoolExecutor(6) as writers:
        refused = [writers.submit(transaction, a_customer).exception for _ in range(6)]
        assert {type(why()) for why in refused} == {OperationalError}
    assert time.monotonic() - began < 2
    other.execute("ROLLBACK")
    other.close()
    assert transaction(a_customer)


def test_what_was_understood_of_a_message_at_the_same_time_is_written_once(database):
    spoken = transaction(a_conversation)
    transaction(says, spoken, "where is my order")
    cue = reading(lambda session: session.scalars(select(Cue)).one())
    with Session(engine()) as first, ThreadPoolExecutor() as others:
        with first.begin():
            understood(first, cue.id, "track_order", 0.9, 0.0)
            second = others.submit(transaction, understood, cue.id, "refund", 0.8, 0.0)
            time.sleep(0.3)
        second.result(timeout=10)
    assert reading(lambda s: s.scalars(select(Turn.intent)).one()) == "track_order"
    assert reading(happened, spoken).count("turn.understood") == 1
