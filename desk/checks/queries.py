"""Whether a mailbox was shown to be the customer's."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk import clock
from desk.checks.models import Check
from desk.checks.rules import GUARDED, HOUR, PROVES_FOR, address_digest
from desk.conversations import queries as conversations
from desk.settings import settings


def needs_code(session: Session, conversation_id: UUID, kind: str, email: str) -> bool:
    """Whether this may be done only once a code came back from that mailbox."""
    if kind not in GUARDED or not settings().step_up:
        return False
    vouched = conversations.customer_email(session, conversation_id)
    if vouched is not None and vouched.strip().lower() == email.strip().lower():
        return False
    return not _is_proved(session, conversation_id, digest_of(email))


def last_check(session: Session, conversation_id: UUID, address: str) -> Check | None:
    """The code that counts: the newest for this mailbox in this conversation."""
    ours = select(Check).where(Check.conversation_id == conversation_id, Check.address == address)
    return session.scalars(ours.order_by(Check.created_at.desc()).limit(1)).first()


def is_waiting(session: Session, conversation_id: UUID, email: str) -> bool:
    """Whether a code is on its way that has neither been given nor run out."""
    last = last_check(session, conversation_id, digest_of(email))
    return last is not None and last.proved_at is None and last.expires_at > clock.now()


def sent_lately(session: Session, *, address: str, conversation_id: UUID) -> tuple[int, int]:
    """How many codes went out within an hour: to this mailbox, and from this conversation."""
    lately = select(func.count()).where(Check.created_at > clock.now() - HOUR)
    to_it = session.scalar(lately.where(Check.address == address)) or 0
    from_it = session.scalar(lately.where(Check.conversation_id == conversation_id)) or 0
    return to_it, from_it


def digest_of(email: str) -> str:
    """By which this desk knows a mailbox again."""
    return address_digest(email, settings().secret.get_secret_value())


def _is_proved(session: Session, conversation_id: UUID, address: str) -> bool:
    proved = select(Check.id).where(
        Check.conversation_id == conversation_id,
        Check.address == address,
        Check.proved_at > clock.now() - PROVES_FOR,
    )
    return session.scalars(proved.limit(1)).first() is not None
