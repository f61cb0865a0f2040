"""Shapes at the door for surveys."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from desk.surveys.rules import LONGEST_COMMENT

EXAMPLE: dict[str, Any] = {
    "id": "2f1a6c70-9b1e-4a43-8d0a-5c2f7e9b1d34",
    "asked_at": "2026-11-22T09:40:00.000Z",
    "score": 5,
    "comment": "Quick and friendly.",
    "answered_at": "2026-11-22T09:41:12.000Z",
}


class SurveyIn(BaseModel):
    """How it was, from 1 (very bad) to 5 (very good), and why in at most 1,000 characters."""

    score: int = Field(examples=[EXAMPLE["score"]])
    comment: str | None = Field(
        None,
        description=f"At most {LONGEST_COMMENT:,} characters.",
        examples=[EXAMPLE["comment"]],
    )


class SurveyOut(BaseModel):
    """A question to the customer after a resolution; `score` is null until they answer."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [EXAMPLE]})

    id: UUID
    asked_at: datetime
    score: int | None
    comment: str | None
    answered_at: datetime | None


class StaffSurveyOut(SurveyOut):
    """The same with whose work it is about: `resolver` is bot, robot or agent."""

    resolver: str
    agent_id: UUID | None
    agent_name: str | None
