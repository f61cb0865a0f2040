"""Shapes at the door for texts kept ready."""

from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

Language = Literal["en", "zh"]
EXAMPLE: dict[str, Any] = {
    "id": "2f1c7b9e-5d34-4a68-8c0f-9e1d2c3b4a50",
    "shortcut": "returns",
    "language": "en",
    "body": "Hello {customer_name}, you can send it back within 30 days. {agent_name}",
}


class ReplyIn(BaseModel):
    """A text of at most 2,000 characters; it may use {customer_name} and {agent_name}."""

    shortcut: str = Field(max_length=100, examples=[EXAMPLE["shortcut"]])
    language: Language = Field(examples=[EXAMPLE["language"]])
    body: str = Field(examples=[EXAMPLE["body"]])


class ReplyOut(BaseModel):
    """A text that agents find by typing a slash and its shortcut."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]}, from_attributes=True)

    id: UUID
    shortcut: str
    language: Language
    body: str


class RepliesOut(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [EXAMPLE]}]})

    items: list[ReplyOut]
