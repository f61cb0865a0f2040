"""Teaching the bot what it had not understood."""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from desk import clock
from desk.durable import reading, transaction
from desk.errors import Conflict, DeskError, Invalid
from desk.events.commands import record
from desk.events.models import Audience
from desk.improvement import queries
from desk.improvement.models import Lesson
from desk.improvement.rules import as_training_line
from language.privacy import redact

HEAD = """# Messages of customers, redacted, that people in the console said to mean `{intent}`.
# A line that should not be trained on may be deleted or corrected here; it is not written again.
version: "3.1"
nlu:
  - intent: {intent}
    examples: |
"""
INTENT = re.compile(r"^\s*- intent:\s*([a-z][a-z0-9_]*)\s*$", re.M)


class NoSuchIntent(Invalid):
    """No training data names this intent."""


class NoSuchMessage(Invalid):
    """One of the messages does not exist or was not written by a customer."""


class TaughtOtherwise(Conflict):
    """Somebody else said meanwhile that a message means something else."""


class CannotWrite(DeskError):
    """The training data cannot be written."""


def teach(session: Session, turn_ids: list[UUID], intent: str, person_id: UUID) -> list[Lesson]:
    """Say what these messages mean. Saying the same again changes nothing.

    The training data is written afterwards, by `write_lessons`.

    Raises:
        NoSuchMessage, TaughtOtherwise: nothing at all was kept.
    """
    wanted = list(dict.fromkeys(turn_ids))
    found = {message.turn_id: message for message in queries.messages(session, wanted)}
    missing = [turn_id for turn_id in wanted if turn_id not in found]
    if missing:
        raise NoSuchMessage(f"There is no customer's message {missing[0]}.")
    before = {lesson.turn_id: lesson for lesson in queries.lessons_of(session, wanted)}
    for lesson in before.values():
        if lesson.intent != intent:
            raise TaughtOtherwise(
                f"One of these messages was already sorted under {lesson.intent}. Load the list "
                "again; to change it, correct the training data."
            )
    given = []
    for turn_id in wanted:
        if turn_id in before:
            given.append(before[turn_id])
            continue
        message = found[turn_id]
        lesson = Lesson(
            turn_id=turn_id,
            person_id=person_id,
            language=message.language,
            intent=intent,
            text=as_training_line(redact(message.text)),
        )
        session.add(lesson)
        given.append(lesson)
        record(
            session,
            "turn.taught",
            message.conversation_id,
            Audience.STAFF,
            conversation_id=message.conversation_id,
            turn_id=turn_id,
            intent=intent,
            person_id=person_id,
        )
    return given


def write_lessons(folder: Path) -> list[Path]:
    """Write what was taught and does not stand in the training data yet; the files that grew.

    Each line is written once, also if the process dies in between: a line that stands in its
    file already is only noted as written. Safe to call from several processes.

    Raises:
        CannotWrite: the folder cannot be written; what was taught is kept for the next time.
    """
    grown = []
    try:
        with _alone(folder):
            for (language, intent), lessons in _by_file(reading(queries.unwritten)).items():
                file = folder / language / "learned" / f"{intent}.yml"
                if _append(file, intent, [lesson.text for lesson in lessons]):
                    grown.append(file)
                transaction(_note_written, [lesson.id for lesson in lessons])
    except OSError as refused:
        raise CannotWrite(
            f"The training data in {folder} cannot be written: {refused}"
        ) from refused
    return grown


def known_intents(folder: Path) -> list[str]:
    """The intents that training data exists for, in the order of the alphabet."""
    files = sorted(folder.glob("*/*.yml"))
    return sorted({name for file in files for name in INTENT.findall(file.read_text("utf-8"))})


def check_intent(folder: Path, intent: str) -> None:
    """Let only intents pass that training data exists for.

    Raises:
        NoSuchIntent: it is none; the message names those that are.
    """
    known = known_intents(folder)
    if intent not in known:
        raise NoSuchIntent(f"There is no intent {intent!r}. Known are: {', '.join(known)}.")


def _note_written(session: Session, lesson_ids: list[UUID]) -> None:
    for lesson_id in lesson_ids:
        lesson = session.get_one(Lesson, lesson_id)
        lesson.written_at = lesson.written_at or clock.now()


def _by_file(lessons: list[Lesson]) -> dict[tuple[str, str], list[Lesson]]:
    parts: dict[tuple[str, str], list[Lesson]] = {}
    for lesson in lessons:
        parts.setdefault((lesson.language, lesson.intent), []).append(lesson)
    return parts


def _append(file: Path, intent: str, texts: list[str]) -> bool:
    """Add the lines that are not there yet; the file is whole at every moment."""
    before = file.read_text("utf-8") if file.exists() else HEAD.format(intent=intent)
    if not before.endswith("\n"):
        before += "\n"
    there = {line.strip().removeprefix("- ") for line in before.splitlines()}
    new = [text for text in dict.fromkeys(texts) if text and text not in there]
    if not new:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".new")
    draft.write_text(before + "".join(f"      - {text}\n" for text in new), "utf-8")
    os.replace(draft, file)
    return True


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    place = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(place, fcntl.LOCK_EX)
        yield
    finally:
        os.close(place)
