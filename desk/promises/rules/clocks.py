"""How the clock of one promise goes: what starts, stops and ends it, and what falls due when."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from desk.promises.models import Standing, What
from desk.promises.rules.hours import (
    LONGEST_LOOK,
    NONE,
    Hours,
    NeverOpens,
    after_working,
    working_time,
)

WHOLE = 100  # percent of the target, at which a promise is broken
GOES_ON_WITHIN = timedelta(days=7)  # after a resolve; later it is another matter (METRICS, reopen)


class Happened(StrEnum):
    """What in a conversation moves the clocks of its promises."""

    HANDED_OFF = "handed_off"
    CUSTOMER_SPOKE = "customer_spoke"
    AGENT_SPOKE = "agent_spoke"
    HANDED_BACK = "handed_back"
    RESOLVED = "resolved"


class Change(StrEnum):
    START = "start"
    RESUME = "resume"
    PAUSE = "pause"
    MEET = "meet"
    DROP = "drop"  # nobody owes it any more, and nobody has kept it


_EVENTS = {
    "conversation.handoff_requested": Happened.HANDED_OFF,
    "conversation.handed_back": Happened.HANDED_BACK,
    "conversation.resolved": Happened.RESOLVED,
}
_SPOKE = {"customer": Happened.CUSTOMER_SPOKE, "agent": Happened.AGENT_SPOKE}
KINDS = (*_EVENTS, "turn.created")


@dataclass(frozen=True)
class Clock:
    """The people's time that a promise has used up to `since`, from when on it goes; it stands
    still where there is no `since`."""

    target: timedelta
    used: timedelta = NONE
    since: datetime | None = None

    def used_at(self, at: datetime, hours: Hours | None) -> timedelta:
        """How much of the target is gone. A moment before `since`, as after a wall clock was set
        back, takes nothing away."""
        return self.used + (working_time(hours, self.since, at) if self.since else NONE)

    def stopped(self, at: datetime, hours: Hours | None) -> "Clock":
        """The same clock, standing still from `at`."""
        return replace(self, used=self.used_at(at, hours), since=None)

    def going(self, at: datetime) -> "Clock":
        """The same clock, going from `at`; one that goes already is left alone."""
        return self if self.since else replace(self, since=at)

    def moment_of(self, percent: int, hours: Hours | None) -> datetime | None:
        """When so much of the target is gone; None while it stands still. What a calendar that
        hardly opens would never reach is put off as far as anybody looks."""
        if self.since is None:
            return None
        left = self.target * percent / WHOLE - self.used
        try:
            return after_working(hours, self.since, left)
        except NeverOpens:
            return self.since + LONGEST_LOOK


def what_happened(kind: str, author: str | None) -> Happened | None:
    """What an event of the log is to the clocks, if anything."""
    return _SPOKE.get(author or "") if kind == "turn.created" else _EVENTS.get(kind)


def changes(
    happened: Happened, clocks: Mapping[What, Standing], *, with_people: bool
) -> dict[What, Change]:
    """What becomes of the open clocks of a conversation, in which people owe the customer a word
    or do not. The bot's time is nobody's promise: with it, a resolution waits."""
    match happened:
        case Happened.HANDED_OFF if not with_people:
            goes_on = What.RESOLUTION in clocks
            again = Change.RESUME if goes_on else Change.START
            return {What.FIRST_REPLY: Change.START, What.RESOLUTION: again}
        case Happened.CUSTOMER_SPOKE if with_people:
            asks_again = not {What.FIRST_REPLY, What.NEXT_REPLY} & clocks.keys()
            started = {What.NEXT_REPLY: Change.START} if asks_again else {}
            return started | _of(clocks, {What.RESOLUTION: Change.RESUME})
        case Happened.AGENT_SPOKE if with_people:
            return _of(clocks, _REPLIES_MET | {What.RESOLUTION: Change.PAUSE})
        case Happened.HANDED_BACK:
            return _of(clocks, _REPLIES_DROPPED | {What.RESOLUTION: Change.PAUSE})
        case Happened.RESOLVED:
            return _of(clocks, _REPLIES_DROPPED | {What.RESOLUTION: Change.MEET})
    return {}


def is_with_people(happened: Happened, before: bool) -> bool:
    """Whether people owe the customer something after that."""
    if happened in (Happened.HANDED_BACK, Happened.RESOLVED):
        return False
    return before or happened is Happened.HANDED_OFF


def moments(steps: Mapping[int, str]) -> list[int]:
    """At which percents of a target something falls due, in order: every step of the chain, and
    the breach."""
    return sorted({*steps, WHOLE})


_REPLIES_MET = {What.FIRST_REPLY: Change.MEET, What.NEXT_REPLY: Change.MEET}
_REPLIES_DROPPED = {What.FIRST_REPLY: Change.DROP, What.NEXT_REPLY: Change.DROP}


def _of(clocks: Mapping[What, Standing], wanted: dict[What, Change]) -> dict[What, Change]:
    return {what: change for what, change in wanted.items() if what in clocks}
