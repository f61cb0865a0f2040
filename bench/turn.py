"""A whole turn over HTTP, ours beside a stock Rasa project, in one run on one machine.

    .venv/bin/python bench/turn.py            about seven minutes; writes bench/results/turn.json
    .venv/bin/python bench/turn.py --quick    a trial of two minutes; writes nothing

How it measures, and what the figures mean: docs/performance.md.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from bench import figures  # noqa: E402  the lines above make it known
from bench.load import talk  # noqa: E402
from bench.ours import Kaidesk  # noqa: E402
from bench.side import Side, Strangers, first_answer, memory, pause, resume  # noqa: E402
from bench.stock import StockRasa  # noqa: E402

RESULT = ROOT / "bench/results/turn.json"
MOST_AT_ONCE = 32


@dataclass(frozen=True)
class Plan:
    """How much is measured. `talks`: customers at once -> conversations of each, one by one."""

    rounds: int
    talks: dict[int, int]
    turns: int
    warm_up_turns: int
    starts: int


FULL = Plan(rounds=7, talks={1: 6, 8: 2, 32: 1}, turns=10, warm_up_turns=10, starts=5)
QUICK = Plan(rounds=2, talks={1: 1, 8: 1, 32: 1}, turns=3, warm_up_turns=3, starts=1)


def main() -> None:
    """Measure, print, and keep the result unless it was only a trial."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--quick", action="store_true", help="a trial of two minutes, not kept")
    asked.add_argument("--out", type=Path, default=None, help=f"by default {RESULT.name}")
    given = asked.parse_args()
    result = asyncio.run(measure(QUICK if given.quick else FULL))
    print(figures.table(result))
    out = given.out or (None if given.quick else RESULT)
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(result, indent=2) + "\n")


async def measure(plan: Plan) -> dict[str, Any]:
    """Start both, let both talk, look at their memory, start each again and again."""
    machine = figures.machine()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        stock = StockRasa(Path(folder))
        ours = Kaidesk(Path(folder))
        try:
            stock.start()
            await ours.start(MOST_AT_ONCE)
            strangers = Strangers(ours, stock)
            rounds = await _rounds(plan, ours, stock)
            machine["cores_busy_with_other_work"] = strangers.cores()
            used = {side.name: memory(side) for side in (ours, stock)}
            starts = [await _starts(ours, stock) for _ in range(plan.starts)]
        finally:
            ours.stop()
            stock.stop()
    sides = {
        name: figures.medians(rounds, starts, name) | {"memory": used[name]}
        for name in figures.SIDES
    }
    return {
        **figures.ratios(rounds, starts, used),
        "spread": figures.spread(rounds, starts),
        **sides,
        "machine": machine,
        "plan": asdict(plan),
        "rounds": rounds,
        "starts": starts,
    }


async def _rounds(plan: Plan, ours: Side, stock: Side) -> list[figures.Round]:
    """One side speaks while the other is paused; who begins changes from round to round."""
    for side, other in ((ours, stock), (stock, ours)):
        pause(other)
        await talk(side, 8, 1, plan.warm_up_turns)
        resume(other)
    rounds = []
    for number in range(plan.rounds):
        found: figures.Round = {}
        for at_once, conversations in plan.talks.items():
            found[str(at_once)] = {}
            for side, other in _in_turn(number, ours, stock):
                pause(other)
                heard = await talk(side, at_once, conversations, plan.turns)
                resume(other)
                found[str(at_once)][side.name] = heard.figures()
        rounds.append(found)
        print(f"Round {number + 1} of {plan.rounds}: {json.dumps(found)}", flush=True)
    return rounds


async def _starts(ours: Side, stock: Side) -> figures.Start:
    """Seconds from a start to the first answer to a customer."""
    found: figures.Start = {"bot": {}, "everything": {}}
    for side, other in ((ours, stock), (stock, ours)):
        pause(other)
        found["bot"][side.name] = await first_answer(side, side.restart_bot())
        if len(side.pids()) == 1:
            found["everything"][side.name] = found["bot"][side.name]
        else:
            found["everything"][side.name] = await first_answer(side, side.restart_everything())
        resume(other)
    print(f"Started: {json.dumps(found)}", flush=True)
    return found


def _in_turn(number: int, ours: Side, stock: Side) -> tuple[tuple[Side, Side], tuple[Side, Side]]:
    first, second = (ours, stock) if number % 2 == 0 else (stock, ours)
    return (first, second), (second, first)


if __name__ == "__main__":
    main()
