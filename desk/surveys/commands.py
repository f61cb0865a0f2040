"""Asking customers how it was, and taking their answer."""

from uuid import UUID

from sqlalchemy.orm import Session

from desk import clock
from desk.errors import Conflict, Invalid
from desk.events.commands import record
from desk.events.models import Audience
from desk.people import queries as people
from desk.surveys import queries
from desk.surveys.models import Survey
from desk.surveys.rules import SCORES, may_be_asked


class NotAsked(Conflict):
    """Nobody asks about this conversation: it is open, or the customer was asked lately."""


class NoSuchScore(Invalid):
    """It is not one of the five."""


def ask(
    session: Session, conversation_id: UUID, customer_id: UUID, resolver: str, agent_id: UUID | None
) -> Survey | None:
    """Ask a customer whose conversation was just resolved how it was; None if they were asked
    within 14 days. A question about the same conversation that nobody has answered yet is asked
    anew, about whoever resolved it now."""
    people.customer(session, customer_id, lock=True)
    last = queries.last_asked(session, customer_id)
    if last is not None and last.score is None and last.conversation_id == conversation_id:
        asked = last
    elif may_be_asked(last.asked_at if last else None, clock.now()):
        asked = Survey(conversation_id=conversation_id, customer_id=customer_id)
        session.add(asked)
    else:
        return None
    asked.resolver, asked.agent_id, asked.asked_at = resolver, agent_id, clock.now()
    session.flush()
    _note(session, asked, "survey.asked")
    return asked


def answer(session: Session, conversation_id: UUID, score: int, comment: str | None) -> Survey:
    """Take the customer's answer; another one within 14 days takes its place. The same one twice
    is one. The event holds no word of the comment.

    Raises:
        NoSuchScore: it is not 1, 2, 3, 4 or 5.
        NotAsked: nobody asks, or did so more than 14 days ago.
    """
    if score not in SCORES:
        raise NoSuchScore(f"A score is 1, 2, 3, 4 or 5; this one is {score}.")
    asked = queries.answerable(session, conversation_id)
    if asked is None:
        raise NotAsked("This conversation asks for no rating now.")
    if (asked.score, asked.comment) == (score, comment):
        return asked
    asked.score, asked.comment, asked.answered_at = score, comment, clock.now()
    _note(session, asked, "survey.answered", score=score)
    return asked


def _note(session: Session, survey: Survey, kind: str, **facts: int) -> None:
    record(
        session,
        kind,
        survey.conversation_id,
        Audience.CUSTOMER,
        conversation_id=survey.conversation_id,
        survey_id=survey.id,
        resolver=survey.resolver,
        agent_id=survey.agent_id,
        **facts,
    )
