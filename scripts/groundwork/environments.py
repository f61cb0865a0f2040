"""The environments: the set-up's tools, the desk (Python 3.11 or newer), the bot (Python 3.10).

Each is made once and then filled from its lock, hash by hash. `--no-deps` everywhere: a lock names
every package there is to install, so nothing is left to be resolved on the owner's machine.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from groundwork.commands import pip, run, runs
from groundwork.errors import CannotGoOn
from groundwork.places import Places, is_root
from groundwork.progress import step
from groundwork.pythons import python_310, real_python
from groundwork.stamps import Stamp, digest
from groundwork.torch import torch_is_there, torch_to_install

BY_HASH = ("--no-deps", "--require-hashes", "--requirement")


def uv(places: Places) -> Path:
    return places.tools / "bin" / "uv"


def make_tools(places: Places) -> None:
    """uv, installed by pip into an environment of the set-up's own."""
    stamp = Stamp(places.stamps, "tools")
    inputs = digest([places.lock("tools")], str(places.root))
    if stamp.is_valid(inputs) and uv(places).exists():
        return
    with step("Tools of the set-up"):
        make_environment(places.tools)
        pip(places.tools / "bin" / "python", *BY_HASH, places.lock("tools"))
    stamp.press(inputs)


def make_environment(folder: Path) -> None:
    """An empty environment with pip, of the Python that runs the set-up.

    Raises:
        CannotGoOn: this Python came without venv, as Debian's does, and we may not add it.
    """
    python = folder / "bin" / "python"
    same_version = f"import sys; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"
    if runs(python, "-c", f"import pip; {same_version}") is not None:
        return
    if runs(sys.executable, "-c", "import ensurepip") is None:
        add_venv_to_python()
    run(sys.executable, "-m", "venv", "--clear", folder)


def add_venv_to_python() -> None:
    package = f"python3.{sys.version_info.minor}-venv"
    if not is_root() or runs("apt-get", "--version") is None:
        raise CannotGoOn(f"This Python has no 'venv'. Install it: apt install {package}")
    run("apt-get", "install", "--yes", package, env={"DEBIAN_FRONTEND": "noninteractive"})


def make_desk_environment(places: Places, environ: Mapping[str, str]) -> None:
    """Torch first, then everything else from the lock, then the desk itself (`desk`)."""
    folder = places.root / ".venv"
    stamp = Stamp(places.stamps, "desk-environment")
    inputs = digest(
        [places.lock("desk"), places.root / "pyproject.toml"], str(places.root), sys.version
    )
    if stamp.is_valid(inputs) and (folder / "bin" / "desk").exists():
        return
    stamp.lift()
    with step("Environment of the desk"):
        make_environment(folder)
    if not torch_is_there(places.desk_python):
        with step("Torch, the large one"):
            wanted = torch_to_install(places.desk_python, environ)
            pip(places.desk_python, *wanted)
    with step("Packages of the desk"):
        fill(places, places.desk_python, "desk")
        install_ourselves(places)
    stamp.press(inputs)


def install_ourselves(places: Places) -> None:
    """The command `desk`, and our packages where they stand: an edit needs no new install."""
    as_it_stands = ("--no-build-isolation", "--config-setting", "editable_mode=compat")
    install = (uv(places), "pip", "install", "--quiet", "--python", places.desk_python)
    run(*install, "--no-deps", *as_it_stands, "--editable", ".")


def make_test_environment(places: Places) -> None:
    """What tests and checks need besides, in the desk's environment."""
    stamp = Stamp(places.stamps, "test-environment")
    inputs = digest([places.lock("desk"), places.lock("test")], str(places.root), sys.version)
    if stamp.is_valid(inputs) and (places.root / ".venv" / "bin" / "pytest").exists():
        return
    with step("Packages of the tests"):
        fill(places, places.desk_python, "test")
    stamp.press(inputs)


def make_bot_environment(places: Places, environ: Mapping[str, str]) -> None:
    """Rasa and what it needs, on Python 3.10."""
    folder = places.root / ".venv-bot"
    stamp = Stamp(places.stamps, "bot-environment")
    inputs = digest([places.lock("bot")], str(places.root))
    if stamp.is_valid(inputs) and real_python(places.bot_python, "3.10"):
        return
    stamp.lift()
    with step("Python 3.10 for the bot"):
        python = python_310(environ, uv(places))
    with step("Packages of the bot"):
        if real_python(places.bot_python, "3.10") is None:
            run(uv(places), "venv", "--quiet", "--clear", "--python", python, folder)
        fill(places, places.bot_python, "bot")
    stamp.press(inputs)


def fill(places: Places, python: Path, lock: str) -> None:
    """Install what the lock says, no more, each file checked against its hash, and compiled.

    Compiled here and not left to the first import: with it the bot loads in a third of the time,
    and some machines forbid programs to write bytecode (PYTHONDONTWRITEBYTECODE).
    """
    install = (uv(places), "pip", "install", "--quiet", "--python", python)
    run(*install, *BY_HASH, places.lock(lock), env=uv_settings())
    packages = python.parents[1] / "lib"
    compile_all = (python, "-m", "compileall", "-q", "-j", "0", "-x", "/tests/", packages)
    runs(*compile_all, seconds=600)  # a file that does not compile is nobody's who runs


def uv_settings() -> dict[str, str]:
    """uv waits as long as pip does: a slow registry is no reason to give up."""
    return {"UV_HTTP_TIMEOUT": os.environ.get("UV_HTTP_TIMEOUT", "180")}
