"""Noting which passage a customer was shown, and whether it helped."""

from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from desk import clock
from desk.conversations import commands as conversations
from desk.conversations.commands import note
from desk.conversations.models import Resolver
from desk.conversations.queries import conversation
from desk.knowledge.models import Showing, Unanswered, Verdict
from desk.knowledge.queries.figures import showing_just_said, showing_of, unanswered_of


@dataclass(frozen=True)
class Shown:
    """A passage as it is said. `chance` is the search's; None where the intent led to it."""

    slug: str
    language: str
    anchor: str
    intent: str | None
    chance: float | None
    asks: bool


def show(session: Session, conversation_id: UUID, cue_id: UUID, shown: Shown) -> None:
    """Note that the message `cue_id` is answered with this passage, and that the customer has what
    they came for. Only the first word counts."""
    conversation(session, conversation_id, lock=True)
    if showing_of(session, cue_id, shown.slug) is not None:
        return
    told = asdict(shown) | {"chance": _rounded(shown.chance)}
    session.add(Showing(conversation_id=conversation_id, cue_id=cue_id, **told))
    note(session, conversation_id, "article.shown", cue_id=cue_id, **told)
    conversations.reach_goal(session, conversation_id, shown.intent or shown.slug, by=Resolver.BOT)


def note_unanswered(
    session: Session,
    conversation_id: UUID,
    cue_id: UUID,
    *,
    question: str,
    language: str,
    chance: float,
    nearest: str | None,
) -> None:
    """Note a question that no article answers, without personal data in it. Once per message."""
    conversation(session, conversation_id, lock=True)
    if unanswered_of(session, cue_id) is not None:
        return
    told = {"language": language, "chance": _rounded(chance), "nearest": nearest}
    missing = Unanswered(conversation_id=conversation_id, cue_id=cue_id, question=question, **told)
    session.add(missing)
    note(session, conversation_id, "article.none", cue_id=cue_id, **told)


def settle_solved(session: Session, conversation_id: UUID, solved: bool, key: str) -> None:
    """Take the customer's yes or no to "did this solve it?": for the conversation, and for the
    article if the question stood below one. A second yes or no to the same changes nothing."""
    conversation(session, conversation_id, lock=True)
    said = showing_just_said(session, conversation_id, before_cue=key)
    if said is not None and said.verdict is None:
        said.verdict = Verdict.SOLVED if solved else Verdict.FAILED
        said.settled_at = clock.now()
        told = {"slug": said.slug, "language": said.language, "anchor": said.anchor}
        kind = f"article.{said.verdict}"
        note(session, conversation_id, kind, cue_id=said.cue_id, **told)
    conversations.settle_solved(session, conversation_id, solved, key)


def _rounded(chance: float | None) -> float | None:
    return None if chance is None else round(min(1.0, max(0.0, chance)), 4)
