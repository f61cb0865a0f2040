"""Texts kept ready: read by all staff, kept by supervisors."""

from uuid import UUID

from fastapi import APIRouter

from desk.durable import reading, transaction
from desk.people.routes import Staff, Supervisor
from desk.replies import queries
from desk.replies.commands import add_reply, change_reply, remove_reply
from desk.replies.schemas import RepliesOut, ReplyIn, ReplyOut

router = APIRouter(prefix="/desk/replies", tags=["canned replies"])


@router.get("")
def get_replies(person: Staff) -> RepliesOut:
    """What agents can put into a reply, by shortcut."""
    found = reading(queries.replies)
    return RepliesOut(items=[ReplyOut.model_validate(one) for one in found])


@router.post("", status_code=201)
def post_reply(asked: ReplyIn, person: Supervisor) -> ReplyOut:
    """Keep a text ready."""
    return ReplyOut.model_validate(transaction(add_reply, person, **asked.model_dump()))


@router.put("/{reply_id}")
def put_reply(reply_id: UUID, asked: ReplyIn, person: Supervisor) -> ReplyOut:
    """Keep other words, or the same under another shortcut."""
    changed = transaction(change_reply, reply_id, person, **asked.model_dump())
    return ReplyOut.model_validate(changed)


@router.delete("/{reply_id}", status_code=204)
def delete_reply(reply_id: UUID, person: Supervisor) -> None:
    """Keep it no more."""
    transaction(remove_reply, reply_id, person)
