"""Whole conversations, as tests/dialogue tells them: with the running bot, and by Rasa's runner."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import recording
from tests.recording import FOLDER, Recording, as_of_any_day, as_of_today, play, read
from tests.running import BOT_PYTHON, MODEL, ROOT, RunningBot

pytestmark = pytest.mark.bot

LANGUAGES = ("en", "zh")
FILES = sorted(FOLDER.glob("*/test_*.yml"))
LEAST = 80  # conversations in each language
TOPICS = sorted(file.stem for file in (ROOT / "bot/domain").glob("*.yml"))


@cache
def told(file: Path) -> Recording:
    return read(file)


def named(file: Path) -> str:
    return f"{file.parent.name}: {file.stem.removeprefix('test_').replace('_', ' ')}"


@pytest.mark.parametrize("file", [pytest.param(file, id=named(file)) for file in FILES])
def test_the_bot_talks_as_told(bot: RunningBot, file: Path) -> None:
    """What customers read, which steps the bot takes and what the desk holds in the end."""
    expected, played = told(file), play(bot, told(file))
    for number, (was, should_be) in enumerate(zip(played.talk, expected.talk, strict=True), 1):
        assert was == should_be, f"turn {number}"
    assert played.steps == expected.steps
    assert played.desk == expected.desk


def test_rasas_own_runner_follows_every_conversation(
    bot_process: RunningBot, tmp_path: Path
) -> None:
    """Intents, entities and actions, as `rasa test core --e2e` judges them."""
    command = [str(BOT_PYTHON), "-W", "ignore", "-m", "rasa", "test", "core", "--e2e", "--no-plot"]
    told = tmp_path / "told"
    told.mkdir()
    for file in FILES:
        text = as_of_today(file.read_text("utf-8"))
        (told / f"test_{file.parent.name}_{file.name}").write_text(text, "utf-8")
    command += ["--stories", str(told), "--model", str(MODEL), "--out", str(tmp_path)]
    known = {name: value for name, value in os.environ.items() if not name.startswith("DESK_")}
    ran = subprocess.run(
        command,
        cwd=ROOT,
        env=known | {"RASA_TELEMETRY_ENABLED": "false"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr[-4000:]
    failed = (tmp_path / "failed_test_stories.yml").read_text("utf-8")
    judged = json.loads((tmp_path / "story_report.json").read_text("utf-8"))
    kept = judged["conversation_accuracy"]
    assert (kept["correct"], kept["total"]) == (len(FILES), len(FILES)), failed


def test_there_are_conversations_enough_in_both_languages() -> None:
    for language in LANGUAGES:
        assert len([file for file in FILES if file.parent.name == language]) >= LEAST


def test_a_file_lies_with_its_language_and_its_name_is_a_sentence() -> None:
    for file in FILES:
        assert told(file).language == file.parent.name
        assert re.fullmatch(r"test_[a-z0-9]+(_[a-z0-9]+){1,}", file.stem), file.name
        assert [turn for turn in told(file).talk if turn["bot"]], file.name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_is_talked_about_in_both_languages(topic: str, language: str) -> None:
    domain = yaml.safe_load((ROOT / f"bot/domain/{topic}.yml").read_text("utf-8"))
    intents = {name for name in domain.get("intents") or [] if not name.startswith("EXTERNAL_")}
    assert intents <= set(_heard_in(language)), topic


@cache
def _heard_in(language: str) -> frozenset[str]:
    """The intents of all lines that customers write in conversations of this language."""
    return frozenset(_intents(step for f in FILES for step in _steps_of(f, language)))


def _steps_of(file: Path, language: str) -> list[dict[str, Any]]:
    return told(file).steps if told(file).language == language else []


def _intents(steps: Iterator[dict[str, Any]]) -> Iterator[str]:
    return (step["intent"] for step in steps if "intent" in step)


@pytest.mark.parametrize(("day", "kept"), [("21", "{day-1}"), ("22", "{day+0}"), ("24", "{day+2}")])
def test_a_recording_holds_on_any_day(monkeypatch: pytest.MonkeyPatch, day: str, kept: str) -> None:
    line = f'[then]{{"entity": "date", "value": "2026-11-{day}"}}'
    monkeypatch.setattr(recording, "_today", lambda: date(2026, 11, 22))
    assert as_of_any_day(line) == f'[then]{{"entity": "date", "value": "{kept}"}}'
    assert as_of_today(as_of_any_day(line)) == line
    monkeypatch.setattr(recording, "_today", lambda: date(2027, 3, 1))
    assert as_of_today("{day-1}") == "2027-02-28"


def test_a_recording_refuses_a_day_that_it_cannot_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "_today", lambda: date(2026, 11, 22))
    with pytest.raises(ValueError, match="cannot hold 2026-11-17"):
        as_of_any_day('[last Tuesday]{"entity": "date", "value": "2026-11-17"}')
