"""What is still owed."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from desk import clock
from desk.conversations.models import Conversation, Cue, CueStatus


def overdue(session: Session, older_than: timedelta) -> list[UUID]:
    """Conversations in which something waits that long already and nobody holds the lease."""
    at = clock.now()
    waiting = (
        select(Cue.conversation_id)
        .join(Conversation, Conversation.id == Cue.conversation_id)
        .where(Cue.status == CueStatus.DUE, Cue.created_at <= at - older_than)
        .where(or_(Conversation.lease_until.is_(None), Conversation.lease_until <= at))
        .distinct()
        .limit(200)
    )
    return list(session.scalars(waiting))
