"""Customers who talk, and how long they wait."""

from __future__ import annotations

import asyncio
import statistics
import time
from dataclasses import dataclass, field

from bench.lines import CONVERSATION
from bench.side import Side, Talk, work_seconds

TURN_SECONDS = 60  # a turn that takes longer ends the measurement


@dataclass
class Heard:
    """What the customers of one run experienced."""

    waits: list[float] = field(default_factory=list)  # seconds, one per turn
    expected: int = 0  # answers that were the ones to these words
    seconds: float = 0.0
    worked: float = 0.0  # seconds of a core, all processes of the side together

    def figures(self) -> dict[str, float]:
        """Times in milliseconds; `work_ms` is what one turn keeps a core busy."""
        return {
            "turns": len(self.waits),
            "p50_ms": round(1000 * percentile(self.waits, 50), 2),
            "p95_ms": round(1000 * percentile(self.waits, 95), 2),
            "turns_per_second": round(len(self.waits) / self.seconds, 2),
            "work_ms": round(1000 * self.worked / len(self.waits), 2),
            "understood": round(self.expected / len(self.waits), 4),
        }


class NoWords(Exception):
    """A bot left a customer without an answer."""


async def talk(side: Side, customers: int, conversations: int, turns: int) -> Heard:
    """Let customers talk at once, each waiting for the answer before speaking on.

    Conversations are begun before the clock starts.
    """
    heard = Heard()
    begun = [[await side.begin() for _ in range(conversations)] for _ in range(customers)]
    before = sum(work_seconds(side).values())
    began = time.perf_counter()
    await asyncio.gather(*(_customer(side, talks, turns, heard) for talks in begun))
    heard.seconds = time.perf_counter() - began
    heard.worked = sum(work_seconds(side).values()) - before
    for each in (talk for talks in begun for talk in talks):
        await each.close()
    return heard


async def _customer(side: Side, talks: list[Talk], turns: int, heard: Heard) -> None:
    for each in talks:
        for topic, words in CONVERSATION[:turns]:
            said = time.perf_counter()
            reply = await asyncio.wait_for(each.say(words), TURN_SECONDS)
            heard.waits.append(time.perf_counter() - said)
            if not reply:
                raise NoWords(f"{side.name} had no words for {words!r}.")
            heard.expected += reply in side.answers[topic]


def percentile(values: list[float], percent: int) -> float:
    """The value below which `percent` of the values lie, between two neighbours if need be."""
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]
