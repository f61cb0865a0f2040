"""Running other programs, quietly while they succeed."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from groundwork.errors import CannotGoOn
from groundwork.places import ROOT

LINES_SHOWN = 25


def run(
    *command: str | Path,
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
) -> str:
    """Run to the end and return what was printed; nothing can be asked of the owner meanwhile.

    Raises:
        CannotGoOn: the program failed; the message ends with the last lines that it printed.
    """
    shown = " ".join(str(part) for part in command)
    try:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as missing:
        raise CannotGoOn(f"This cannot be run: {shown} ({missing.strerror})") from missing
    if done.returncode != 0:
        last_words = "\n".join(done.stdout.strip().splitlines()[-LINES_SHOWN:])
        raise CannotGoOn(f"This failed ({done.returncode}): {shown}\n{last_words}")
    return done.stdout


def pip(python: Path, *words: str | Path) -> str:
    """Run pip's `install` in the environment of this Python. Raises: CannotGoOn: it failed."""
    return run(python, "-m", "pip", "install", "--quiet", *words)


def runs(*command: str | Path, seconds: float = 60) -> str | None:
    """What the program prints, or None if it is not there, fails, or takes too long."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
