"""What understanding costs: time of a message, of a training, of a start; memory."""

from __future__ import annotations

import asyncio
import itertools
import random
import statistics
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from bench import pipelines
from bench.accuracy import stock_model
from bench.load import talk
from bench.ours import Kaidesk
from bench.side import Side, first_answer, memory, pause, resume
from bench.stock import StockRasa

if TYPE_CHECKING:
    from bench.nlu import Plan

IN_A_BLOCK = 20
WARM_UP = 20
ALL_ROUNDS = 100
TRAINED_ON = "banking77_full"
CUSTOMERS, TURNS = 4, 10  # who talk before the memory is looked at


def measure(plan: Plan) -> dict[str, Any]:
    """All four ratios, ours over stock's, with the figures they come from."""
    measured = plan.public[TRAINED_ON]
    stock, stock_training = stock_model(plan, measured)
    ours = plan.kept / "speed.tar.gz"
    our_training = pipelines.train(pipelines.shipped(), measured.train, ours)
    texts = [line.text for line in measured.test]
    parsing = parse(ours, stock, random.Random(1).sample(texts, min(plan.messages, len(texts))))
    serving = asyncio.run(serve(plan.starts))
    return {
        "parse_ratio": parsing["ratio"],
        "train_ratio": round(our_training["whole"] / of_all_rounds(stock_training), 4),
        **{name: serving[name] for name in ("start_ratio", "memory_ratio")},
        "training": {"ours": our_training, "stock": stock_training},
        "parsing": parsing,
        "serving": serving,
    }


def of_all_rounds(stock_training: dict[str, Any]) -> float:
    """Seconds of stock's 100 rounds. Cut short, their time is reckoned from fewer: DIET's batches
    grow from 64 to 256 over however many rounds there are, so the mean round is the same."""
    spared = ALL_ROUNDS / stock_training["epochs"] - 1
    return float(stock_training["whole"] + spared * stock_training["training"])


def parse(ours: Path, stock: Path, texts: list[str]) -> dict[str, Any]:
    """The same messages to both, in blocks that alternate; who waits is paused."""
    taken: dict[str, list[list[float]]] = {"ours": [], "stock": []}
    with pipelines.Hearing("ours", ours) as one, pipelines.Hearing("stock", stock) as other:
        for side in (one, other):
            side.hear(texts[:WARM_UP])
            side.pause()
        for number, at in enumerate(range(0, len(texts), IN_A_BLOCK)):
            for side in (one, other) if number % 2 == 0 else (other, one):
                side.resume()
                told = side.hear(texts[at : at + IN_A_BLOCK])
                side.pause()
                taken[side.side].append([each["ms"] for each in told])
    return milliseconds(taken)


def milliseconds(taken: dict[str, list[list[float]]]) -> dict[str, Any]:
    """Median over all messages; `spread` is what single blocks would have given."""
    median = {side: statistics.median(itertools.chain(*blocks)) for side, blocks in taken.items()}
    pairs = zip(taken["ours"], taken["stock"], strict=True)
    alone = [statistics.median(a) / statistics.median(b) for a, b in pairs]
    return {
        "ratio": round(median["ours"] / median["stock"], 4),
        "spread": [round(min(alone), 3), round(max(alone), 3)],
        "median_ms": {side: round(value, 3) for side, value in median.items()},
        "messages": sum(map(len, taken["ours"])),
    }


async def serve(starts: int) -> dict[str, Any]:
    """The bot of the whole desk beside the project of `rasa init`, which has the same pipeline
    by default: from the start of the bot's process to the first answer, and its memory."""
    with TemporaryDirectory(prefix="bench-") as folder:
        stock = StockRasa(Path(folder))
        ours = Kaidesk(Path(folder))
        sides: tuple[Side, Side] = (ours, stock)
        try:
            stock.start()
            await ours.start(CUSTOMERS)
            used = {side.name: await _memory(side) for side in sides}
            seconds = [await _starts(sides) for _ in range(starts)]
        finally:
            ours.stop()
            stock.stop()
    median = {side: statistics.median(each[side] for each in seconds) for side in used}
    return {
        "start_ratio": round(median["ours"] / median["stock"], 4),
        "memory_ratio": round(used["ours"]["pss_mib"] / used["stock"]["pss_mib"], 4),
        "start_seconds": seconds,
        "memory": used,
    }


async def _memory(side: Side) -> dict[str, float]:
    """Of the process that understands, after it has talked."""
    await talk(side, CUSTOMERS, 1, TURNS)
    processes = memory(side)
    return processes.get("bot") or processes["rasa"]


async def _starts(sides: tuple[Side, Side]) -> dict[str, float]:
    found = {}
    for side, other in (sides, sides[::-1]):
        pause(other)
        found[side.name] = await first_answer(side, side.restart_bot())
        resume(other)
    return found
