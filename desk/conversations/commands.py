"""Hearing, saying, understanding, resolving: every way a conversation moves on."""

import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk import clock
from desk.conversations import queries
from desk.conversations.models import (
    Answerer,
    Author,
    Conversation,
    Cue,
    CueKind,
    CueStatus,
    Resolver,
    Status,
    Turn,
)
from desk.conversations.rules import (
    ANSWERS,
    DESK_PREFIX,
    OLD_CHOICE,
    digest_of,
    language_of,
    readable,
    topic_after,
    upset_after,
)
from desk.errors import Conflict, Invalid
from desk.events.commands import record
from desk.events.models import Audience
from desk.integrations.bot import Meant
from desk.people.models import Customer, Person
from desk.surveys import commands as surveys


class SaidOtherwise(Conflict):
    """The same message id came before with other words."""


class NoSuchQuickReply(Invalid):
    """The button that was clicked does not stand in this conversation."""


@dataclass(frozen=True)
class Heard:
    """A customer's turn, and the payload of the quick reply it clicked, if it did."""

    turn: Turn
    is_new: bool
    payload: str | None


@dataclass(frozen=True)
class Choice:
    """Which quick reply was clicked: the turn that offered it, and its place there."""

    turn_id: UUID
    index: int


def start(
    session: Session, customer: Customer, client_id: UUID, *, language: str, synthetic: bool = False
) -> Conversation:
    """Begin a conversation. Asking again with the same `client_id` gives the same one."""
    before = select(Conversation).where(
        Conversation.customer_id == customer.id, Conversation.client_id == client_id
    )
    found = session.scalars(before).first()
    if found is not None:
        return found
    begun = Conversation(
        customer=customer, client_id=client_id, language=language, synthetic=synthetic
    )
    session.add(begun)
    session.flush()
    _note(
        session,
        begun,
        "conversation.created",
        channel=begun.channel,
        language=language,
        customer_id=customer.id,
        synthetic=synthetic or None,
    )
    return begun


def hear(
    session: Session,
    conversation_id: UUID,
    client_id: UUID,
    text: str,
    choice: Choice | None = None,
) -> Heard:
    """Take down what the customer said; a second delivery of the same message changes nothing.

    Raises:
        TooLong, Unreadable: the text is none.
        SaidOtherwise: `client_id` was used for other words.
        NoSuchQuickReply: the clicked button is not of this conversation.
    """
    words = readable(text)
    spoken = queries.conversation(session, conversation_id, lock=True)
    chosen = f"{choice.turn_id}/{choice.index}" if choice else None
    before = queries.turn_by_client_id(session, conversation_id, client_id)
    if before is not None:
        if (before.text, before.chosen) != (words, chosen):
            raise SaidOtherwise("This message id was already used for another message.")
        return Heard(before, is_new=False, payload=None)
    payload = _payload(session, conversation_id, choice) if choice else None
    reopen_if_resolved(session, spoken)
    if choice is None:
        spoken.language = language_of(words, spoken.language)
    heard = _add_turn(session, spoken, Author.CUSTOMER, words, client_id=client_id, chosen=chosen)
    return Heard(heard, is_new=True, payload=payload)


def owe_answer(session: Session, heard: Turn, payload: str | None) -> Cue:
    """Have the bot answer a customer's turn."""
    return _add_cue(
        session,
        heard.conversation_id,
        kind=CueKind.MESSAGE,
        turn_id=heard.id,
        payload=payload,
        key=f"turn:{heard.id}",
    )


def owe_news(
    session: Session, conversation_id: UUID, intent: str, facts: dict[str, Any], *, key: str
) -> Cue:
    """Have the bot tell the customer that something happened, once per `key`."""
    queries.conversation(session, conversation_id, lock=True)
    told = session.scalars(select(Cue).where(Cue.key == key)).first()
    if told is not None:
        return told
    return _add_cue(
        session, conversation_id, kind=CueKind.NEWS, intent=intent, facts=facts, key=key
    )


def say(
    session: Session,
    conversation_id: UUID,
    text: str,
    *,
    author: Author,
    agent_id: UUID | None = None,
    client_id: UUID | None = None,
    cue_id: UUID | None = None,
    place: int | None = None,
    quick_replies: list[dict[str, Any]] | None = None,
) -> Turn:
    """Speak to the customer. The same reply to the same cue, or the same `client_id`, is said once.

    Raises:
        SaidOtherwise: `client_id` was used for other words.
    """
    spoken = queries.conversation(session, conversation_id, lock=True)
    if client_id is not None:
        before = queries.turn_by_client_id(session, conversation_id, client_id)
        if before is not None and before.text != text:
            raise SaidOtherwise("This message id was already used for another message.")
        if before is not None:
            return before
    if cue_id is not None:
        said = select(Turn).where(Turn.cue_id == cue_id, Turn.place == place)
        before = session.scalars(said).first()
        if before is not None:
            return before
    return _add_turn(
        session,
        spoken,
        author,
        text,
        agent_id=agent_id,
        client_id=client_id,
        cue_id=cue_id,
        place=place,
        quick_replies=quick_replies or [],
    )


def understood(
    session: Session,
    cue_id: UUID,
    intent: str,
    confidence: float,
    sentiment: float | None,
    upset: float | None = None,
) -> None:
    """Write down what the bot took a customer's turn to mean. Only the first word counts.
    `sentiment` is in [-1, 1], `upset` a chance; a quick reply has neither."""
    cue = session.get(Cue, cue_id)
    if cue is not None and cue.turn_id is not None:
        meant = Meant(intent, confidence, sentiment, upset)
        take_to_mean(session, cue.conversation_id, cue.turn_id, meant)


def take_to_mean(session: Session, conversation_id: UUID, turn_id: UUID, meant: Meant) -> None:
    """`understood` for any turn of a customer, whoever answers it."""
    spoken = queries.conversation(session, conversation_id, lock=True)
    turn = session.get_one(Turn, turn_id)
    session.refresh(turn, ["intent"])  # it may have been looked at before the lock was ours
    if turn.intent is not None:
        return
    turn.intent = meant.intent
    turn.confidence = round(min(1.0, max(0.0, meant.confidence)), 4)
    if meant.sentiment is not None:
        turn.sentiment = spoken.sentiment = round(min(1.0, max(-1.0, meant.sentiment)), 4)
    if meant.upset is not None:
        turn.upset = round(min(1.0, max(0.0, meant.upset)), 4)
        spoken.upset = round(upset_after(spoken.upset, turn.upset, turn.sentiment or 0.0), 4)
    spoken.topic = topic_after(meant.intent, spoken.topic)
    _note(
        session,
        spoken,
        "turn.understood",
        audience=Audience.STAFF,
        turn_id=turn.id,
        intent=meant.intent,
        confidence=turn.confidence,
        language=turn.language,
        sentiment=turn.sentiment,
        upset=turn.upset,
    )


def reach_goal(session: Session, conversation_id: UUID, goal: str, by: Resolver) -> None:
    """Note that the customer has what they came for, as far as the desk can tell."""
    spoken = queries.conversation(session, conversation_id, lock=True)
    spoken.goal_reached_by = by
    _note(session, spoken, "conversation.goal_reached", audience=Audience.STAFF, goal=goal, by=by)


def settle_solved(session: Session, conversation_id: UUID, solved: bool, key: str) -> None:
    """Take the customer's yes or no to "did this solve it?"; a yes resolves the conversation,
    unless a person has been asked for meanwhile: then it is theirs to resolve."""
    spoken = queries.conversation(session, conversation_id, lock=True)
    if spoken.status is Status.RESOLVED:
        return
    _note(session, spoken, "conversation.solved", solved=solved, key=key)
    if solved and spoken.answered_by is Answerer.BOT:
        resolve(session, conversation_id, by=spoken.goal_reached_by or Resolver.BOT)


def resolve(
    session: Session, conversation_id: UUID, *, by: Resolver, agent_id: UUID | None = None
) -> Conversation:
    """Close the matter, and ask the customer how it was. Resolving twice is harmless."""
    spoken = queries.conversation(session, conversation_id, lock=True)
    if spoken.status is Status.RESOLVED:
        return spoken
    spoken.status, spoken.resolved_at = Status.RESOLVED, clock.now()
    spoken.answered_by, spoken.agent = Answerer.BOT, None
    _note(session, spoken, "conversation.resolved", by=by, agent_id=agent_id)
    if not spoken.synthetic:
        surveys.ask(session, spoken.id, spoken.customer_id, by, agent_id)
    return spoken


def drop_unanswered(session: Session, conversation_id: UUID) -> None:
    """Let the bot owe no answer to any message any more: a person has come. News stays due."""
    waiting = select(Cue).where(
        Cue.conversation_id == conversation_id,
        Cue.kind == CueKind.MESSAGE,
        Cue.status == CueStatus.DUE,
    )
    for cue in session.scalars(waiting):
        cue.status, cue.closed_at = CueStatus.DROPPED, clock.now()


def reopen_if_resolved(session: Session, spoken: Conversation) -> None:
    """Open the matter again, if it was closed."""
    if spoken.status is Status.RESOLVED:
        spoken.status, spoken.resolved_at = Status.OPEN, None
        _note(session, spoken, "conversation.reopened")


def note(session: Session, conversation_id: UUID, kind: str, /, **facts: Any) -> None:
    """Record an event of this conversation that the staff, not the customer, may see."""
    spoken = queries.conversation(session, conversation_id, lock=True)
    _note(session, spoken, kind, audience=Audience.STAFF, **facts)


def _payload(session: Session, conversation_id: UUID, choice: Choice) -> str | None:
    """What the click means; None if no more than its words. A yes or no to a question that is
    past must not answer the next one, so it means neither."""
    offered = queries.turn(session, choice.turn_id)
    if offered is None or offered.conversation_id != conversation_id:
        raise NoSuchQuickReply("That quick reply does not stand in this conversation.")
    if not 0 <= choice.index < len(offered.quick_replies):
        raise NoSuchQuickReply("That message offers no such quick reply.")
    payload = str(offered.quick_replies[choice.index]["payload"])
    if payload.startswith(DESK_PREFIX) or not _is_past(session, offered):
        return payload
    return OLD_CHOICE if payload in ANSWERS else None


def _is_past(session: Session, offered: Turn) -> bool:
    """Whether the bot has gone on since it offered this, or is about to."""
    later = select(Turn.id).where(
        Turn.conversation_id == offered.conversation_id,
        Turn.sequence > offered.sequence,
        Turn.author == Author.BOT,
        Turn.cue_id.is_distinct_from(offered.cue_id),
    )
    if session.scalars(later.limit(1)).first() is not None:
        return True
    return queries.next_cue(session, offered.conversation_id) is not None


def _add_turn(
    session: Session, spoken: Conversation, author: Author, text: str, **more: Any
) -> Turn:
    spoken.turn_count += 1
    agent_id = more.pop("agent_id", None)
    said = Turn(
        agent=session.get(Person, agent_id) if agent_id else None,
        conversation_id=spoken.id,
        sequence=spoken.turn_count,
        author=author,
        text=text,
        salt=secrets.token_hex(16),
        language=spoken.language,
        **more,
    )
    session.add(said)
    session.flush()
    _note(
        session,
        spoken,
        "turn.created",
        turn_id=said.id,
        sequence=said.sequence,
        author=author,
        agent_id=said.agent_id,
        language=said.language,
        digest=digest_of(text, said.salt),
    )
    return said


def _add_cue(session: Session, conversation_id: UUID, **what: Any) -> Cue:
    so_far = select(func.count()).where(Cue.conversation_id == conversation_id)
    number = (session.scalar(so_far) or 0) + 1
    cue = Cue(conversation_id=conversation_id, number=number, status=CueStatus.DUE, **what)
    session.add(cue)
    session.flush()
    return cue


def _note(
    session: Session,
    spoken: Conversation,
    kind: str,
    /,
    audience: Audience = Audience.CUSTOMER,
    **facts: Any,
) -> None:
    record(session, kind, spoken.id, audience, conversation_id=spoken.id, **facts)
