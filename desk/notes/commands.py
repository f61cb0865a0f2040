"""Writing notes, and having seen them."""

from uuid import UUID

from sqlalchemy.orm import Session

from desk import clock
from desk.conversations import queries as conversations
from desk.conversations.commands import note as put_down
from desk.errors import Conflict
from desk.notes import queries
from desk.notes.models import Mention, Note
from desk.notes.rules import named_in, readable_note
from desk.people.models import Person
from desk.people.queries import everybody


class NotedOtherwise(Conflict):
    """The same note id came before with other words, or from somebody else."""


def add_note(
    session: Session, conversation_id: UUID, person: Person, client_id: UUID, text: str
) -> Note:
    """Leave colleagues a note beside a conversation, whoever has it and even if it is resolved.
    The same `client_id` is noted once. The event holds no word of it.

    Raises:
        TooLong, Unreadable: the text is none.
        NoSuchConversation: there is none.
        NotedOtherwise: `client_id` was used for another note.
    """
    words = readable_note(text)
    conversations.conversation(session, conversation_id, lock=True)
    before = queries.note_by_client_id(session, conversation_id, client_id)
    if before is not None:
        if (before.text, before.person_id) != (words, person.id):
            raise NotedOtherwise("This note id was already used for another note.")
        return before
    added = _write(session, conversation_id, person, client_id, words)
    put_down(session, conversation_id, "note.added", note_id=added.id, person_id=person.id)
    return added


def see_mentions(session: Session, conversation_id: UUID, person: Person) -> None:
    """Take it that a colleague has read where they are named. Twice is harmless. No event: what
    somebody has read is no fact about the conversation."""
    for mention in queries.unseen_mentions(session, person.id, conversation_id):
        mention.seen_at = clock.now()


def _write(
    session: Session, conversation_id: UUID, person: Person, client_id: UUID, words: str
) -> Note:
    staff = everybody(session)
    named = named_in(words, {one.id: one.name for one in staff.values()}) - {person.id}
    added = Note(
        conversation_id=conversation_id,
        person=staff[person.id],
        client_id=client_id,
        text=words,
        mentions=[Mention(person=staff[one]) for one in named],
    )
    session.add(added)
    session.flush()
    return added
