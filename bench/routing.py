"""A day of routing: who waits how long, and what a decision costs.

    .venv/bin/python bench/routing.py          half a minute; writes bench/results/routing.json
    .venv/bin/python bench/routing.py --quick  a trial of some seconds; writes nothing

How it measures, and what the figures mean: docs/performance.md.
"""

from __future__ import annotations

import argparse
import heapq
import json
import math
import random
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from bench import figures  # noqa: E402  the lines above make it known
from desk.escalations.models import Priority  # noqa: E402
from desk.escalations.rules import counts_from  # noqa: E402
from desk.routing.rules import (  # noqa: E402
    COUNTED_OFFERS,
    MOST_CREDIT,
    Need,
    Seat,
    Waiting,
    assignments,
    can_take,
    credit_after,
    nearest_rank,
)

RESULT = ROOT / "bench/results/routing.json"
MORNING = datetime(2026, 11, 28, 6, 0, tzinfo=UTC)
TOPICS = ("refund", "track_order", "complaint", "payment_issue", "change_address")
NEEDS = {"complaint": 2}


@dataclass(frozen=True)
class Day:
    """What a day is like. `load` is the share of all agents' time that the work would take if it
    came evenly; at its peak the day asks for more than there is."""

    agents: int = 200
    conversations: int = 20_000
    hours: float = 12.0
    load: float = 0.9
    vip_share: float = 0.05
    guard: float = 0.10
    missed_share: float = 0.05  # of the offers nobody accepts in time
    offer_seconds: float = 30.0
    returning_share: float = 0.2
    seed: int = 4711


FULL = Day()
QUICK = Day(agents=40, conversations=3_000)


@dataclass
class Outcome:
    """What became of it: seconds from asking to being accepted, of VIPs and of the others."""

    vips: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)
    served: int = 0
    left: int = 0
    passes: int = 0
    fullest: float = 0.0  # the largest load over capacity that was ever seen
    misfits: int = 0  # conversations given to somebody who cannot take them
    decisions: int = 0


@dataclass(frozen=True)
class Arrival:
    """A customer who asks for a person, `at` seconds after the day began."""

    at: float
    waiting: Waiting
    handle_seconds: float


class Simulation:
    """One day, event by event, through the rules that the desk routes by."""

    def __init__(self, day: Day, *, has_channel: bool) -> None:
        self.day, self.has_channel = day, has_channel
        self.seats = {seat.id: seat for seat in seats_of(day)}
        self.home = Counter({seat.id: 0 for seat in self.seats.values()})
        self.line: dict[UUID, Arrival] = {}
        self.missed: dict[UUID, dict[UUID, int]] = {}
        self.counted: list[bool] = []
        self.events: list[tuple[float, int, str, Any]] = []
        self.number = 0
        self.chance = random.Random(day.seed + 1)
        self.seen = Outcome()

    def run(self) -> Outcome:
        """The whole day, and the evening until nobody waits any more."""
        for arrival in arrivals_of(self.day):
            self._at(arrival.at, "asks", arrival)
        while self.events:
            now, _, kind, what = heapq.heappop(self.events)
            getattr(self, f"_{kind}")(now, what)
            if self.line:
                self._route(now)
        self.seen.left = len(self.line)
        return self.seen

    def _at(self, when: float, kind: str, what: Any) -> None:
        self.number += 1
        heapq.heappush(self.events, (when, self.number, kind, what))

    def _asks(self, now: float, arrival: Arrival) -> None:
        if not self.has_channel:
            as_all = replace(arrival.waiting, counts_from=arrival.waiting.asked_at)
            as_all = replace(as_all, priority=Priority.ORDINARY)
            arrival = replace(arrival, waiting=as_all)
        self.line[arrival.waiting.id] = arrival

    def _route(self, now: float) -> None:
        at = MORNING + timedelta(seconds=now)
        credit = credit_after(self.counted, self.day.guard) if self.has_channel else MOST_CREDIT
        line = [self._as_it_stands(one) for one in self.line.values()]
        found = assignments(line, list(self.seats.values()), credit, self.day.guard, at)
        for match in found:
            self.seen.decisions += 1
            self.counted = [*self.counted[1 - COUNTED_OFFERS :], match.passed]
            self.seen.passes += match.passed
            seat = self.seats[match.agent]
            self.seen.fullest = max(self.seen.fullest, seat.load / seat.capacity)
            self.seen.misfits += not can_take(seat, match.waiting)
            arrival = self.line.pop(match.waiting.id)
            if self.chance.random() < self.day.missed_share:
                self._at(now + self.day.offer_seconds, "lapses", (arrival, seat.id))
            else:
                self._at(now + self.chance.uniform(2, 8), "accepts", (arrival, seat.id))

    def _as_it_stands(self, arrival: Arrival) -> Waiting:
        missed = self.missed.get(arrival.waiting.id)
        return replace(arrival.waiting, missed=missed) if missed else arrival.waiting

    def _lapses(self, now: float, what: tuple[Arrival, UUID]) -> None:
        arrival, agent = what
        self.seats[agent].load -= 1
        so_far = self.missed.setdefault(arrival.waiting.id, {})
        so_far[agent] = so_far.get(agent, 0) + 1
        self.line[arrival.waiting.id] = arrival

    def _accepts(self, now: float, what: tuple[Arrival, UUID]) -> None:
        arrival, agent = what
        waited = now - arrival.at
        is_vip = arrival.waiting.id.int % 1_000_000 < 1_000_000 * self.day.vip_share
        (self.seen.vips if is_vip else self.seen.others).append(waited)
        self.seen.served += 1
        self._at(now + arrival.handle_seconds, "ends", agent)

    def _ends(self, now: float, agent: UUID) -> None:
        self.seats[agent].load -= 1


def seats_of(day: Day) -> list[Seat]:
    """The agents: three in ten take everything, the others two topics in one language or two."""
    chance = random.Random(day.seed)
    made = []
    for number in range(day.agents):
        skills: dict[tuple[str, str], int] = {}
        if number % 10 >= 3:
            languages = ("en", "zh") if chance.random() < 0.3 else (chance.choice(("en", "zh")),)
            for topic in chance.sample(TOPICS, 3):
                level = chance.choice((1, 2, 2, 3))
                skills |= {(topic, language): level for language in languages}
        offered = MORNING - timedelta(seconds=day.agents - number)
        made.append(Seat(UUID(int=number + 1), chance.choice((2, 3, 4)), 0, offered, skills))
    return made


def arrivals_of(day: Day) -> list[Arrival]:
    """Customers by a random process that peaks before noon and in the afternoon. Whether one is a
    VIP hangs on the id, so that with and without the channel the same ones are."""
    chance = random.Random(day.seed)
    places = sum(seat.capacity for seat in seats_of(day))
    mean_seconds = day.load * places * day.hours * 3600 / day.conversations
    made = []
    for _ in range(day.conversations):
        at = _moment(chance, day.hours)
        asked = MORNING + timedelta(seconds=at)
        known = UUID(int=chance.getrandbits(64) * 1_000_000 + chance.randrange(1_000_000))
        is_vip = known.int % 1_000_000 < 1_000_000 * day.vip_share
        priority = Priority.VIP if is_vip else Priority.ORDINARY
        topic = chance.choice((*TOPICS, None))
        need = Need(topic, chance.choice(("en", "en", "zh")), NEEDS.get(topic or "", 1))
        last = UUID(int=chance.randrange(day.agents) + 1)
        returns = chance.random() < day.returning_share
        waiting = Waiting(
            known, need, priority, asked, counts_from(asked, priority), last if returns else None
        )
        # Handling times are log-normal, as they are in call centres: few take long.
        spread = 0.8
        handle = chance.lognormvariate(math.log(mean_seconds) - spread**2 / 2, spread)
        made.append(Arrival(at, waiting, handle))
    return sorted(made, key=lambda one: one.at)


def _moment(chance: random.Random, hours: float) -> float:
    while True:
        part = chance.random()
        height = 0.55 + 0.45 * abs(math.sin(2 * math.pi * part))
        if chance.random() < height:
            return part * hours * 3600


def compare(day: Day) -> dict[str, Any]:
    """The same day with the channel and without."""
    with_it = Simulation(day, has_channel=True).run()
    without = Simulation(day, has_channel=False).run()
    p90 = [nearest_rank(sorted(one.others), 0.9) for one in (with_it, without)]
    vip = [statistics.fmean(one.vips) for one in (with_it, without)]
    return {
        "vip_wait_ratio": vip[0] / vip[1],
        "others_p90_ratio": p90[0] / p90[1],
        "vip_wait_s": {"with": vip[0], "without": vip[1]},
        "others_p90_s": {"with": p90[0], "without": p90[1]},
        "longest_wait_s": max(*with_it.vips, *with_it.others),
        "longest_wait_without_s": max(*without.vips, *without.others),
        "served": with_it.served,
        "left": with_it.left + without.left,
        "passes": with_it.passes,
        "fullest": max(with_it.fullest, without.fullest),
        "misfits": with_it.misfits + without.misfits,
    }


def us_per_decision(agents: int, rounds: int) -> float:
    """The median time, in microseconds, to choose somebody for one waiting customer while all
    these agents are online with some room and nobody else waits."""
    day = Day(agents=agents)
    waiting = [one.waiting for one in arrivals_of(replace(day, conversations=200))]
    took = []
    for number in range(rounds):
        seats = seats_of(day)
        for seat in seats:
            seat.load = number % seat.capacity
        began = time.perf_counter()
        assignments([waiting[number % 200]], seats, MOST_CREDIT, day.guard, MORNING)
        took.append(1e6 * (time.perf_counter() - began))
    return statistics.median(took)


def measure(day: Day, rounds: int) -> dict[str, Any]:
    """Everything, one after the other."""
    machine = figures.machine()
    simulated = compare(day)
    crowded = compare(replace(day, vip_share=0.3))
    decisions = {f"us_per_decision_{n}": us_per_decision(n, rounds) for n in (10, 100, 1_000)}
    told = decisions | simulated | {"with_30_percent_vips": crowded, "day": day.__dict__}
    return _rounded(told | {"machine": machine})


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(inner) for name, inner in value.items()}
    return round(value, 3) if isinstance(value, float) else value


def main() -> None:
    """Measure, print, and keep the result unless it was only a trial."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--quick", action="store_true", help="a trial, not kept")
    asked.add_argument("--out", type=Path, default=None, help=f"by default {RESULT.name}")
    given = asked.parse_args()
    result = measure(QUICK, 40) if given.quick else measure(FULL, 400)
    print(json.dumps(result, indent=2))
    out = given.out or (None if given.quick else RESULT)
    if out is not None:
        out.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
