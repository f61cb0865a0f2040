"""How far a robot has come, written down as it goes. Standard library only.

The desk reads the file while the robot works: each line is one step, and a file that grows is a
robot that lives.
"""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

STEPS = "steps.jsonl"


def artifacts() -> Path:
    """The folder for what a robot leaves: its steps, pictures of pages, paper it made."""
    folder = Path(os.environ.get("ROBOT_ARTIFACTS", "output"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def keep(name: str, content: bytes) -> Path:
    """Lay a file that the robot made among what it leaves. The name says nothing of a customer."""
    path = artifacts() / name
    path.write_bytes(content)
    return path


def step(code: str, screenshot: str | None = None) -> None:
    """Say that a step is behind the robot. `screenshot` is a file name in the folder, if any.

    The code is one of those that the robot's page in the catalogue declares; nothing of a
    customer's stands in it. Each line is written at once, so a reader never sees half of one.
    """
    told = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "step": code}
    if screenshot is not None:
        told["screenshot"] = screenshot
    line = (json.dumps(told) + "\n").encode()
    file = os.open(artifacts() / STEPS, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(file, line)
    finally:
        os.close(file)
