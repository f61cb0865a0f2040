"""Programs that belong to the machine, not to an environment: Chromium, PostgreSQL."""

import shutil
from pathlib import Path

from groundwork.commands import run, runs
from groundwork.errors import CannotGoOn
from groundwork.places import is_root
from groundwork.progress import say, step

CHROMIUM_MISSING = (
    "     No Chromium with its driver on this machine: the robots that work in a browser will give "
    "up.\n     Everything else works. To add them: apt install chromium chromium-driver"
)


def find_chromium() -> bool:
    browsers = ("chromium", "chromium-browser", "google-chrome")
    return any(shutil.which(name) for name in browsers) and bool(shutil.which("chromedriver"))


def have_chromium() -> None:
    """Chromium and its driver: the machine's, else Debian's where we may install, else a word."""
    if find_chromium():
        return
    if may_install():
        with step("Chromium, for the robots"):
            debian_packages("chromium", "chromium-driver", "fonts-noto-cjk")
    if not find_chromium():
        say(CHROMIUM_MISSING)


def have_postgresql() -> None:
    """PostgreSQL's programs, for tests that must not be passed over.

    Raises:
        CannotGoOn: they are missing and we may not install them.
    """
    if find_postgresql():
        return
    if may_install():
        with step("PostgreSQL, for the tests"):
            debian_packages("postgresql")
    if not find_postgresql():
        raise CannotGoOn("The tests need PostgreSQL's programs: apt install postgresql")


def find_postgresql() -> bool:
    """Debian keeps `initdb` out of the PATH, in a folder per version."""
    in_debian = any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return in_debian or shutil.which("initdb") is not None


def may_install() -> bool:
    return is_root() and runs("apt-get", "--version") is not None


def debian_packages(*names: str) -> None:
    """Install them; a machine that cannot is told so by whoever looks for the programs next."""
    quietly = {"DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *names]
    try:
        run("apt-get", "update", env=quietly)
        run(*install, env=quietly)
    except CannotGoOn as failed:
        say(f"     {failed}")
