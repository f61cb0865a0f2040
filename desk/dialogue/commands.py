"""The exchange with the bot: what it is asked, what it answered, and what when it cannot."""

from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from desk import clock
from desk.conversations import queries as conversations
from desk.conversations.commands import (
    Choice,
    drop_unanswered,
    hear,
    note,
    owe_answer,
    owe_news,
    say,
)
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
    LEASE,
    PERSON_PAYLOAD,
    TURNS_PER_RASA_SESSION,
    may_speak,
    should_ask,
)
from desk.escalations.commands import AlreadyEscalated, escalate, hand_back
from desk.escalations.models import Kind, Reason
from desk.escalations.queries import escalations_of
from desk.escalations.rules import Packet
from desk.integrations.bot import Question, Reply
from desk.integrations.wording import wording
from desk.people.models import Person

LATE, LOST, PERSON = -1, -2, -3  # places of the desk's own words beside the bot's replies


@dataclass(frozen=True)
class Due:
    """One thing to ask the bot, leased to this process."""

    cue_id: UUID
    question: Question


def receive(
    session: Session,
    customer_id: UUID,
    conversation_id: UUID,
    client_id: UUID,
    text: str,
    choice: Choice | None = None,
) -> Turn:
    """Take what a customer sent and see that somebody answers it.

    Raises:
        NoSuchConversation: it is not theirs.
        TooLong, Unreadable, SaidOtherwise, NoSuchQuickReply: as `hear`.
    """
    spoken = conversations.conversation_of(session, customer_id, conversation_id, lock=True)
    heard = hear(session, conversation_id, client_id, text, choice)
    if heard.is_new and heard.payload == PERSON_PAYLOAD:
        _fetch_person(session, spoken)
    elif heard.is_new and spoken.answered_by is Answerer.BOT:
        owe_answer(session, heard.turn, heard.payload)
    return heard.turn


def receive_and_take(
    session: Session,
    holder: str,
    customer_id: UUID,
    conversation_id: UUID,
    client_id: UUID,
    text: str,
    choice: Choice | None = None,
) -> tuple[Turn, Due | None]:
    """`receive`, then `take_next` if nobody is at the conversation, in one transaction."""
    heard = receive(session, customer_id, conversation_id, client_id, text, choice)
    spoken = conversations.conversation(session, conversation_id)
    is_free = spoken.lease_until is None or spoken.lease_until <= clock.now()
    return heard, take_next(session, conversation_id, holder) if is_free else None


def take_next(session: Session, conversation_id: UUID, holder: str) -> Due | None:
    """Lease the conversation and its first unanswered cue; None if there is none, or another
    process is at it."""
    spoken = conversations.conversation(session, conversation_id, lock=True)
    at = clock.now()
    if spoken.lease_until and spoken.lease_until > at and spoken.lease_holder != holder:
        return None
    while (cue := conversations.next_cue(session, conversation_id)) is not None:
        if should_ask(cue.kind, spoken.answered_by):
            spoken.lease_holder, spoken.lease_until = holder, at + LEASE
            cue.attempts += 1
            return _due(session, spoken, cue)
        _close(cue, CueStatus.DROPPED)
        _say_that_a_person_comes(session, spoken, cue)
        session.flush()
    spoken.lease_holder = spoken.lease_until = None
    return None


def release(session: Session, conversation_id: UUID, holder: str) -> None:
    """Let another try, or this process later, ask again."""
    spoken = conversations.conversation(session, conversation_id, lock=True)
    if spoken.lease_holder == holder:
        spoken.lease_holder = spoken.lease_until = None


def answer(session: Session, cue_id: UUID, replies: list[Reply], *, was_cut: bool = False) -> None:
    """Pass the bot's words on, unless a person has come meanwhile. Doing it twice says it once."""
    cue = _open_cue(session, cue_id)
    if cue is None:
        return
    spoken = conversations.conversation(session, cue.conversation_id)
    spoken.turns_since_cut = 1 if was_cut else spoken.turns_since_cut + 1
    if not may_speak(spoken.answered_by):
        _close(cue, CueStatus.DROPPED)
        return
    for place, reply in enumerate(replies):
        say(
            session,
            cue.conversation_id,
            reply.text,
            author=Author.BOT,
            cue_id=cue.id,
            place=place,
            quick_replies=reply.quick_replies,
        )
    _close(cue, CueStatus.ANSWERED)


def answer_and_take_next(
    session: Session, due: Due, replies: list[Reply], conversation_id: UUID, holder: str
) -> Due | None:
    """`answer`, then `take_next`, in one transaction: every commit waits for the disk."""
    answer(session, due.cue_id, replies, was_cut=due.question.cut)
    return take_next(session, conversation_id, holder)


def notice(session: Session, cue_id: UUID) -> None:
    """Tell the customer once that the answer takes longer, and offer a person."""
    cue = _open_cue(session, cue_id)
    if cue is None or cue.noticed_at is not None:
        return
    spoken = conversations.conversation(session, cue.conversation_id)
    if not should_ask(cue.kind, spoken.answered_by):
        return
    cue.noticed_at = clock.now()
    offer = wording("utter_desk_quick_reply_person", spoken.language)
    say(
        session,
        cue.conversation_id,
        wording("utter_desk_bot_unreachable", spoken.language),
        author=Author.SYSTEM,
        cue_id=cue.id,
        place=LATE,
        quick_replies=[{"title": offer, "payload": PERSON_PAYLOAD}],
    )
    note(session, cue.conversation_id, "bot.late", cue_id=cue.id)


def give_up(session: Session, cue_id: UUID, code: str) -> None:
    """The bot cannot answer this: say so, and fetch a person."""
    cue = _open_cue(session, cue_id)
    if cue is None:
        return
    _close(cue, CueStatus.FAILED)
    note(session, cue.conversation_id, "bot.failed", cue_id=cue.id, code=code)
    spoken = conversations.conversation(session, cue.conversation_id)
    if not may_speak(spoken.answered_by):
        return
    say(
        session,
        cue.conversation_id,
        wording("utter_desk_person_coming_after_failure", spoken.language),
        author=Author.SYSTEM,
        cue_id=cue.id,
        place=LOST,
    )
    _escalate(session, spoken, Kind.SYSTEM, Reason.BOT_FAILED, f"bot: {code}")


def return_to_bot(
    session: Session, conversation_id: UUID, agent: Person, note_text: str | None
) -> Conversation:
    """Hand the conversation back, and have the bot say that it is there again.

    Raises:
        NotYours: the conversation is not with this agent.
    """
    spoken = hand_back(session, conversation_id, agent, note_text)
    handoff = escalations_of(session, conversation_id)[-1]
    key = f"handed_back:{handoff.id}"
    owe_news(session, conversation_id, "EXTERNAL_handed_back", {}, key=key)
    return spoken


def _fetch_person(session: Session, spoken: Conversation) -> None:
    if spoken.answered_by is Answerer.AGENT:
        return
    drop_unanswered(session, spoken.id)  # the answers that the customer no longer waits for
    _escalate(session, spoken, Kind.OFFERED, Reason.BOT_FAILED, "bot: late")
    words = wording("utter_desk_person_coming", spoken.language)
    say(session, spoken.id, words, author=Author.SYSTEM)


def _say_that_a_person_comes(session: Session, spoken: Conversation, cue: Cue) -> None:
    """The bot may have fetched a person and died before it could say so."""
    turn = session.get(Turn, cue.turn_id) if cue.turn_id else None
    is_unanswered = turn is not None and turn.sequence == spoken.turn_count
    if is_unanswered and spoken.answered_by is Answerer.QUEUE:
        words = wording("utter_desk_person_coming", spoken.language)
        say(session, spoken.id, words, author=Author.SYSTEM, cue_id=cue.id, place=PERSON)


def _escalate(
    session: Session, spoken: Conversation, kind: Kind, reason: Reason, tried: str
) -> None:
    with suppress(AlreadyEscalated):
        escalate(session, spoken.id, kind=kind, reason=reason, packet=Packet(tried=[tried]))


def _due(session: Session, spoken: Conversation, cue: Cue) -> Due:
    turn = session.get(Turn, cue.turn_id) if cue.turn_id else None
    question = Question(
        conversation_id=str(spoken.id),
        key=str(cue.id),
        language=spoken.language if turn is None else turn.language,
        text=turn.text if turn else "",
        payload=cue.payload,
        intent=cue.intent,
        facts=cue.facts,
        cut=cue.kind is CueKind.MESSAGE and spoken.turns_since_cut >= TURNS_PER_RASA_SESSION,
    )
    return Due(cue.id, question)


def _open_cue(session: Session, cue_id: UUID) -> Cue | None:
    cue = session.get(Cue, cue_id)
    if cue is None:
        return None
    conversations.conversation(session, cue.conversation_id, lock=True)
    session.refresh(cue)
    return cue if cue.status is CueStatus.DUE else None


def _close(cue: Cue, status: CueStatus) -> None:
    cue.status, cue.closed_at = status, clock.now()
