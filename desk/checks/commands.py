"""Making codes and taking them back."""

from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from desk import clock
from desk.checks import queries
from desk.checks.models import Check
from desk.checks.rules import (
    LASTS,
    MOST_PER_ADDRESS,
    MOST_PER_CONVERSATION,
    TRIES,
    code_digest,
    is_same,
    new_code,
)
from desk.conversations import queries as conversations
from desk.conversations.commands import note
from desk.errors import Forbidden
from desk.settings import settings


class TooManyCodes(Forbidden):
    """As many codes as may be went to this mailbox, or from this conversation, within an hour."""


class NotProved(Forbidden):
    """The customer has not shown that the mailbox is theirs."""


class Answer(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"
    SPENT = "spent"  # wrong for the last time
    EXPIRED = "expired"  # or there is none


def make_code(session: Session, conversation_id: UUID, email: str, turn_key: str) -> str:
    """A new code for this mailbox; its only copy, to be mailed. The same turn tried again gets
    another code in the place of its first.

    Raises:
        TooManyCodes: it is not to become a way to fill mailboxes.
    """
    conversations.conversation(session, conversation_id, lock=True)
    address, code = queries.digest_of(email), new_code()
    last = queries.last_check(session, conversation_id, address)
    if last is None or last.turn_key != turn_key or not turn_key:
        last = _one_more(session, conversation_id, address, turn_key)
    last.code = code_digest(code, last.id, settings().secret.get_secret_value())
    last.tries, last.proved_at, last.expires_at = 0, None, clock.now() + LASTS
    session.flush()
    return code


def take_code(session: Session, conversation_id: UUID, email: str, code: str) -> Answer:
    """What a code that was written proves. The third wrong one ends it; once right, the mailbox
    is the customer's for the half hour."""
    conversations.conversation(session, conversation_id, lock=True)
    last = queries.last_check(session, conversation_id, queries.digest_of(email))
    if last is None or last.tries >= TRIES or last.expires_at <= clock.now():
        return Answer.EXPIRED
    given = code_digest(code, last.id, settings().secret.get_secret_value())
    if is_same(given, last.code):
        if last.proved_at is None:
            last.proved_at = clock.now()
            note(session, conversation_id, "check.passed", check_id=last.id)
        return Answer.RIGHT
    last.tries += 1
    note(session, conversation_id, "check.failed", check_id=last.id, tries=last.tries)
    return Answer.SPENT if last.tries >= TRIES else Answer.WRONG


def require_proof(session: Session, conversation_id: UUID, kind: str, email: str) -> None:
    """Let nothing through that needs a code which has not come back.

    Raises:
        NotProved: it has not.
    """
    if queries.needs_code(session, conversation_id, kind, email):
        raise NotProved("A code that was mailed has to come back first.")


def _one_more(session: Session, conversation_id: UUID, address: str, turn_key: str) -> Check:
    to_it, from_it = queries.sent_lately(session, address=address, conversation_id=conversation_id)
    if to_it >= MOST_PER_ADDRESS or from_it >= MOST_PER_CONVERSATION:
        raise TooManyCodes("Codes were sent as often as they may be within an hour.")
    made = Check(
        id=uuid4(),
        conversation_id=conversation_id,
        address=address,
        code="",
        turn_key=turn_key,
        expires_at=clock.now() + LASTS,
    )
    session.add(made)
    session.flush()
    note(session, conversation_id, "check.sent", check_id=made.id)
    return made
