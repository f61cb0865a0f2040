"""What an agent must be told before taking over, and who is served before whom."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from desk.escalations.models import Priority

WANTED = ("goal", "tried", "sentiment_trend")
HEAD_START = {
    Priority.ORDINARY: timedelta(0),
    Priority.HIGH: timedelta(minutes=10),
    Priority.VIP: timedelta(days=1),
}


def priority_for(segment: str | None, vip_segments: Collection[str]) -> Priority:
    """What a customer's segment, as the web site has signed it, entitles them to."""
    return Priority.VIP if segment in vip_segments else Priority.ORDINARY


def counts_from(asked_at: datetime, priority: Priority) -> datetime:
    """From when a wait counts. Customers are served in this order, so priority is a head start
    and waiting makes up for it: whoever asked that much earlier is served first all the same."""
    return asked_at - HEAD_START[priority]


@dataclass(frozen=True)
class Packet:
    """What a hand-off brings along: the goal, what is known, what was tried."""

    goal: str | None = None
    slots: dict[str, Any] = field(default_factory=dict)
    tried: list[str] = field(default_factory=list)


def complete_packet(
    packet: Packet,
    *,
    identity_level: str,
    sentiment_trend: list[float],
    upset: float | None,
    open_jobs: list[str],
) -> dict[str, Any]:
    """The packet as the agent sees it, with the names of what nobody could tell under `missing`.

    `sentiment_trend` holds the scores of the customer's last messages, oldest first, in [-1, 1];
    `upset` is how likely the customer is upset by now, None if none of them told.
    """
    told: dict[str, Any] = {
        "goal": packet.goal,
        "slots": {name: value for name, value in packet.slots.items() if value is not None},
        "tried": packet.tried,
        "identity_level": identity_level,
        "sentiment_trend": sentiment_trend,
        "upset": upset,
        "open_jobs": open_jobs,
    }
    return told | {"missing": [name for name in WANTED if not told[name]]}
