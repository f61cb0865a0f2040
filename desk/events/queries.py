"""Reading the log in the one order that every reader agrees on."""

from uuid import UUID

from sqlalchemy import Select, cast, literal, select, text, tuple_
from sqlalchemy.orm import Session

from desk.events.models import Event, TransactionId
from desk.events.rules import FIRST_HASH, Position, seal


def events_after(
    session: Session, place: Position, limit: int = 500, *, conversation_id: UUID | None = None
) -> list[Event]:
    """The next events after `place`, of one conversation or of all, oldest first; none that an
    open transaction may precede."""
    if _on_postgres(session):
        mark = tuple_(cast(literal(str(place.tx)), TransactionId()), place.number)
        asked = _settled().where(tuple_(Event.tx, Event.position) > mark)
        ordered = asked.order_by(Event.tx, Event.position)
    else:
        ordered = select(Event).where(Event.position > place.number).order_by(Event.position)
    if conversation_id is not None:
        ordered = ordered.where(Event.conversation_id == conversation_id)
    return list(session.scalars(ordered.limit(limit)))


def end_of_log(session: Session) -> Position:
    """Where a reader stands who has read everything that is settled."""
    if _on_postgres(session):
        ordered = _settled().order_by(Event.tx.desc(), Event.position.desc())
    else:
        ordered = select(Event).order_by(Event.position.desc())
    last: Event | None = session.scalars(ordered.limit(1)).first()
    return Position() if last is None else position_of(last)


def position_of(event: Event) -> Position:
    """The place of one event in the log."""
    return Position(int(event.tx), event.position)


def last_of_stream(session: Session, stream: UUID) -> tuple[int, str]:
    """Number and hash of the newest event of a stream; zero and the first hash if it has none."""
    newest = select(Event.number, Event.hash).where(Event.stream == stream)
    found = session.execute(newest.order_by(Event.number.desc()).limit(1)).first()
    return (0, FIRST_HASH) if found is None else (found.number, found.hash)


def broken_seals(session: Session, stream: UUID) -> list[int]:
    """Numbers of the events of a stream whose seal does not follow from what stands there."""
    previous, expected, broken = FIRST_HASH, 1, []
    for event in session.scalars(
        select(Event).where(Event.stream == stream).order_by(Event.number)
    ):
        sealed = seal(previous, event.kind, stream, expected, event.created_at, event.facts)
        if (event.number, event.previous_hash, event.hash) != (expected, previous, sealed):
            broken.append(event.number)
        previous, expected = event.hash, event.number + 1
    return broken


def events_of(session: Session, conversation_id: UUID) -> list[Event]:
    """Everything that happened in one conversation, in order of writing."""
    ours = select(Event).where(Event.conversation_id == conversation_id)
    return list(session.scalars(ours.order_by(Event.position)))


def _settled() -> Select[Event]:
    return select(Event).where(Event.tx < text("pg_snapshot_xmin(pg_current_snapshot())"))


def _on_postgres(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
