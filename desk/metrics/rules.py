"""What the figures mean: how a conversation is read from the log, and how it ended."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from desk.conversations.rules import topic_after
from desk.escalations.models import Kind, Reason
from desk.events.models import Event
from desk.metrics.models import ConversationFacts

FINAL_AFTER = timedelta(hours=72)  # after the last message; recontacts count as long
NEGATIVE_BELOW = -0.33  # nearer to negative than to neutral, on the scale of -1 to 1
WITHOUT_INTENT = "none"


class GroupBy(StrEnum):
    """What figures can be split by."""

    DAY = "day"  # in the account's time zone, by the start of the conversation
    INTENT = "intent"
    CHANNEL = "channel"
    LANGUAGE = "language"


class Outcome(StrEnum):
    """How a conversation ended; each has exactly one."""

    CONFIRMED = "confirmed"
    ASSUMED = "assumed"
    HANDED_OFF = "handed_off"
    ABANDONED = "abandoned"
    FAILED = "failed"


class LeftOut(StrEnum):
    """Why a conversation of the window is not in the engaged cohort."""

    SYNTHETIC = "synthetic"
    NO_CUSTOMER_MESSAGE = "no_customer_message"
    NO_BOT_TURN = "no_bot_turn"


@dataclass(frozen=True)
class Window:
    """Everything that began at or after `since` and before `until`; days are those of `zone`."""

    since: datetime
    until: datetime
    zone: ZoneInfo

    def days(self) -> list[str]:
        """Every day that has a moment in the window, as `2026-11-22`."""
        first = self.since.astimezone(self.zone).date()
        last = (self.until - timedelta(microseconds=1)).astimezone(self.zone).date()
        return [str(first + timedelta(n)) for n in range((last - first).days + 1)]


@dataclass(frozen=True)
class Judged:
    """One conversation of the window: counted with an outcome, or left out for a reason."""

    facts: ConversationFacts
    is_final: bool
    outcome: Outcome | None
    left_out: LeftOut | None

    @property
    def is_eligible(self) -> bool:
        """Whether a customer, not a test, said something; the bot need not have answered."""
        return self.left_out in (None, LeftOut.NO_BOT_TURN)


@dataclass(frozen=True)
class Contact:
    """A known customer's wish, and when it came; never a test's."""

    customer_id: UUID
    intent: str
    started_at: datetime


@dataclass(frozen=True)
class ResolutionFigures:
    """Counts of one group. `outcomes_sum` is `engaged`, or something is wrong with the desk."""

    eligible: int
    engaged: int
    outcomes: dict[Outcome, int]
    outcomes_sum: int
    provisional: int
    resolution_rate: float | None
    involvement_rate: float | None
    automation_rate: float | None


@dataclass(frozen=True)
class EscalationFigures:
    """Counts of one group. Kinds, and reasons, are those of each conversation's first hand-off,
    so that each adds up to `escalated`."""

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


def key_of(facts: ConversationFacts, group_by: GroupBy, zone: ZoneInfo) -> str:
    """The group that a conversation belongs to."""
    if group_by is GroupBy.DAY:
        return str(facts.started_at.astimezone(zone).date())
    if group_by is GroupBy.INTENT:
        return facts.intent or WITHOUT_INTENT
    return facts.channel if group_by is GroupBy.CHANNEL else facts.language


def groups_of(
    judged: Iterable["Judged"], group_by: GroupBy, window: Window
) -> dict[str, list["Judged"]]:
    """The conversations by group: every day of the window in order, or only the groups in which
    a customer said something, the largest first."""
    found: dict[str, list[Judged]] = {}
    if group_by is GroupBy.DAY:
        found = {day: [] for day in window.days()}
    for one in judged:
        if group_by is GroupBy.DAY or one.is_eligible:
            found.setdefault(key_of(one.facts, group_by, window.zone), []).append(one)
    if group_by is GroupBy.DAY:
        return found
    return dict(sorted(found.items(), key=lambda group: (-len(group[1]), group[0])))


def facts_of(events: Iterable[Event]) -> ConversationFacts | None:
    """One conversation as its events, in order, tell it; None if they do not tell its start."""
    facts = None
    for event in events:
        if event.kind == "conversation.created" and facts is None:
            facts = _begun(event)
        elif facts is not None and event.kind in _READ:
            _READ[event.kind](facts, event)
    return facts


def judge(facts: ConversationFacts, *, recontacted: bool, at: datetime) -> Judged:
    """How the conversation stands at `at`. `recontacted`: the same customer began another one on
    the same intent, at the latest 72 hours after the last message of this one."""
    left_out = why_left_out(facts)
    is_final = at >= facts.last_message_at + FINAL_AFTER
    outcome = None if left_out else _outcome(facts, recontacted=recontacted, is_final=is_final)
    return Judged(facts, is_final, outcome, left_out)


def why_left_out(facts: ConversationFacts) -> LeftOut | None:
    """Why the conversation is not counted as engaged, if it is not."""
    if facts.synthetic:
        return LeftOut.SYNTHETIC
    if not facts.customer_turns:
        return LeftOut.NO_CUSTOMER_MESSAGE
    return None if facts.bot_turns else LeftOut.NO_BOT_TURN


def is_recontact(earlier: ConversationFacts, later: Contact) -> bool:
    """Whether the customer of `earlier` came back for the same thing with `later`."""
    return (
        earlier.customer_id == later.customer_id
        and earlier.intent == later.intent
        and earlier.started_at < later.started_at <= earlier.last_message_at + FINAL_AFTER
    )


def resolution(judged: Iterable[Judged]) -> ResolutionFigures:
    """The resolution figures of one group of conversations."""
    group = list(judged)
    engaged = [one for one in group if one.left_out is None]
    eligible = sum(one.is_eligible for one in group)
    found = Counter(one.outcome for one in engaged)
    outcomes = {outcome: found[outcome] for outcome in Outcome}
    resolved = outcomes[Outcome.CONFIRMED] + outcomes[Outcome.ASSUMED]
    return ResolutionFigures(
        eligible=eligible,
        engaged=len(engaged),
        outcomes=outcomes,
        outcomes_sum=sum(outcomes.values()),
        provisional=sum(not one.is_final for one in engaged),
        resolution_rate=_rate(resolved, len(engaged)),
        involvement_rate=_rate(len(engaged), eligible),
        automation_rate=_rate(resolved, eligible),  # the two rates' product, rounded once
    )


def escalation(judged: Iterable[Judged]) -> EscalationFigures:
    """The escalation figures of one group of conversations."""
    engaged = [one for one in judged if one.left_out is None]
    escalated = [one for one in engaged if one.facts.handoffs]
    kinds = Counter(one.facts.handoffs[0]["kind"] for one in escalated)
    reasons = Counter(one.facts.handoffs[0]["reason"] for one in escalated)
    requested = sum(len(requests(one)) for one in engaged)
    unserved = sum(unserved_handoffs(one) for one in engaged)
    return EscalationFigures(
        engaged=len(engaged),
        provisional=sum(not one.is_final for one in engaged),
        escalated=len(escalated),
        escalation_rate=_rate(len(escalated), len(engaged)),
        kinds={kind: kinds[kind] for kind in Kind},
        reasons={reason: reasons[reason] for reason in Reason},
        handoffs_requested=requested,
        handoffs_waiting=sum(waiting_handoffs(one) for one in engaged),
        unserved_handoffs=unserved,
        unserved_handoff_rate=_rate(unserved, requested),
    )


def requests(one: Judged) -> list[dict[str, Any]]:
    """The hand-offs that were asked for; a take-over is nobody's request."""
    return [handoff for handoff in one.facts.handoffs if handoff["kind"] != Kind.TAKEOVER]


def unserved_handoffs(one: Judged) -> int:
    """Hand-offs asked for that no person answered with a word, and now none will: they were
    closed, or have timed out with the conversation."""
    return sum(not h["answered"] and (not h["open"] or one.is_final) for h in requests(one))


def waiting_handoffs(one: Judged) -> int:
    """Hand-offs asked for that may still be answered."""
    return sum(not h["answered"] and h["open"] and not one.is_final for h in requests(one))


def _outcome(facts: ConversationFacts, *, recontacted: bool, is_final: bool) -> Outcome:
    """The table of METRICS.md, from the top where two rows could apply: a person's part comes
    first, then what is still open or broken, then the customer's word, then our guess."""
    if facts.person_took or facts.agent_turns:
        return Outcome.HANDED_OFF
    if any(handoff["open"] for handoff in facts.handoffs):
        return Outcome.FAILED if is_final else Outcome.HANDED_OFF
    if facts.has_failed:
        return Outcome.FAILED
    if facts.confirmed:
        return Outcome.CONFIRMED
    if facts.open_jobs > 0 and is_final:  # a robot never came back, and nobody noticed
        return Outcome.FAILED
    is_negative = facts.last_sentiment is not None and facts.last_sentiment < NEGATIVE_BELOW
    if facts.goal_reached and not is_negative and not recontacted:
        return Outcome.ASSUMED
    return Outcome.ABANDONED


def _rate(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _begun(event: Event) -> ConversationFacts:
    customer_id = event.facts.get("customer_id")
    return ConversationFacts(
        id=event.conversation_id,
        started_at=event.created_at,
        customer_id=UUID(customer_id) if customer_id else None,
        channel=event.facts.get("channel", "widget"),
        language=event.facts.get("language", "en"),
        synthetic=bool(event.facts.get("synthetic", False)),
        intent=None,
        customer_turns=0,
        bot_turns=0,
        agent_turns=0,
        last_message_at=event.created_at,
        last_sentiment=None,
        person_took=False,
        goal_reached=False,
        confirmed=False,
        has_failed=False,
        open_jobs=0,
        handoffs=[],
    )


def _read_turn(facts: ConversationFacts, event: Event) -> None:
    author = event.facts["author"]
    facts.last_message_at = max(facts.last_message_at, event.created_at)
    if author == "customer":
        facts.customer_turns += 1
        facts.language = event.facts.get("language", facts.language)
    elif author == "bot":
        facts.bot_turns += 1
    elif author == "agent":
        facts.agent_turns += 1
        for handoff in facts.handoffs:
            handoff["answered"] = handoff["answered"] or (handoff["open"] and handoff["accepted"])


def _read_understood(facts: ConversationFacts, event: Event) -> None:
    facts.last_sentiment = event.facts.get("sentiment", facts.last_sentiment)
    if facts.intent is None:
        facts.intent = topic_after(event.facts["intent"], None)


def _read_request(facts: ConversationFacts, event: Event) -> None:
    told = {name: event.facts[name] for name in ("kind", "reason")}
    known = {"id": event.facts["escalation_id"], "accepted": False, "answered": False}
    facts.handoffs.append(told | known | {"open": True})


def _read_acceptance(facts: ConversationFacts, event: Event) -> None:
    facts.person_took = True
    for handoff in facts.handoffs:
        if handoff["id"] == event.facts["escalation_id"]:
            handoff["accepted"] = True


def _read_return(facts: ConversationFacts, event: Event) -> None:
    for handoff in facts.handoffs:
        handoff["open"] = False


def _read_resolved(facts: ConversationFacts, event: Event) -> None:
    _read_return(facts, event)
    if event.facts.get("by") in ("bot", "robot"):
        facts.goal_reached = True


def _read_verdict(facts: ConversationFacts, event: Event) -> None:
    facts.goal_reached = facts.confirmed = bool(event.facts["solved"])
    if event.facts["solved"]:
        facts.has_failed = False


def _read_goal(facts: ConversationFacts, event: Event) -> None:
    facts.goal_reached, facts.has_failed = True, False


def _read_queued(facts: ConversationFacts, event: Event) -> None:
    facts.open_jobs += 1


def _read_success(facts: ConversationFacts, event: Event) -> None:
    facts.open_jobs -= 1
    facts.goal_reached, facts.has_failed = True, False
    if event.facts.get("reference"):  # what the robot read in the back office after the deed
        facts.confirmed = True


def _read_refusal(facts: ConversationFacts, event: Event) -> None:
    facts.open_jobs -= 1


def _read_breakdown(facts: ConversationFacts, event: Event) -> None:
    facts.open_jobs -= 1
    facts.has_failed = True


def _read_cancelled(facts: ConversationFacts, event: Event) -> None:
    facts.open_jobs -= 1


def _read_error(facts: ConversationFacts, event: Event) -> None:
    facts.has_failed = True


_READ: dict[str, Callable[[ConversationFacts, Event], None]] = {
    "turn.created": _read_turn,
    "turn.understood": _read_understood,
    "conversation.handoff_requested": _read_request,
    "conversation.handoff_accepted": _read_acceptance,
    "conversation.handed_back": _read_return,
    "conversation.resolved": _read_resolved,
    "conversation.solved": _read_verdict,
    "conversation.goal_reached": _read_goal,
    "job.queued": _read_queued,
    "job.succeeded": _read_success,
    "job.refused": _read_refusal,
    "job.failed": _read_breakdown,
    "job.needs_human": _read_breakdown,
    "job.cancelled": _read_cancelled,
    "bot.failed": _read_error,
}
