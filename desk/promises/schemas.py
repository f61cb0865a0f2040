"""Shapes at the door for promises, and what they are made by."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from desk.conversations.models import Conversation
from desk.metrics.schemas import Definition
from desk.promises.models import Policy, Promise, Standing, What
from desk.promises.rules.shares import Verdict, share_of, verdict
from desk.promises.rules.written import WEEKDAYS

CALENDAR_ID = "6b0f8c1e-2d3a-4f5b-9c6d-7e8f9a0b1c2d"
POLICY_ID = "9d1e2f3a-4b5c-4d6e-8f7a-0b1c2d3e4f5a"
CONVERSATION_ID = "5f0c1f6e-3b1c-4f7c-9a53-0a6f0c2b7d10"
MORNING: dict[str, Any] = {"from": "09:00", "until": "12:30"}
AFTERNOON = {"from": "13:30", "until": "18:00"}
CALENDAR: dict[str, Any] = {
    "name": "Berlin office",
    "time_zone": "Europe/Berlin",
    "week": {
        **{day: [MORNING, AFTERNOON] for day in WEEKDAYS[:5]},
        "saturday": [],
        "sunday": [],
    },
    "holidays": [
        {"day": "2026-12-24", "name": "Christmas Eve", "spans": [MORNING]},
        {"day": "2026-12-25", "name": "Christmas Day", "spans": []},
    ],
}
POLICY: dict[str, Any] = {
    "name": "Technical tickets",
    "place": 20,
    "applies_to": {"topics": ["account_problem"], "customers": [], "priorities": []},
    "first_reply_seconds": 14_400,
    "next_reply_seconds": 28_800,
    "resolution_seconds": 259_200,
    "calendar_id": None,
    "goal_percent": 95,
    "steps": [
        {"percent": 75, "tell": "agent"},
        {"percent": 100, "tell": "lead"},
        {"percent": 150, "tell": "supervisor"},
    ],
}
PROMISE: dict[str, Any] = {
    "id": "c3d4e5f6-0718-4293-8a4b-5c6d7e8f9a0b",
    "policy_name": "Technical tickets",
    "what": "first_reply",
    "standing": "going",
    "target_seconds": 14_400,
    "started_at": "2026-11-22T09:31:00.000Z",
    "due_at": "2026-11-22T13:31:00.000Z",
    "warned_at": None,
    "broken_at": None,
    "told": None,
    "ended_at": None,
}
LISTED = PROMISE | {
    "conversation_id": CONVERSATION_ID,
    "customer_name": "Emily Hart",
    "topic": "account_problem",
}
SHARE: dict[str, Any] = {
    "what": "resolution",
    "due": 40,
    "kept": 39,
    "broken": 1,
    "open": 3,
    "dropped": 2,
    "share": 0.975,
    "reached": True,
}
ATTAINMENT = Definition(
    "sla_attainment",
    1,
    "share = promises kept / promises due, per policy and kind, of the conversations that began in "
    "the window; due = kept in time + broken. Left out: open (may still be kept), dropped "
    "(resolved or handed back before it was due). Test traffic is not counted",
)
KEPT: dict[str, Any] = {
    "metric": ATTAINMENT.metric,
    "version": ATTAINMENT.version,
    "formula": ATTAINMENT.formula,
    "since": "2026-11-01T00:00:00+01:00",
    "until": "2026-12-01T00:00:00+01:00",
    "time_zone": "Europe/Berlin",
    "as_of": "2026-11-22T15:04:05.123456Z",
}


def shown(example: dict[str, Any]) -> ConfigDict:
    """Read from rows; `example` is what the documentation shows."""
    return ConfigDict(from_attributes=True, json_schema_extra={"examples": [example]})


class SpanIn(BaseModel):
    """From and until, as `09:00`, in the calendar's time zone; until at most `24:00`."""

    model_config = ConfigDict(json_schema_extra={"examples": [MORNING]})

    begins: str = Field(alias="from", max_length=10)
    until: str = Field(max_length=10)


class WeekIn(BaseModel):
    """The spans of each weekday; a day without any is free."""

    monday: list[SpanIn] = []
    tuesday: list[SpanIn] = []
    wednesday: list[SpanIn] = []
    thursday: list[SpanIn] = []
    friday: list[SpanIn] = []
    saturday: list[SpanIn] = []
    sunday: list[SpanIn] = []


class HolidayIn(BaseModel):
    """A date that is otherwise than its weekday: free without spans."""

    day: str = Field(max_length=10, examples=["2026-12-25"])
    name: str = Field("", max_length=200, examples=["Christmas Day"])
    spans: list[SpanIn] = []


class CalendarIn(BaseModel):
    """When a team works; `time_zone` is a name such as Europe/Berlin."""

    model_config = ConfigDict(json_schema_extra={"examples": [CALENDAR]})

    name: str = Field(max_length=200)
    time_zone: str = Field(max_length=80)
    week: WeekIn
    holidays: list[HolidayIn] = Field([], max_length=1_000)


class CalendarOut(BaseModel):
    """A calendar, with its spans and holidays in order."""

    model_config = shown({"id": CALENDAR_ID} | CALENDAR)

    id: UUID
    name: str
    time_zone: str
    week: dict[str, list[dict[str, str]]]
    holidays: list[dict[str, Any]]


class CalendarsOut(BaseModel):
    model_config = shown({"items": [{"id": CALENDAR_ID} | CALENDAR]})

    items: list[CalendarOut]


class AppliesTo(BaseModel):
    """Whom a policy is for; a condition that names nothing fits everybody. Customers are the
    addresses that the web site vouches for, or a domain as `@shop.example`; the priority is that
    of the hand-off, or high where an open ticket is."""

    topics: list[str] = []
    customers: list[str] = []
    priorities: list[str] = []


class StepOut(BaseModel):
    """Who is told when so much of the target is used: 100 is the breach."""

    percent: int
    tell: str


class PolicyIn(BaseModel):
    """What is promised. Without a calendar all time counts; of the policies that fit, the one
    with the lowest `place` does."""

    model_config = ConfigDict(json_schema_extra={"examples": [POLICY]})

    name: str = Field(max_length=200)
    place: int = Field(ge=0, le=10_000)
    applies_to: AppliesTo = AppliesTo()
    first_reply_seconds: int | None = None
    next_reply_seconds: int | None = None
    resolution_seconds: int | None = None
    calendar_id: UUID | None = None
    goal_percent: int = 95
    steps: list[StepOut] = []


class PolicyOut(PolicyIn):
    model_config = shown({"id": POLICY_ID} | POLICY)

    id: UUID


class PoliciesOut(BaseModel):
    """In the order in which they are tried."""

    model_config = shown({"items": [{"id": POLICY_ID} | POLICY]})

    items: list[PolicyOut]


class PromiseOut(BaseModel):
    """A promise on one conversation. While it is paused, as the customer is to speak, nothing is
    due. `told` is the role that its warning, breach or chain has reached last."""

    model_config = shown(PROMISE)

    id: UUID
    policy_name: str
    what: What
    standing: Standing
    target_seconds: int
    started_at: datetime
    due_at: datetime | None
    warned_at: datetime | None
    broken_at: datetime | None
    told: str | None
    ended_at: datetime | None


class PromisesOut(BaseModel):
    """All that was promised in a conversation, in order."""

    model_config = shown({"items": [PROMISE]})

    items: list[PromiseOut]


class ListedOut(PromiseOut):
    model_config = shown(LISTED)

    conversation_id: UUID
    customer_name: str | None
    topic: str | None


class DueOut(BaseModel):
    """What falls due next anywhere, what is broken first; and how many are broken and owed."""

    model_config = shown({"items": [LISTED], "broken": 0})

    items: list[ListedOut]
    broken: int


class ShareOf(BaseModel):
    """Which share this is, of which conversations, and as of when."""

    metric: str
    version: int
    formula: str
    since: datetime
    until: datetime
    time_zone: str
    as_of: datetime


class ShareOut(BaseModel):
    """How many of one kind were kept; `share` is kept / due, null where nothing was due."""

    model_config = shown(SHARE)

    what: What
    due: int
    kept: int
    broken: int
    open: int
    dropped: int
    share: float | None
    reached: bool | None


class PolicyKeptOut(BaseModel):
    policy_id: UUID
    policy_name: str
    goal_percent: int
    removed: bool
    kinds: list[ShareOut]


class KeptOut(ShareOf):
    """How well each policy's promises were kept, as of now."""

    model_config = shown(
        KEPT
        | {
            "policies": [
                {
                    "policy_id": POLICY_ID,
                    "policy_name": POLICY["name"],
                    "goal_percent": 95,
                    "removed": False,
                    "kinds": [SHARE],
                }
            ]
        }
    )

    policies: list[PolicyKeptOut]


class JudgedOut(PromiseOut):
    """One promise behind a share: how it counts, and why it may not."""

    model_config = shown(PROMISE | {"conversation_id": CONVERSATION_ID, "verdict": "open"})

    conversation_id: UUID
    verdict: Verdict


class JudgedListOut(ShareOf):
    """Exactly the promises that were counted, or left out; `next_skip` leads to more."""

    model_config = shown(
        KEPT
        | {
            "count": 1,
            "items": [PROMISE | {"conversation_id": CONVERSATION_ID, "verdict": "open"}],
            "next_skip": None,
        }
    )

    count: int
    items: list[JudgedOut]
    next_skip: int | None


def promise_out(kept: Promise) -> PromiseOut:
    """One promise for the staff."""
    return PromiseOut(**_plain(kept))


def listed_out(kept: Promise, spoken: Conversation) -> ListedOut:
    """The same as a line of a list over all conversations."""
    return ListedOut(
        **_plain(kept),
        conversation_id=spoken.id,
        customer_name=spoken.customer.name,
        topic=spoken.topic,
    )


def judged_out(kept: Promise) -> JudgedOut:
    """The same as a line behind a share."""
    counted = verdict(kept.standing, kept.broken_at)
    return JudgedOut(**_plain(kept), conversation_id=kept.conversation_id, verdict=counted)


def policy_kept_out(policy: Policy, promises: list[Promise]) -> PolicyKeptOut:
    """One policy's shares, by what it promises."""
    kinds = [what for what in What if any(one.what is what for one in promises)]
    return PolicyKeptOut(
        policy_id=policy.id,
        policy_name=policy.name,
        goal_percent=policy.goal_percent,
        removed=policy.retired_at is not None,
        kinds=[
            ShareOut(**vars(share_of(what, _verdicts(what, promises), policy.goal_percent)))
            for what in kinds
        ],
    )


def _verdicts(what: What, promises: list[Promise]) -> list[Verdict]:
    return [verdict(one.standing, one.broken_at) for one in promises if one.what is what]


def _plain(kept: Promise) -> dict[str, Any]:
    return {name: getattr(kept, name) for name in _PLAIN} | {"policy_name": kept.policy.name}


_PLAIN = (
    *("id", "what", "standing", "target_seconds", "started_at", "due_at", "warned_at"),
    *("broken_at", "told", "ended_at"),
)
