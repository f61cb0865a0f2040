"""The rules of the house catch what they are there to catch."""

from pathlib import Path

import pytest
from groundwork.house_rules import in_any_file, in_code, missing_siblings

A_REGISTRY = "https://" + "pypi" + ".org/simple"
A_MACHINE = "/" + "home/somebody/kaidesk"


@pytest.mark.parametrize(
    ("file", "line", "breach"),
    [
        ("docs/guide.md", f"pip install --index-url {A_REGISTRY} x", "names a package registry"),
        ("deploy/run.sh", f"cd {A_MACHINE}/desk", "names a path of one machine"),
        ("requirements/desk.lock", "x @ https://example.com/x.whl", "a lock with an address"),
        ("requirements/desk.lock", "nvidia-cublas==13.0", "brings packages for graphics cards"),
        (
            "web/package-lock.json",
            '"resolved": "https://example.com/x.tgz"',
            "lock with an address",
        ),
    ],
)
def test_a_line_that_ties_the_project_to_one_machine_or_registry_is_found(file, line, breach):
    (found,) = in_any_file(Path(file), f"first line\n{line}\n")
    assert found.startswith(f"{file}:2: ")
    assert breach in found


@pytest.mark.parametrize("line", ["GET /work-items/", "https://desk.example.com", "/usr/bin/env"])
def test_an_ordinary_line_passes(line):
    assert not list(in_any_file(Path("docs/guide.md"), line))


def test_a_long_function_and_a_long_file_are_found():
    function = "def long():\n" + "    x = 1\n" * 50
    assert list(in_code(Path("desk/a.py"), function)) == ["desk/a.py:1: long has 51 lines"]
    assert any("401 lines" in line for line in in_code(Path("desk/a.py"), "x = 1\n" * 401))


def test_a_topic_that_nobody_can_ask_for_is_found(tmp_path):
    for name in ("domain/gift.yml", "dialogue/gift.yml"):
        (tmp_path / "bot" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "bot" / name).touch()
    missing = [line.partition(" has no ")[2] for line in missing_siblings(tmp_path)]
    assert missing == ["nlu_data/train/en/gift.yml", "nlu_data/train/zh/gift.yml"]
