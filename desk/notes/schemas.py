"""Shapes at the door for notes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from desk.notes.models import Note

EXAMPLE: dict[str, Any] = {
    "id": "b7c0e5a2-3f64-4f0e-9d1a-7a2c5d8e9f10",
    "client_id": "3c9f0b1e-52f4-4d6e-8c6a-2b7a9d0e1f23",
    "author_id": "0d2f6f0a-9a44-4a55-8b06-52f7b1f1a001",
    "author_name": "Alex Agent",
    "text": "The courier confirms the parcel is lost. @Ming Agent, please send a new one.",
    "mentions": [{"id": "6a0f9d3e-1c2b-4a5d-8e7f-0b1c2d3e4f50", "name": "Ming Agent"}],
    "created_at": "2026-11-22T09:33:10.000Z",
}


class NoteIn(BaseModel):
    """A note of at most 4,000 characters; the same `client_id` is one note."""

    client_id: UUID = Field(examples=[EXAMPLE["client_id"]])
    text: str = Field(examples=[EXAMPLE["text"]])


class MentionOut(BaseModel):
    id: UUID
    name: str


class NoteOut(BaseModel):
    """What a colleague wrote to colleagues; no customer is ever shown it."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    id: UUID
    client_id: UUID
    author_id: UUID
    author_name: str
    text: str
    mentions: list[MentionOut]
    created_at: datetime


def note_out(note: Note) -> NoteOut:
    """One note for the staff."""
    named = [MentionOut(id=one.person_id, name=one.person.name) for one in note.mentions]
    return NoteOut(
        id=note.id,
        client_id=note.client_id,
        author_id=note.person_id,
        author_name=note.person.name,
        text=note.text,
        mentions=sorted(named, key=lambda one: one.name),
        created_at=note.created_at,
    )
