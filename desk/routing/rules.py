"""Who is offered what: plain decisions over what is known at one moment.

The order is that of `counts_from`: priority is a head start, so whoever waits long enough is
served before anybody who comes later. Of the agents who are there, have room and know enough, the
customer's last agent is chosen first, then the one with the smallest share of the room taken, then
the one who was offered nothing for longest.
"""

import heapq
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from math import ceil
from uuid import UUID

from desk.escalations.models import Priority
from desk.routing.models import ANY

MOST_CREDIT = 3.0  # VIPs at once who may go before others after a quiet time
COUNTED_OFFERS = 200  # the newest, by which the guard judges
FEWEST_WAITS = 5  # from which an expected wait can be told
LEVELS = (1, 2, 3)


@dataclass(frozen=True)
class Need:
    """What an agent must know for a conversation. No topic: nobody knows what it is about."""

    topic: str | None
    language: str
    level: int = 1

    @cached_property
    def entries(self) -> tuple[tuple[str, str], ...]:
        """The entries of a matrix that answer it, where the topic is known."""
        topic = self.topic or ANY
        return (topic, self.language), (topic, ANY), (ANY, self.language), (ANY, ANY)


@dataclass(frozen=True)
class Waiting:
    """A conversation that nobody has been offered at this moment. `missed` counts by agent how
    often it was offered to them in vain; who stands in `declined` does not want it."""

    id: UUID
    need: Need
    priority: Priority
    asked_at: datetime
    counts_from: datetime
    last_agent: UUID | None = None
    missed: Mapping[UUID, int] = field(default_factory=dict)
    declined: Collection[UUID] = ()


@dataclass
class Seat:
    """An agent who is online. `skills` maps topic and language to a level; none: takes all.
    `offered_at` is when they were last offered anything."""

    id: UUID
    capacity: int
    load: int
    offered_at: datetime
    skills: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def has_room(self) -> bool:
        """Whether one more conversation fits."""
        return self.load < self.capacity


@dataclass(frozen=True)
class Match:
    """One conversation for one agent; `passed` if a VIP goes before somebody who asked earlier
    and whom this agent could have served."""

    waiting: Waiting
    agent: UUID
    passed: bool


@dataclass(frozen=True)
class Served:
    """A wait that is over."""

    asked_at: datetime
    accepted_at: datetime


def level_for(skills: Mapping[tuple[str, str], int], need: Need) -> int:
    """How well somebody with these skills knows what is needed: 0 to 3."""
    if not skills:
        return LEVELS[-1]
    if need.topic is None:
        tongues = (ANY, need.language)
        return max((n for (_, tongue), n in skills.items() if tongue in tongues), default=0)
    return max([skills.get(entry, 0) for entry in need.entries])


def can_take(seat: Seat, waiting: Waiting) -> bool:
    """Whether this agent, who has room, may be offered this conversation."""
    if seat.skills and level_for(seat.skills, waiting.need) < waiting.need.level:
        return False
    return seat.id not in waiting.declined


def chosen(waiting: Waiting, seats: Iterable[Seat]) -> Seat | None:
    """Who is offered the conversation, of those with room; None if nobody fits. Whoever has
    missed it comes after those who have not."""
    fitting = [seat for seat in seats if can_take(seat, waiting)]
    if not fitting:
        return None
    missed, last = waiting.missed, waiting.last_agent
    if missed or last is not None:
        return min(fitting, key=lambda s: (missed.get(s.id, 0), s.id != last, *_turn(s)))
    return min(fitting, key=_turn)


def _turn(seat: Seat) -> tuple[float, datetime]:
    return seat.load / seat.capacity, seat.offered_at


def assignments(
    line: Collection[Waiting], seats: Sequence[Seat], credit: float, most_worse: float, at: datetime
) -> list[Match]:
    """Who is offered whom now. Changes `seats` as it goes.

    `credit` is how many VIPs may go before others just now, see `credit_after`; a VIP for whom
    there is none waits in the order in which everybody asked.
    """
    free = [seat for seat in seats if seat.has_room]
    if not free:
        return []
    found: list[Match] = []
    left = {waiting.id: waiting for waiting in line if waiting.priority is not Priority.VIP}
    turns = [(w.counts_from, n, w, True) for n, w in enumerate(line)]
    heapq.heapify(turns)
    while turns and free:
        _, number, waiting, may_pass = heapq.heappop(turns)
        seat = chosen(waiting, free)
        if seat is None:
            continue
        is_vip = waiting.priority is Priority.VIP
        passed = is_vip and may_pass and _passes(waiting, seat, left.values())
        if passed and credit < 1:
            heapq.heappush(turns, (waiting.asked_at, number, waiting, False))
            continue
        credit = credit - 1 if passed else _earned(credit, most_worse)
        left.pop(waiting.id, None)
        seat.load, seat.offered_at = seat.load + 1, at
        if not seat.has_room:
            free.remove(seat)
        found.append(Match(waiting, seat.id, passed))
    return found


def _passes(vip: Waiting, seat: Seat, others: Iterable[Waiting]) -> bool:
    return any(w.asked_at < vip.asked_at and can_take(seat, w) for w in others)


def _earned(credit: float, most_worse: float) -> float:
    return min(MOST_CREDIT, credit + most_worse)


def credit_after(passes: Sequence[bool], most_worse: float) -> float:
    """How many VIPs may go before others after these offers, the oldest first; of more than
    `COUNTED_OFFERS`, the newest so many are enough. Those before them are taken to have used all.

    Whoever is served in turn lets `most_worse` of a VIP pass. So of n people served, at most the
    share most_worse / (1 + most_worse) went before somebody, and where agents become free at a
    steady pace nobody waits more than `most_worse` longer than if all were served in turn, but
    for the few VIPs that a quiet time has let pass.
    """
    counted = passes[-COUNTED_OFFERS:]
    credit = 0.0 if len(counted) == COUNTED_OFFERS else MOST_CREDIT
    for passed in counted:
        credit = credit - 1 if passed else _earned(credit, most_worse)
    return credit


def should_go_back(
    waits_since: datetime | None,
    offline_since: datetime | None,
    at: datetime,
    *,
    grace: timedelta,
    ignored_after: timedelta | None,
) -> bool:
    """Whether a customer who has waited since then for a word of their agent gets another: the
    agent is offline for longer than `grace`, or lets them wait for longer than `ignored_after`."""
    if waits_since is None:
        return False
    if offline_since is not None and at >= max(offline_since, waits_since) + grace:
        return True
    return ignored_after is not None and at >= waits_since + ignored_after


def seconds_per_place(served: Sequence[Served]) -> float | None:
    """How long each place in the queue takes, by what waits that are over took from the place
    at which they began; None if too few are known."""
    if len(served) < FEWEST_WAITS:
        return None
    waits = sum((one.accepted_at - one.asked_at).total_seconds() for one in served)
    places = sum(1 + _ahead(one, served) for one in served)
    return waits / places


def _ahead(one: Served, served: Sequence[Served]) -> int:
    return sum(o.asked_at < one.asked_at < o.accepted_at for o in served)


def expected_seconds(place: int | None, pace: float | None) -> int | None:
    """How long somebody at this place will wait, rounded up to half a minute; None if unknown."""
    if place is None or pace is None:
        return None
    return max(30, 30 * ceil(place * pace / 30))


def nearest_rank(ordered: Sequence[float], share: float) -> float:
    """The value that this share of an ascending list is not above; 0 of an empty one."""
    return ordered[max(0, ceil(share * len(ordered)) - 1)] if ordered else 0.0
