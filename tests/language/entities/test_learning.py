"""What the trained part learns, measured on messages that it has never seen."""

import json
import os
import subprocess
from datetime import date
from pathlib import Path

import pytest

from language.entities import Entity, entities
from language.entities.examples import ANNOTATIONS, LABELS, BadAnnotation, annotated
from language.entities.measuring import measured
from language.entities.trained import NotTrained, Trained, is_worth_a_look, plausible
from tests.running import BOT_PYTHON, ROOT, entity_pipelines_where_needed

TODAY = date(2026, 11, 22)
# Measured when the messages were written: 0.89, 0.92 and 0.97; 0.73, 0.77 and 1.00.
FLOORS = {
    "en": {"person_name": 0.78, "address": 0.78, "product": 0.90},
    "zh": {"person_name": 0.62, "address": 0.66, "product": 0.90},
}


@pytest.fixture(scope="module")
def trained() -> Trained:
    return Trained(entity_pipelines_where_needed())


def found_by(trained: Trained, line: str) -> list[Entity]:
    """As the bot does it."""
    language = "zh" if any("\u4e00" <= letter <= "\u9fff" for letter in line) else "en"
    learned = trained.find(line, language) if is_worth_a_look(line, language) else []
    return entities(line, TODAY, learned)


@pytest.mark.parametrize("language", FLOORS)
def test_names_addresses_and_products_are_found_in_messages_held_out(
    trained: Trained, language: str
) -> None:
    messages = annotated(ANNOTATIONS / f"held_out_{language}.jsonl")
    scores = measured(messages, lambda line: found_by(trained, line))
    figures = {label: round(scores[label].f1, 3) for label in LABELS}
    short = {label for label in LABELS if figures[label] < FLOORS[language][label]}
    assert not short, figures


@pytest.mark.parametrize("language", FLOORS)
def test_what_is_learned_adds_names_to_those_that_rules_find(
    trained: Trained, language: str
) -> None:
    messages = annotated(ANNOTATIONS / f"held_out_{language}.jsonl")
    alone = measured(messages, lambda line: entities(line, TODAY))["person_name"]
    together = measured(messages, lambda line: found_by(trained, line))["person_name"]
    assert together.right >= alone.right
    assert together.f1 >= alone.f1


@pytest.mark.parametrize("language", FLOORS)
def test_no_message_is_both_learned_and_held_out(language: str) -> None:
    learned = {message.text.lower() for message in annotated(ANNOTATIONS / f"{language}.jsonl")}
    held_out = {m.text.lower() for m in annotated(ANNOTATIONS / f"held_out_{language}.jsonl")}
    assert len(learned) >= 300
    assert not learned & held_out


def test_both_environments_find_the_same(trained: Trained) -> None:
    lines = ["this is Solveig Dahl", "my neighbour Zdravko has it", "我是裴雨欣"]
    program = (
        "import json, sys; from pathlib import Path; from language.entities.trained import Trained;"
        "found = Trained(Path(sys.argv[1]));"
        "lines = json.load(sys.stdin);"
        "print(json.dumps([[(e.kind, e.start, e.end)"
        " for e in found.find(line, 'en' if line.isascii() else 'zh')] for line in lines]))"
    )
    told = subprocess.run(
        [str(BOT_PYTHON), "-W", "ignore", "-c", program, str(trained.folder)],
        cwd=ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        input=json.dumps(lines),
        capture_output=True,
        text=True,
        check=True,
    )
    ours = [
        [[e.kind, e.start, e.end] for e in trained.find(line, "en" if line.isascii() else "zh")]
        for line in lines
    ]
    assert json.loads(told.stdout) == ours
    assert all(ours)


def test_without_pipelines_the_command_that_makes_them_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotTrained, match=r"python -m language\.entities"):
        Trained(tmp_path).find("this is Solveig Dahl", "en")


def test_an_annotation_that_does_not_fit_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "en.jsonl"
    file.write_text('{"text": "fine"}\n{"text": "hi [Anna](nobody)"}\n')
    with pytest.raises(BadAnnotation, match=r"en\.jsonl, line 2: 'nobody'"):
        annotated(file)


def test_spacy_comes_without_torch() -> None:
    program = (
        "import sys; from pathlib import Path; from language.entities.trained import Trained;"
        "Trained(Path(sys.argv[1])).load(); assert 'spacy' in sys.modules;"
        "assert not [name for name in sys.modules if name.split('.')[0] == 'torch']"
    )
    folder = str(entity_pipelines_where_needed())
    told = subprocess.run(
        [str(ROOT / ".venv/bin/python"), "-c", program, folder],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr


@pytest.mark.parametrize(
    ("kind", "line", "value", "stays"),
    [
        ("person_name", "SF001280000000 顺丰单号", "F001280000000", False),
        ("person_name", "SF001280000000 顺丰单号", "SF001280000000", False),
        ("person_name", "我的iPhone不见了", "Phone", False),
        ("person_name", "收件人Alice的包裹", "Alice", True),
        ("person_name", "收件人孙浩然", "孙浩然", True),
        ("person_name", "贺卡怎么写", "贺卡", False),
        ("person_name", "用我老公的名字", "老公", False),
        ("address", "寄到幸福路12号3", "幸福路12号", True),
        ("address", "寄到幸福路128", "幸福路1", True),  # half a number is not to be read either
    ],
)
def test_of_what_was_seen_only_what_is_built_like_one_stays(
    kind: str, line: str, value: str, stays: bool
) -> None:
    start = line.index(value)
    seen = Entity(kind, start, start + len(value), value)
    assert (plausible([seen], line, "zh", frozenset()) == [seen]) is stays
