"""How the trained bot understands lines: `python -m bot.understand < lines.txt`, as JSON lines."""

from __future__ import annotations

import asyncio
import json
import os
import sys

from bot.components.absent import leave_out_the_unused
from bot.run import quieten

TOLD = ("scope", "also", "language", "sentiment")


def main() -> None:
    """Read lines until there are no more."""
    quieten()
    leave_out_the_unused()
    from rasa.core.agent import Agent  # noqa: PLC0415 - takes seconds, after the settings above
    from rasa.utils.log_utils import configure_structlog  # noqa: PLC0415

    configure_structlog()
    agent = Agent.load(os.environ.get("DESK_MODEL", "var/model/kaidesk.tar.gz"))
    for line in sys.stdin:
        meant = asyncio.run(agent.parse_message(line.strip()))
        told = {
            "text": line.strip(),
            "intent": meant["intent"]["name"],
            "confidence": round(meant["intent"]["confidence"], 4),
            "entities": {e["entity"]: e["value"] for e in meant["entities"]},
            **{name: meant[name] for name in TOLD if meant.get(name)},
        }
        print(json.dumps(told, ensure_ascii=False), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
