"""Reading the texts kept for agents."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.errors import NotFound
from desk.replies.models import CannedReply


class NoSuchReply(NotFound):
    """No text has this id."""


def reply(session: Session, reply_id: UUID, *, lock: bool = False) -> CannedReply:
    """One text.

    Raises:
        NoSuchReply: there is none.
    """
    found = session.get(CannedReply, reply_id, with_for_update=lock or None)
    if found is None:
        raise NoSuchReply("There is no such reply.")
    return found


def replies(session: Session) -> list[CannedReply]:
    """All of them, by shortcut and language."""
    ordered = select(CannedReply).order_by(CannedReply.shortcut, CannedReply.language)
    return list(session.scalars(ordered))


def is_taken(session: Session, shortcut: str, language: str, but: UUID | None = None) -> bool:
    """Whether a text other than `but` has this shortcut in this language."""
    same = select(CannedReply.id).where(
        CannedReply.shortcut == shortcut, CannedReply.language == language
    )
    return any(found != but for found in session.scalars(same))
