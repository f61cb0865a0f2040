"""Shapes at the door for figures: the window that is asked for, and what is answered."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from desk.errors import Invalid
from desk.escalations.models import Kind, Reason
from desk.metrics.rules import (
    GroupBy,
    Judged,
    LeftOut,
    Outcome,
    Window,
    groups_of,
    key_of,
)

DEFAULT_DAYS = 30
LONGEST_WINDOW = timedelta(days=3653)  # ten years


class BadMoment(Invalid):
    """What should be a date or a time is neither."""


class BadWindow(Invalid):
    """A window that ends before it begins, or is longer than ten years."""


class BadCursor(Invalid):
    """A cursor that no list of this desk gave out."""


@dataclass(frozen=True)
class Definition:
    """What a figure is called, which version of its rules made it, and how it is computed."""

    metric: str
    version: int
    formula: str


RESOLUTION = Definition(
    "resolution",
    1,
    "resolution_rate = (confirmed + assumed) / engaged; involvement_rate = engaged / eligible; "
    "automation_rate = involvement_rate * resolution_rate",
)
ESCALATION = Definition(
    "escalation",
    1,
    "escalation_rate = conversations with at least one hand-off / engaged, split by the kind and "
    "reason of the first; unserved_handoff_rate = hand-offs requested and never answered by a "
    "person / hand-offs requested (take-overs are not requested)",
)


@dataclass(frozen=True)
class Scope:
    """What one request asks about. A card and its list are made from the same scope."""

    window: Window
    group_by: GroupBy | None
    key: str | None  # only this group
    at: datetime  # outcomes as they stood then

    def parts(self, judged: list[Judged]) -> dict[str, list[Judged]]:
        """The conversations by group; nothing if no grouping was asked for."""
        return groups_of(judged, self.group_by, self.window) if self.group_by else {}

    def chosen(self, judged: list[Judged]) -> list[Judged]:
        """The conversations of the one group that was asked for, or all."""
        if self.group_by is None or self.key is None:
            return judged
        zone = self.window.zone
        return [one for one in judged if key_of(one.facts, self.group_by, zone) == self.key]


class Shape(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ResolutionPart(Shape):
    """Counts of conversations and the rates made of them. `outcomes_sum` is computed apart; other
    than `engaged` it is a fault of the desk. `provisional` outcomes may still change."""

    eligible: int
    engaged: int
    outcomes: dict[Outcome, int]
    outcomes_sum: int
    provisional: int
    resolution_rate: float | None
    involvement_rate: float | None
    automation_rate: float | None


class ResolutionGroup(ResolutionPart):
    key: str


class EscalationPart(Shape):
    """Counts of conversations and hand-offs. `kinds` and `reasons` are those of each
    conversation's first hand-off; `handoffs_waiting` may still be served."""

    engaged: int
    provisional: int
    escalated: int
    escalation_rate: float | None
    kinds: dict[Kind, int]
    reasons: dict[Reason, int]
    handoffs_requested: int
    handoffs_waiting: int
    unserved_handoffs: int
    unserved_handoff_rate: float | None


class EscalationGroup(EscalationPart):
    key: str


class FigureOut(BaseModel):
    """Which figure this is, of which conversations, and as of when."""

    metric: str
    version: int
    formula: str
    since: datetime
    until: datetime
    time_zone: str
    group_by: GroupBy | None
    as_of: datetime


class ResolutionOut(FigureOut):
    total: ResolutionPart
    groups: list[ResolutionGroup]


class EscalationOut(FigureOut):
    total: EscalationPart
    groups: list[EscalationGroup]


class HandoffOut(Shape):
    """`answered`: a person wrote to the customer; `open`: waiting, or with a person."""

    kind: Kind
    reason: Reason
    accepted: bool
    answered: bool
    open: bool


class CountedConversation(BaseModel):
    """One conversation behind a figure: its outcome, or why it is left out."""

    id: UUID
    started_at: datetime
    last_message_at: datetime
    channel: str
    language: str
    intent: str | None
    outcome: Outcome | None
    provisional: bool
    left_out: LeftOut | None = None
    handoffs: list[HandoffOut]


class ConversationsOut(FigureOut):
    """The conversations behind a figure, newest first. `count` is of all pages; send
    `next_cursor` as `cursor` for the next one."""

    count: int
    items: list[CountedConversation]
    next_cursor: str | None


def heading(definition: Definition, scope: Scope) -> dict[str, Any]:
    """What every answer says about itself."""
    return {
        "metric": definition.metric,
        "version": definition.version,
        "formula": definition.formula,
        "since": scope.window.since,
        "until": scope.window.until,
        "time_zone": str(scope.window.zone),
        "group_by": scope.group_by,
        "as_of": scope.at,
    }


def page_of(
    judged: list[Judged], cursor: str | None, limit: int
) -> tuple[list[CountedConversation], str | None]:
    """The next `limit` of the conversations, newest first, and the cursor after them.

    Raises:
        BadCursor: `cursor` is not one that this function gave.
    """
    ordered = sorted(judged, key=_place, reverse=True)
    if cursor is not None:
        before = _read_cursor(cursor)
        ordered = [one for one in ordered if _place(one) < before]
    page, rest = ordered[:limit], ordered[limit:]
    following = _cursor_after(page[-1]) if rest else None
    return [_counted(one) for one in page], following


def window_of(since: str | None, until: str | None, zone: ZoneInfo, now: datetime) -> Window:
    """The window that was asked for; by default the last 30 days, today included.

    A date means the midnight in `zone` that begins it; a time without offset is one of `zone`.

    Raises:
        BadMoment: one of them is neither date nor time.
        BadWindow: `since` is not before `until`, or by more than ten years.
    """
    tomorrow = _midnight(now.astimezone(zone).date() + timedelta(days=1), zone)
    end = moment_of("until", until, zone) if until is not None else tomorrow
    if since is not None:
        begin = moment_of("since", since, zone)
    else:  # the same time of day, whatever the clocks did meanwhile
        begin = end.astimezone(zone) - timedelta(days=DEFAULT_DAYS)
    length = end.astimezone(UTC) - begin.astimezone(UTC)  # by the clock, not by the clock face
    if length <= timedelta(0):
        raise BadWindow(f"since ({begin.isoformat()}) must be before until ({end.isoformat()}).")
    if length > LONGEST_WINDOW:
        raise BadWindow("A window has at most ten years. Bring since and until closer together.")
    return Window(begin, end, zone)


def moment_of(name: str, text: str, zone: ZoneInfo) -> datetime:
    """The moment that `text`, an ISO 8601 date or time, names.

    Raises:
        BadMoment: it names none; the message says what would, and calls it `name`.
    """
    try:
        read = datetime.fromisoformat(text)
        moment = read if read.tzinfo else read.replace(tzinfo=zone)
        # Too near to either end of the calendar there are no neighbouring days to compare with.
        _ = moment.astimezone(zone) - timedelta(days=366), moment + timedelta(days=366)
    except (ValueError, OverflowError) as unreadable:
        raise BadMoment(
            f"{name} must be a date such as 2026-11-01 or a time such as 2026-11-01T09:00:00Z "
            "(in an address, write + as %2B)."
        ) from unreadable
    return moment


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)


def _place(one: Judged) -> tuple[datetime, UUID]:
    return one.facts.started_at, one.facts.id


def _cursor_after(one: Judged) -> str:
    began = one.facts.started_at.astimezone(UTC).replace(tzinfo=None)
    return f"{began.isoformat()}Z_{one.facts.id}"  # no character that an address would mangle


def _read_cursor(cursor: str) -> tuple[datetime, UUID]:
    moment, _, conversation_id = cursor.partition("_")
    try:
        read = datetime.fromisoformat(moment), UUID(conversation_id)
    except ValueError as unreadable:
        raise BadCursor("Send the next_cursor of the page before, unchanged.") from unreadable
    if read[0].tzinfo is None:
        raise BadCursor("Send the next_cursor of the page before, unchanged.")
    return read


def _counted(one: Judged) -> CountedConversation:
    facts = one.facts
    return CountedConversation(
        id=facts.id,
        started_at=facts.started_at,
        last_message_at=facts.last_message_at,
        channel=facts.channel,
        language=facts.language,
        intent=facts.intent,
        outcome=one.outcome,
        provisional=one.left_out is None and not one.is_final,
        left_out=one.left_out,
        handoffs=[HandoffOut.model_validate(handoff) for handoff in facts.handoffs],
    )
