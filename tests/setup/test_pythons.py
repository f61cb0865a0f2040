"""Finding Pythons that really run: a name on the PATH may only pretend."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from groundwork.errors import CannotGoOn
from groundwork.places import ROOT
from groundwork.pythons import candidates, python_310, real_python

THIS_VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"


def a_program(file: Path, script: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return file


def a_python_that_says(file: Path, version: str) -> Path:
    return a_program(file, f'echo {version}; echo "{file}"')


def test_a_shim_that_refuses_to_run_is_passed_over_for_the_one_in_pyenv(tmp_path):
    a_program(tmp_path / "shims/python3.10", "echo 'python3.10: command not found' >&2; exit 127")
    real = a_python_that_says(tmp_path / "pyenv/versions/3.10.13/bin/python3.10", "3.10")
    environ = {"PATH": str(tmp_path / "shims"), "PYENV_ROOT": str(tmp_path / "pyenv")}
    assert python_310(environ, uv=tmp_path / "no-uv") == real


def test_the_python_named_by_the_owner_comes_first(tmp_path):
    named = a_python_that_says(tmp_path / "mine", "3.10")
    a_python_that_says(tmp_path / "bin/python3.10", "3.10")
    environ = {"KAIDESK_PYTHON310": str(named), "PATH": str(tmp_path / "bin")}
    assert python_310(environ, uv=tmp_path / "no-uv") == named


def test_a_python_named_by_the_owner_that_does_not_run_is_not_replaced_in_silence(tmp_path):
    a_python_that_says(tmp_path / "bin/python3.10", "3.10")
    environ = {"KAIDESK_PYTHON310": str(tmp_path / "gone"), "PATH": str(tmp_path / "bin")}
    with pytest.raises(CannotGoOn, match="gone, which does not run as"):
        python_310(environ, uv=tmp_path / "no-uv")


def test_without_any_python_3_10_uv_fetches_one(tmp_path):
    fetched = a_python_that_says(tmp_path / "uv-pythons/python3.10", "3.10")
    there = tmp_path / "there"
    script = f'[ "$2" = install ] && touch "{there}"; [ -e "{there}" ] && echo {fetched}'
    uv = a_program(tmp_path / "uv", script)
    assert python_310({"HOME": str(tmp_path)}, uv) == fetched


def test_where_none_can_be_had_one_line_says_so(tmp_path):
    uv = a_program(tmp_path / "uv", "exit 1")
    with pytest.raises(CannotGoOn, match=r"^The bot needs Python 3\.10.*KAIDESK_PYTHON310=\S+$"):
        python_310({"HOME": str(tmp_path)}, uv)


def test_a_python_of_another_version_is_not_taken():
    assert real_python(Path(sys.executable), "2.7") is None
    assert real_python(Path(sys.executable), THIS_VERSION) == Path(sys.executable)


def test_an_empty_entry_of_the_path_is_not_the_current_folder(tmp_path):
    found = list(candidates({"PATH": os.pathsep, "HOME": str(tmp_path)}))
    assert found == []


def test_the_first_python_that_fits_is_found_behind_a_broken_one(tmp_path):
    a_program(tmp_path / "python3.11", "exit 127")
    (tmp_path / "python3").symlink_to(sys.executable)
    found = subprocess.run(
        [ROOT / "scripts/python"],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    answer = subprocess.run(
        [found.stdout.strip(), "-c", "import sys; print(sys.version_info >= (3, 11))"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.strip() == "True"


def test_a_machine_without_a_fitting_python_is_told_what_to_install(tmp_path):
    for tool in ("bash", "dirname"):
        (tmp_path / tool).symlink_to(f"/usr/bin/{tool}")
    a_program(tmp_path / "python3", "exit 1")
    answer = subprocess.run(
        ["/usr/bin/bash", ROOT / "scripts/python"],
        env={"PATH": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert "needs Python 3.11" in answer.stderr
    assert answer.stderr.count("\n") == 1
