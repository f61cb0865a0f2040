"""What supervisors and admins see of what the bot does not understand, and teach it."""

from datetime import timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query

from desk import clock
from desk.durable import reading, transaction
from desk.improvement.commands import check_intent, known_intents, teach, write_lessons
from desk.improvement.meaning import everyday, meaning_of
from desk.improvement.queries import Missed, not_understood
from desk.improvement.rules import grouped
from desk.improvement.schemas import (
    GROUP_EXAMPLE,
    GroupOut,
    LessonIn,
    LessonOut,
    NotUnderstoodOut,
    group_out,
)
from desk.metrics.routes import REFUSALS, Moment, not_a_customer
from desk.metrics.schemas import moment_of
from desk.people.routes import Supervisor, supervisor
from desk.settings import settings

DEFAULT_WINDOW = timedelta(days=30)
FOUND: dict[str, Any] = {
    "since": "2026-10-23T00:00:00Z",
    "messages": 31,
    "groups": [GROUP_EXAMPLE],
    "intents": ["delivery_options", "refund"],
}

router = APIRouter(
    prefix="/improvement",
    tags=["improvement"],
    dependencies=[Depends(not_a_customer), Depends(supervisor)],
)


@router.get(
    "/not-understood",
    responses=REFUSALS | {200: {"content": {"application/json": {"example": FOUND}}}},
)
def get_not_understood(
    since: Moment = None, least: Annotated[int, Query(ge=1, le=100)] = 1
) -> NotUnderstoodOut:
    """Messages that the bot did not understand, grouped by meaning; groups of at least `least`."""
    begin = (
        moment_of("since", since, ZoneInfo(settings().time_zone))
        if since is not None
        else clock.now() - DEFAULT_WINDOW
    )
    missed = reading(not_understood, begin)
    groups = [group for group in _groups(missed) if group.count >= least]
    return NotUnderstoodOut(
        since=begin,
        messages=len(missed),
        groups=sorted(groups, key=lambda group: (-group.count, group.last_at)),
        intents=known_intents(settings().training_folder),
    )


@router.post("/lessons", status_code=201, responses=REFUSALS)
def post_lesson(asked: LessonIn, person: Supervisor) -> LessonOut:
    """Say what these messages mean. They are redacted and written into the training data as a file
    to review; the bot learns them when it is trained."""
    folder = settings().training_folder
    check_intent(folder, asked.intent)
    taught = transaction(teach, asked.turn_ids, asked.intent, person.id)
    files = write_lessons(folder)
    return LessonOut(taught=len(taught), files=[str(file.relative_to(folder)) for file in files])


def _groups(missed: list[Missed]) -> list[GroupOut]:
    found = []
    for language in sorted({message.language for message in missed}):
        part = [message for message in missed if message.language == language]
        texts = [message.text for message in part]
        groups = grouped(texts, language, meaning_of(language), everyday(language))
        found += [group_out(part, one) for one in groups]
    return found
