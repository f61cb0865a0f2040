"""Opening tickets."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.conversations import queries as conversations
from desk.events.commands import record
from desk.events.models import Audience
from desk.tickets.models import Priority, Ticket, TicketKind

FIRST_NUMBER = 1001


def open_ticket(
    session: Session,
    conversation_id: UUID,
    *,
    kind: str,
    subject: str,
    priority: str = Priority.NORMAL,
    key: str | None = None,
) -> Ticket:
    """Open a ticket; the same `key` (by default conversation, kind and subject) opens it once.

    Raises:
        NotFound: there is no such conversation.
    """
    conversations.conversation(session, conversation_id, lock=True)
    known_by = key or f"{conversation_id}:{kind}:{subject}"
    before = session.scalars(select(Ticket).where(Ticket.key == known_by)).first()
    if before is not None:
        return before
    so_far = session.scalar(select(func.count()).select_from(Ticket)) or 0
    ticket = Ticket(
        number=f"T-{FIRST_NUMBER + so_far}",
        conversation_id=conversation_id,
        kind=TicketKind(kind),
        subject=subject[:200],
        priority=Priority(priority),
        key=known_by,
    )
    session.add(ticket)
    session.flush()
    record(
        session,
        "ticket.opened",
        conversation_id,
        Audience.STAFF,
        conversation_id=conversation_id,
        ticket_id=ticket.id,
        kind=ticket.kind,
        priority=ticket.priority,
    )
    return ticket
