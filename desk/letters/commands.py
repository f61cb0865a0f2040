"""Owing letters, and seeing whether they are needed."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import clock
from desk.conversations import queries as conversations
from desk.conversations.models import Answerer
from desk.durable import later
from desk.events.commands import record
from desk.letters import queries
from desk.letters.models import Letter, Presence, Standing
from desk.letters.rules import ABSENT_FOR, LOOK_AGAIN, LOOKS, was_there


@dataclass(frozen=True)
class ToSend:
    """A letter whose time has come: to the vouched address, else to who placed the order."""

    said: list[str]
    language: str
    address: str | None
    order_number: str | None


def owe_letter(
    session: Session, conversation_id: UUID, key: str, *, order_number: str | None = None
) -> None:
    """Have these words mailed to the customer should they have left, once per `key`."""
    if session.scalars(select(Letter.id).where(Letter.key == key)).first() is not None:
        return
    letter = Letter(conversation_id=conversation_id, key=key, order_number=order_number)
    session.add(letter)
    session.flush()
    later(session, "send_letter", letter.id, not_before=clock.now() + ABSENT_FOR)


def see_customers(session: Session, conversation_ids: list[UUID]) -> None:
    """Note that the customers of these conversations have them open just now."""
    at = clock.now()
    for known in sorted(conversation_ids):
        session.merge(Presence(id=known, seen_at=at))


def look(session: Session, letter_id: UUID, looks: int) -> ToSend | None:
    """Whether the letter has to go now; if that cannot be told yet, look again a little later."""
    letter = session.get_one(Letter, letter_id, with_for_update=True)
    if letter.standing is not Standing.DUE:
        return None
    words = queries.words_of(session, letter)
    is_early = words.at is not None and clock.now() < words.at + ABSENT_FOR
    if (is_early or not (words.said or words.is_over)) and looks < LOOKS:
        again = clock.now() + LOOK_AGAIN
        later(session, "send_letter", letter_id, round=looks + 1, not_before=again)
        return None
    spoken = conversations.conversation(session, letter.conversation_id)
    seen = queries.seen_at(session, letter.conversation_id)
    is_met = words.at is not None and was_there(seen, words.at)
    is_anothers = spoken.answered_by is Answerer.AGENT and not letter.key.startswith("turn:")
    if not words.said or is_met or is_anothers:
        close(session, letter_id, Standing.NEEDLESS)
        return None
    address = queries.vouched_address(session, spoken.id)
    return ToSend(words.said, spoken.language, address, letter.order_number)


def close(session: Session, letter_id: UUID, standing: Standing) -> None:
    """Write down what became of a letter. Only the first word counts."""
    letter = session.get_one(Letter, letter_id, with_for_update=True)
    if letter.standing is not Standing.DUE:
        return
    letter.standing, letter.closed_at = standing, clock.now()
    if standing is not Standing.NEEDLESS:
        record(
            session,
            f"letter.{standing}",
            letter.conversation_id,
            conversation_id=letter.conversation_id,
            letter_id=letter.id,
        )
