"""Shapes at the door for what was not understood."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from desk.improvement.queries import Missed
from desk.improvement.rules import Group
from language.privacy import redact

MOST_AT_ONCE = 500

GROUP_EXAMPLE = {
    "key": "8f6e2a34-6a0f-4c0a-8a3f-3f5f1f0b2c44",
    "language": "en",
    "phrases": ["gift wrapping", "wrapped"],
    "count": 7,
    "conversations": 6,
    "sentiment": -0.12,
    "last_at": "2026-11-22T09:30:02.114Z",
    "messages": [
        {"text": "do u do gift wrapping?", "turn_ids": ["8f6e2a34-6a0f-4c0a-8a3f-3f5f1f0b2c44"]}
    ],
}


class MessageOut(BaseModel):
    """What customers wrote, redacted, and every turn in which it stands."""

    text: str
    turn_ids: list[UUID]


class GroupOut(BaseModel):
    """Messages that mean about the same, the likest to all first. `sentiment` is their mean in
    [-1, 1], or null where none is known."""

    key: UUID
    language: str
    phrases: list[str]
    count: int
    conversations: int
    sentiment: float | None
    last_at: datetime
    messages: list[MessageOut]


class NotUnderstoodOut(BaseModel):
    """All groups since then, the largest first, and the intents that they may be taught as."""

    since: datetime
    messages: int
    groups: list[GroupOut]
    intents: list[str]


class LessonIn(BaseModel):
    turn_ids: list[UUID] = Field(
        min_length=1, max_length=MOST_AT_ONCE, examples=[[GROUP_EXAMPLE["key"]]]
    )
    intent: str = Field(pattern="^[a-z][a-z0-9_]{0,63}$", examples=["delivery_options"])


class LessonOut(BaseModel):
    """`taught` messages now mean `intent`; `files` of training data grew by them."""

    taught: int = Field(examples=[7])
    files: list[str] = Field(examples=[["en/learned/delivery_options.yml"]])


def group_out(messages: list[Missed], group: Group) -> GroupOut:
    """One group as the console shows it."""
    members = [messages[place] for place in group.members]
    felt = [member.sentiment for member in members if member.sentiment is not None]
    turns: dict[str, list[UUID]] = {}
    for member in members:
        turns.setdefault(redact(member.text), []).append(member.turn_id)
    return GroupOut(
        key=members[0].turn_id,
        language=members[0].language,
        phrases=list(group.phrases),
        count=len(members),
        conversations=len({member.conversation_id for member in members}),
        sentiment=round(sum(felt) / len(felt), 3) if felt else None,
        last_at=max(member.created_at for member in members),
        messages=[MessageOut(text=text, turn_ids=ids) for text, ids in turns.items()],
    )
