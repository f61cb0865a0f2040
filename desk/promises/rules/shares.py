"""How well promises were kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from desk.promises.models import Standing, What
from desk.promises.rules.clocks import WHOLE


class Verdict(StrEnum):
    KEPT = "kept"
    BROKEN = "broken"
    OPEN = "open"  # left out: it may still be kept
    DROPPED = "dropped"  # left out: resolved or handed back before it was due


@dataclass(frozen=True)
class Share:
    """The promises of one policy and kind by their verdict. `share` is kept / due, from 0 to 1;
    None where nothing was due."""

    what: What
    due: int
    kept: int
    broken: int
    open: int
    dropped: int
    share: float | None
    reached: bool | None  # the policy's goal


def verdict(standing: Standing, broken_at: datetime | None) -> Verdict:
    """How one promise counts. One that is broken counts so, whoever owes it still."""
    if broken_at is not None:
        return Verdict.BROKEN
    if standing is Standing.MET:
        return Verdict.KEPT
    return Verdict.DROPPED if standing is Standing.DROPPED else Verdict.OPEN


def share_of(what: What, verdicts: Iterable[Verdict], goal_percent: int) -> Share:
    """The share that was kept, of those that were due."""
    found = list(verdicts)
    kept, broken = found.count(Verdict.KEPT), found.count(Verdict.BROKEN)
    due = kept + broken
    return Share(
        what=what,
        due=due,
        kept=kept,
        broken=broken,
        open=found.count(Verdict.OPEN),
        dropped=found.count(Verdict.DROPPED),
        share=round(kept / due, 4) if due else None,
        reached=kept * WHOLE >= goal_percent * due if due else None,
    )
