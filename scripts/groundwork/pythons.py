"""Finding a Python 3.10 for the bot: Rasa 3.6 runs on nothing newer."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from groundwork.commands import runs
from groundwork.errors import CannotGoOn

VERSION_OF = "import sys; print('%d.%d' % sys.version_info[:2]); print(sys.executable)"
NO_PYTHON_310 = (
    "The bot needs Python 3.10 (Rasa 3.6 runs on nothing newer), and there is none on this machine "
    "and none that uv could fetch. Install one, for example with 'pyenv install 3.10', "
    "or name one: KAIDESK_PYTHON310=/path/to/python3.10"
)


def python_310(environ: Mapping[str, str], uv: Path) -> Path:
    """A Python 3.10 that really runs: named by hand, on the PATH, from pyenv, else fetched by uv.

    Raises:
        CannotGoOn: there is none, and uv could not fetch one.
    """
    named = environ.get("KAIDESK_PYTHON310")
    if named and real_python(Path(named), "3.10") is None:
        raise CannotGoOn(f"KAIDESK_PYTHON310 names {named}, which does not run as Python 3.10.")
    for candidate in candidates(environ):
        found = real_python(candidate, "3.10")
        if found:
            return found
    if runs(uv, "python", "find", "--no-project", "3.10") is None:
        runs(uv, "python", "install", "3.10")
    fetched = runs(uv, "python", "find", "--no-project", "3.10")
    found = real_python(Path(fetched), "3.10") if fetched else None
    if found is None:
        raise CannotGoOn(NO_PYTHON_310)
    return found


def candidates(environ: Mapping[str, str]) -> Iterator[Path]:
    """Where a Python 3.10 may be, the owner's own choice first."""
    named = environ.get("KAIDESK_PYTHON310")
    if named:
        yield Path(named)
    for folder in environ.get("PATH", "").split(os.pathsep):
        if folder:
            yield Path(folder) / "python3.10"
    pyenv = Path(environ.get("PYENV_ROOT") or Path(environ.get("HOME", "/")) / ".pyenv")
    yield from sorted(pyenv.glob("versions/3.10.*/bin/python3.10"), reverse=True)


def real_python(candidate: Path, version: str) -> Path | None:
    """The interpreter behind `candidate`, or None: a pyenv shim may exist and yet refuse to run."""
    if not candidate.is_file():
        return None
    answer = runs(candidate, "-c", VERSION_OF)
    if answer is None:
        return None
    its_version, executable = answer.splitlines()[-2:]
    return Path(executable) if its_version == version else None
