"""Whoever follows a guide word for word gets what it promises: followed here, in a copy."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from groundwork.house_rules import breaches

from tests.guides.following import GUIDES, ROOT, commands, edits
from tests.running import BOT_PYTHON

ALL = sorted(guide.stem for guide in GUIDES.glob("*.md"))
# Made at run time, installed or built: nothing that a guide could be about.
LEFT_BEHIND = ("var", "node_modules", "dist", ".*", "__pycache__", "*.egg-info")
FOLDERS = "automation|actions|bot|desk|docs|migrations|nlu_data|scripts|tests|web"
PATH_IN_WORDS = re.compile(rf"`((?:{FOLDERS})/[\w./-]*)`")
PATH_TYPED = re.compile(rf"(?<![\w./])((?:{FOLDERS})/[\w./*-]+[\w*])(?![\w$])")

Follow = Callable[[str], Path]


@pytest.fixture(scope="module")
def follow(tmp_path_factory: pytest.TempPathFactory) -> Follow:
    """Follow a guide in a copy of the desk, once; gives the copy."""
    followed: dict[str, Path] = {}

    def once(guide: str) -> Path:
        if guide not in followed:
            folder = tmp_path_factory.mktemp(guide) / "desk"
            shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*LEFT_BEHIND))
            for typed in commands(guide):
                if typed.startswith("cp "):
                    run(folder, "bash", "-euc", typed)
            for edit in edits(guide):
                edit.carry_out(folder)
            followed[guide] = folder
        return followed[guide]

    return once


def run(folder: Path, *command: str | Path) -> str:
    """Run in the copy; what was said. Fails with it if the command fails."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={**os.environ, "RASA_TELEMETRY_ENABLED": "false"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_there_are_the_guides_that_the_readme_promises() -> None:
    assert {"add-a-metric", "add-a-robot", "add-a-topic", "add-an-article"} <= set(ALL)


@pytest.mark.parametrize("guide", ALL)
def test_what_a_guide_has_written_keeps_the_house_rules(follow: Follow, guide: str) -> None:
    folder = follow(guide)
    written = sorted({edit.path for edit in edits(guide)})
    python = [path for path in written if path.endswith(".py")]
    if python:
        run(folder, sys.executable, "-m", "ruff", "check", "--no-cache", *python)
        run(folder, sys.executable, "-m", "ruff", "format", "--no-cache", "--diff", *python)
    for path in written:
        if path.endswith((".yml", ".yaml")):
            assert yaml.safe_load((folder / path).read_text("utf-8")), path
        if path.endswith(".json"):
            assert json.loads((folder / path).read_text("utf-8")), path
    assert not list(breaches(folder, [Path(path) for path in written]))


@pytest.mark.parametrize("guide", ALL)
def test_every_path_and_command_that_a_guide_names_is_there(follow: Follow, guide: str) -> None:
    folder = follow(guide)
    told = (GUIDES / f"{guide}.md").read_text("utf-8")
    typed = "\n".join(commands(guide))
    run(folder, "bash", "-n", "-c", typed)
    named = PATH_TYPED.findall(re.sub(r"> \S+", "", typed))  # what is written need not be there
    for path in {*PATH_IN_WORDS.findall(told), *named}:
        assert list(folder.glob(path)), path
    targets = set(re.findall(r"^(\w+): ##", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make (\w+)", told, re.MULTILINE)) <= targets
    for link in re.findall(r"\]\(([\w./-]+)\)", told):
        assert (GUIDES / link).exists(), link


@pytest.mark.parametrize(
    ("guide", "tests"),
    [
        pytest.param(
            "add-a-robot", ["tests/automation/test_collect_order.py"], marks=pytest.mark.browser
        ),
        ("add-a-metric", ["tests/metrics/test_sentiment_end.py"]),
        ("add-an-article", ["tests/knowledge/test_shipped_articles.py"]),
        ("add-a-topic", ["tests/bot/test_wording.py", "tests/setup/test_house_rules.py"]),
    ],
)
def test_what_a_guide_makes_passes_its_tests(follow: Follow, guide: str, tests: list[str]) -> None:
    run(follow(guide), sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests)


@pytest.mark.bot
def test_the_topic_of_the_guide_fits_the_bots_other_data(follow: Follow) -> None:
    folder = follow("add-a-topic")
    rasa = [BOT_PYTHON, "-m", "rasa", "data", "validate", "--fail-on-warnings"]
    known = ["--config", "bot/config.yml", "--domain", "bot/domain"]
    said = run(folder, *rasa, *known, "--data", "bot/dialogue", "nlu_data/train")
    assert "No story structure conflicts found" in said


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_topic_of_the_guide_has_examples_enough(follow: Follow, language: str) -> None:
    def lines(kind: str) -> set[str]:
        file = follow("add-a-topic") / f"nlu_data/{kind}/{language}/gift_wrapping.yml"
        (block,) = yaml.safe_load(file.read_text("utf-8"))["nlu"]
        return set(block["examples"].splitlines())

    assert len(lines("train")) >= 30
    assert len(lines("holdout")) >= 10
    assert not lines("train") & lines("holdout")
