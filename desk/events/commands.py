"""Writing the log."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from desk import clock
from desk.events import queries
from desk.events.models import Audience, Event
from desk.events.rules import seal


def record(
    session: Session,
    kind: str,
    stream: UUID,
    audience: Audience = Audience.STAFF,
    /,
    *,
    conversation_id: UUID | None = None,
    **facts: Any,
) -> Event:
    """Write down that something happened, in the transaction that made it happen.

    `facts` are ids, codes and figures; never a person's words. Two transactions that write to
    one stream at once clash, and `transaction` runs the later one again.
    """
    session.flush()
    number, previous = queries.last_of_stream(session, stream)
    at = clock.now()
    told = {name: _plain(value) for name, value in facts.items() if value is not None}
    event = Event(
        kind=kind,
        stream=stream,
        number=number + 1,
        conversation_id=conversation_id,
        audience=audience,
        facts=told,
        created_at=at,
        previous_hash=previous,
        hash=seal(previous, kind, stream, number + 1, at, told),
    )
    session.add(event)
    session.flush()
    return event


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value
