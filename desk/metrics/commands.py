"""Bringing facts up to date with the log."""

from contextlib import suppress

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from desk.durable import reading, transaction
from desk.events.queries import events_after, position_of
from desk.events.rules import Position
from desk.metrics import queries
from desk.metrics.models import ConversationFacts, ReadingMark
from desk.metrics.rules import facts_of

BATCH = 500


def catch_up() -> None:
    """Read the log to its settled end, a batch to a transaction. Costs one look if nothing is new.

    Any number of processes may call this at once: they take turns.
    """
    if not reading(queries.is_behind):
        return
    while transaction(read_on) == BATCH:
        pass


def read_on(session: Session, limit: int = BATCH) -> int:
    """Take in the next `limit` events; gives how many there were.

    Each conversation they touch is read anew from its first event, so neither the cut of the
    batches nor reading something twice can change a figure.
    """
    known = _locked_mark(session)
    events = events_after(session, queries.place_of(known), limit)
    touched = {e.conversation_id for e in events if e.conversation_id is not None}
    _ = queries.facts_by_id(session, touched)  # merging then finds them without asking again
    for history in queries.histories(session, touched):
        facts = facts_of(history)
        if facts is not None:
            session.merge(facts)
    if events:
        _move(known, position_of(events[-1]))
    return len(events)


def rebuild(session: Session) -> int:
    """Forget every fact and read the whole log again; gives the number of events read. Readers
    see the old facts until this commits."""
    known = _locked_mark(session)
    session.execute(delete(ConversationFacts))
    _move(known, Position())
    session.flush()
    read = 0
    while (more := read_on(session)) > 0:
        read += more
        session.flush()
        session.expunge_all()
    return read


def _move(known: ReadingMark, place: Position) -> None:
    known.tx, known.number = place.tx, place.number


def _locked_mark(session: Session) -> ReadingMark:
    known = queries.mark(session, lock=True)
    if known is None:
        with suppress(IntegrityError), session.begin_nested():  # another process may be first
            session.add(ReadingMark(reader=queries.READER))
        known = queries.mark(session, lock=True)
    assert known is not None
    return known
