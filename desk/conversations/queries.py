"""Reading conversations."""

from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from desk.conversations.models import Answerer, Conversation, Cue, CueStatus, Status, Turn
from desk.errors import NotFound
from desk.people.models import Customer

# Asked for many times a turn, so put together once.
_ONE = (
    select(Conversation)
    .where(Conversation.id == bindparam("asked"))
    .options(joinedload(Conversation.customer), joinedload(Conversation.agent))
)
_ONE_LOCKED = _ONE.with_for_update(of=Conversation).execution_options(populate_existing=True)
_OPEN = (
    select(Conversation)
    .where(Conversation.status == Status.OPEN)
    .options(joinedload(Conversation.customer), joinedload(Conversation.agent))
)


class NoSuchConversation(NotFound):
    """No conversation has this id, or it is not the asker's."""


def conversation(session: Session, conversation_id: UUID, *, lock: bool = False) -> Conversation:
    """One conversation with its customer; `lock` keeps other writers out until the commit.

    Raises:
        NoSuchConversation: there is none.
    """
    found = session.scalars(_ONE_LOCKED if lock else _ONE, {"asked": conversation_id}).first()
    if found is None:
        raise NoSuchConversation("There is no such conversation.")
    return found


def conversation_of(
    session: Session, customer_id: UUID, conversation_id: UUID, *, lock: bool = False
) -> Conversation:
    """One of a customer's own conversations. Another's is as good as none.

    Raises:
        NoSuchConversation: there is none, or it is somebody else's.
    """
    found = conversation(session, conversation_id, lock=lock)
    if found.customer_id != customer_id:
        raise NoSuchConversation("There is no such conversation.")
    return found


def conversations_of(session: Session, customer_id: UUID) -> list[Conversation]:
    """A customer's conversations, the newest first, fifty at most."""
    theirs = select(Conversation).where(Conversation.customer_id == customer_id)
    return list(session.scalars(theirs.order_by(Conversation.created_at.desc()).limit(50)))


def turns(session: Session, conversation_id: UUID) -> list[Turn]:
    """All that was said, in order."""
    said = select(Turn).where(Turn.conversation_id == conversation_id)
    return list(session.scalars(said.options(joinedload(Turn.agent)).order_by(Turn.sequence)))


def turn(session: Session, turn_id: UUID) -> Turn | None:
    """One turn with its agent's name at hand."""
    said = select(Turn).where(Turn.id == turn_id).options(joinedload(Turn.agent))
    return session.scalars(said).first()


def last_turns(session: Session, conversation_ids: list[UUID]) -> dict[UUID, Turn]:
    """The newest turn of each conversation that has one."""
    newest = (
        select(Turn)
        .join(Conversation, Conversation.id == Turn.conversation_id)
        .where(Turn.conversation_id.in_(conversation_ids))
        .where(Turn.sequence == Conversation.turn_count)
    )
    return {said.conversation_id: said for said in session.scalars(newest)}


def turn_by_client_id(session: Session, conversation_id: UUID, client_id: UUID) -> Turn | None:
    """The turn that a browser has sent before under the same id."""
    sent = select(Turn).where(Turn.conversation_id == conversation_id, Turn.client_id == client_id)
    return session.scalars(sent.options(joinedload(Turn.agent))).first()


def next_cue(session: Session, conversation_id: UUID) -> Cue | None:
    """What the bot owes words to first."""
    due = select(Cue).where(Cue.conversation_id == conversation_id, Cue.status == CueStatus.DUE)
    return session.scalars(due.order_by(Cue.number).limit(1)).first()


def waiting_conversations(session: Session) -> list[Conversation]:
    """Those in the queue, with customer and agent, in no order: the hand-off knows the wait."""
    return list(session.scalars(_OPEN.where(Conversation.answered_by == Answerer.QUEUE)))


def conversations_with(session: Session, agent_id: UUID) -> list[Conversation]:
    """Those that an agent has, with customer and agent, the oldest first."""
    theirs = _OPEN.where(Conversation.agent_id == agent_id)
    return list(session.scalars(theirs.order_by(Conversation.created_at)))


def other_conversations(session: Session, agent_id: UUID, limit: int) -> list[Conversation]:
    """Of those with the bot or with another agent, in which something was said, the newest."""
    others = _OPEN.where(
        Conversation.answered_by != Answerer.QUEUE,
        Conversation.agent_id.is_distinct_from(agent_id),
        Conversation.turn_count > 0,
    )
    return list(session.scalars(others.order_by(Conversation.created_at.desc()).limit(limit)))


def identity_level(session: Session, conversation_id: UUID) -> str:
    """How sure the desk is who the customer is: `anonymous`, `claimed` or `verified`."""
    return level_of(conversation(session, conversation_id).customer)


def level_of(customer: Customer) -> str:
    """The same of a customer at hand."""
    if customer.verified_at is not None:
        return "verified"
    return "claimed" if customer.email else "anonymous"


def customer_email(session: Session, conversation_id: UUID) -> str | None:
    """The address that the web site vouches for, if it does."""
    known = conversation(session, conversation_id).customer
    return known.email if known.verified_at else None


def may_touch(
    session: Session, conversation_id: UUID, order_email: str, given_email: str | None
) -> bool:
    """Whether this customer may have something done to an order placed with `order_email`: it is
    the address the web site vouches for, or, from somebody unknown, the one they could name."""
    vouched = customer_email(session, conversation_id)
    known = vouched if vouched is not None else given_email
    return known is not None and known.strip().lower() == order_email.strip().lower()
