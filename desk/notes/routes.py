"""Where colleagues leave each other notes. Every route wants a member of staff."""

from uuid import UUID

from fastapi import APIRouter
from sqlalchemy.orm import Session

from desk.durable import transaction
from desk.notes.commands import add_note, see_mentions
from desk.notes.schemas import NoteIn, NoteOut, note_out
from desk.people.models import Person
from desk.people.routes import Staff

router = APIRouter(prefix="/desk/conversations/{conversation_id}", tags=["notes"])


@router.post("/notes", status_code=201)
def post_note(conversation_id: UUID, asked: NoteIn, person: Staff) -> NoteOut:
    """Leave colleagues a note that the customer never sees."""
    return transaction(_add, conversation_id, person, asked)


@router.post("/mentions/seen", status_code=204)
def post_seen(conversation_id: UUID, person: Staff) -> None:
    """Have read where colleagues named me in this conversation."""
    transaction(see_mentions, conversation_id, person)


def _add(session: Session, conversation_id: UUID, person: Person, asked: NoteIn) -> NoteOut:
    return note_out(add_note(session, conversation_id, person, asked.client_id, asked.text))
