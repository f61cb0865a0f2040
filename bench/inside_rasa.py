"""Runs in the bot's environment, for either side alike: trains a pipeline, or hears messages.

`python -m bench.inside_rasa train ours|stock CONFIG DATA MODEL`
`python -m bench.inside_rasa hear ours|stock MODEL`    JSON lines in, JSON lines out

"ours" makes ready as `bot.train` and `bot.run` do; "stock" is Rasa as it comes.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, TextIO

RANKED = 10


def main() -> None:
    """Words of Rasa go to stderr, so that stdout holds nothing but answers."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    what, side, *rest = sys.argv[1:]
    if side == "ours":
        from bot.run import quieten  # noqa: PLC0415 - as the shipped programs do, before Rasa

        quieten()
    if what == "train":
        print(json.dumps({"seconds": train(*map(Path, rest))}), file=answers)
    else:
        hear(side, rest[0], answers)


def train(config: Path, data: Path, model: Path) -> float:
    """Seconds of the training itself, without the start of Python and Rasa's imports."""
    with tempfile.TemporaryDirectory() as cache:  # nothing is taken from an earlier training
        os.environ["RASA_CACHE_DIRECTORY"] = cache
        from rasa.model_training import train_nlu  # noqa: PLC0415 - reads the line above

        began = time.perf_counter()
        name = model.name.removesuffix(".tar.gz")
        made = train_nlu(str(config), str(data), str(model.parent), fixed_model_name=name)
        if not made:
            sys.exit("Training failed.")
        return time.perf_counter() - began


def hear(side: str, model: str, answers: TextIO) -> None:
    """For each line `["a message", …]` a line of what was understood, and in how many ms."""
    if side == "ours":
        from bot.components.absent import leave_out_the_unused  # noqa: PLC0415
        from bot.run import work_alone  # noqa: PLC0415

        work_alone()
        leave_out_the_unused()
    from rasa.core.agent import Agent  # noqa: PLC0415 - takes seconds

    agent = Agent.load(model)
    loop = asyncio.new_event_loop()
    print(json.dumps("ready"), file=answers, flush=True)
    for asked in sys.stdin:
        told = [_understood(agent, loop, text) for text in json.loads(asked)]
        print(json.dumps(told), file=answers, flush=True)


def _understood(agent: Any, loop: asyncio.AbstractEventLoop, text: str) -> dict[str, Any]:
    began = time.perf_counter()
    meant = loop.run_until_complete(agent.parse_message(text))
    ms = (time.perf_counter() - began) * 1000
    ranking = [[each["name"], each["confidence"]] for each in meant["intent_ranking"][:RANKED]]
    return {
        "intent": meant["intent"]["name"],
        "confidence": meant["intent"]["confidence"],
        "ranking": ranking,
        "scope": meant.get("scope"),
        "sentiment": meant.get("sentiment"),
        "ms": ms,
    }


if __name__ == "__main__":
    main()
