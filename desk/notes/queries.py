"""Reading notes."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from desk.notes.models import Mention, Note

_SHOWN = (
    joinedload(Note.person),
    selectinload(Note.mentions).joinedload(Mention.person),
)


def notes_in(session: Session, conversation_id: UUID) -> list[Note]:
    """All notes of a conversation, the oldest first, with whoever they name."""
    ours = select(Note).where(Note.conversation_id == conversation_id).options(*_SHOWN)
    return list(session.scalars(ours.order_by(Note.created_at, Note.id)))


def note(session: Session, note_id: UUID) -> Note | None:
    """One note with whoever it names."""
    return session.scalars(select(Note).where(Note.id == note_id).options(*_SHOWN)).first()


def note_by_client_id(session: Session, conversation_id: UUID, client_id: UUID) -> Note | None:
    """The note that a browser has sent before under the same id."""
    sent = select(Note).where(Note.conversation_id == conversation_id, Note.client_id == client_id)
    return session.scalars(sent.options(*_SHOWN)).first()


def unseen_mentions(session: Session, person_id: UUID, conversation_id: UUID) -> list[Mention]:
    """Where a colleague is named in a conversation and has not looked yet."""
    theirs = select(Mention).join(Note, Note.id == Mention.note_id)
    unseen = theirs.where(Mention.person_id == person_id, Mention.seen_at.is_(None))
    return list(session.scalars(unseen.where(Note.conversation_id == conversation_id)))


def conversations_that_mention(session: Session, person_id: UUID) -> list[UUID]:
    """In which conversations a colleague is named and has not looked yet."""
    where = select(Note.conversation_id).join(Mention, Note.id == Mention.note_id).distinct()
    unseen = where.where(Mention.person_id == person_id, Mention.seen_at.is_(None))
    return list(session.scalars(unseen))
