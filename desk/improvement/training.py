"""What `desk train` does, in the words that it says."""

import time
from collections.abc import Callable
from pathlib import Path

from desk.improvement import candidates
from desk.improvement.commands import write_lessons
from desk.improvement.report import words_of
from desk.settings import settings

SECONDS_BETWEEN = 10.0  # lines of progress
LOADED = "The bot uses it from now on."
NOT_RUNNING = "No bot is running; it will use it when it starts."


def candidate(*, deep: bool = False, on_progress: Callable[[str], None] = print) -> str:
    """Train a candidate from everything that was taught, and tell what it would change.

    Raises:
        TrainingFailed, CannotWrite
    """
    known = settings()
    write_lessons(known.training_folder)
    candidates.prepare(_folder(), _fine_tuned(on_progress) if deep else _encoder())
    return words_of(candidates.compare(_folder(), known.holdout_folder))


def live() -> str:
    """Put the candidate live.

    Raises:
        NoCandidate, TrainingFailed
    """
    is_running = candidates.go_live(_folder())
    told = LOADED if is_running else NOT_RUNNING
    back = "scripts/with-settings .venv/bin/desk train --back"
    return f"The candidate is live. {told} To go back: {back}"


def back() -> str:
    """Go back to the model before.

    Raises:
        NoFormerModel, TrainingFailed
    """
    is_running = candidates.go_back(_folder())
    told = LOADED if is_running else NOT_RUNNING
    return f"The former model is live again. {told} The one you left is now the candidate."


def _folder() -> Path:
    return settings().model.parent


def _encoder() -> Path | None:
    """The fine-tuned encoder, if there is one; None for the one that set-up makes."""
    return _tuned_encoder() if (_tuned_encoder() / "model.onnx").exists() else None


def _fine_tuned(on_progress: Callable[[str], None]) -> Path:
    """The encoder, tuned on the desk's own training lines; goes on where it was ended."""
    from language.deep import Progress, fine_tune  # noqa: PLC0415  loads torch
    from language.export import export  # noqa: PLC0415

    said_at = -SECONDS_BETWEEN

    def tell(progress: Progress) -> None:
        nonlocal said_at
        if time.monotonic() - said_at < SECONDS_BETWEEN and progress.step < progress.steps:
            return
        said_at = time.monotonic()
        minutes = progress.seconds_left / 60
        on_progress(
            f"  step {progress.step:,} of {progress.steps:,}, round {progress.epoch} of "
            f"{progress.epochs}, loss {progress.loss:.3f}, about {minutes:.0f} minutes left"
        )

    utterances = [
        (text, None if intent == "out_of_scope" else intent)
        for text, intent in candidates.labelled(settings().training_folder)
    ]
    tuned = fine_tune(utterances, _folder() / "deep" / "tuned", on_progress=tell)
    export(str(tuned.folder), _tuned_encoder())
    return _tuned_encoder()


def _tuned_encoder() -> Path:
    return _folder() / "deep" / "encoder"
