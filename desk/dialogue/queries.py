"""What is still owed."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from desk import clock
from desk.conversations.models import (
    Answerer,
    Author,
    Conversation,
    Cue,
    CueKind,
    CueStatus,
    Turn,
)
from desk.dialogue.rules import (
    GIVE_UP_AFTER,
    GIVE_UP_NEWS_AFTER,
    NOTICE_AFTER,
    OVERHEAR_FOR,
)

AT_ONCE = 200
OVERHEARD_AT_ONCE = 20  # each takes the bot some milliseconds, which customers may need


def overdue(session: Session, older_than: timedelta) -> list[UUID]:
    """Conversations in which something waits that long already and nobody holds the lease, the
    longest wait first."""
    at = clock.now()
    waiting = (
        select(Cue.conversation_id)
        .join(Conversation, Conversation.id == Cue.conversation_id)
        .where(Cue.status == CueStatus.DUE, Cue.created_at <= at - older_than)
        .where(or_(Conversation.lease_until.is_(None), Conversation.lease_until <= at))
        .group_by(Cue.conversation_id)
        .order_by(func.min(Cue.created_at))
        .limit(AT_ONCE)
    )
    return list(session.scalars(waiting))


def late(session: Session) -> list[UUID]:
    """Customers' messages whose writers are owed a word about the wait, the longest first."""
    unsaid = _messages_before(clock.now() - NOTICE_AFTER).where(Cue.noticed_at.is_(None))
    return list(session.scalars(unsaid.order_by(Cue.created_at).limit(AT_ONCE)))


def lost(session: Session) -> list[UUID]:
    """What the bot has been hoped for long enough: messages first, then news."""
    at = clock.now()
    messages = _messages_before(at - GIVE_UP_AFTER)
    news = select(Cue.id).where(
        Cue.status == CueStatus.DUE,
        Cue.kind == CueKind.NEWS,
        Cue.created_at <= at - GIVE_UP_NEWS_AFTER,
    )
    return [*session.scalars(messages.limit(AT_ONCE)), *session.scalars(news.limit(AT_ONCE))]


def unread(session: Session) -> list[Turn]:
    """What customers wrote lately that the bot neither has answered nor will, as a person does;
    the oldest first."""
    told = (CueStatus.DUE, CueStatus.ANSWERED)
    asked = select(Cue.id).where(Cue.turn_id == Turn.id, Cue.status.in_(told))
    wanted = (
        select(Turn)
        .where(Turn.author == Author.CUSTOMER, Turn.intent.is_(None), Turn.chosen.is_(None))
        .where(Turn.created_at >= clock.now() - OVERHEAR_FOR, ~asked.exists())
        .order_by(Turn.created_at)
        .limit(OVERHEARD_AT_ONCE)
    )
    return list(session.scalars(wanted))


def _messages_before(moment: datetime) -> Select[UUID]:
    return (
        select(Cue.id)
        .join(Conversation, Conversation.id == Cue.conversation_id)
        .where(
            and_(
                Cue.status == CueStatus.DUE,
                Cue.kind == CueKind.MESSAGE,
                Cue.created_at <= moment,
                Conversation.answered_by == Answerer.BOT,
            )
        )
    )
