"""Keeping texts ready for agents."""

from contextlib import suppress
from uuid import UUID

from sqlalchemy.orm import Session

from desk.errors import Conflict
from desk.events.commands import record
from desk.people.models import Person
from desk.replies import queries
from desk.replies.models import CannedReply
from desk.replies.rules import fillable, shortcut_of


class ShortcutTaken(Conflict):
    """Another text has this shortcut in this language."""


def add_reply(
    session: Session, person: Person, *, shortcut: str, language: str, body: str
) -> CannedReply:
    """Keep a text ready.

    Raises:
        NoShortcut, NoSuchPlace, TooLong, Unreadable: it could not be found, filled or sent.
        ShortcutTaken: the shortcut is another text's.
    """
    made = CannedReply(
        shortcut=shortcut_of(shortcut),
        language=language,
        body=fillable(body),
        person_id=person.id,
    )
    _see_that_it_is_free(session, made.shortcut, language)
    session.add(made)
    session.flush()
    _note(session, made, "reply.added", person)
    return made


def change_reply(
    session: Session, reply_id: UUID, person: Person, *, shortcut: str, language: str, body: str
) -> CannedReply:
    """Keep other words, or the same under another shortcut.

    Raises:
        NoSuchReply: there is none.
        NoShortcut, NoSuchPlace, TooLong, Unreadable, ShortcutTaken: as `add_reply`; it stays.
    """
    known = queries.reply(session, reply_id, lock=True)
    name, words = shortcut_of(shortcut), fillable(body)
    _see_that_it_is_free(session, name, language, known.id)
    known.shortcut, known.language, known.body = name, language, words
    known.person_id = person.id
    session.flush()
    _note(session, known, "reply.changed", person)
    return known


def remove_reply(session: Session, reply_id: UUID, person: Person) -> None:
    """Keep it no more. Twice is harmless; what was sent stays said."""
    with suppress(queries.NoSuchReply):
        known = queries.reply(session, reply_id, lock=True)
        _note(session, known, "reply.removed", person)
        session.delete(known)


def _see_that_it_is_free(
    session: Session, shortcut: str, language: str, but: UUID | None = None
) -> None:
    if queries.is_taken(session, shortcut, language, but):
        raise ShortcutTaken("Another reply has this shortcut in this language.")


def _note(session: Session, about: CannedReply, kind: str, person: Person) -> None:
    record(session, kind, about.id, reply_id=about.id, person_id=person.id)
