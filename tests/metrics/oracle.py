"""METRICS.md once more: slow and plain, from the whole list of events, sharing no rule with us."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.metrics.histories import Told

NO_TOPIC = ("nlu_fallback", "affirm")
SETTLED = ("job.succeeded", "job.refused", "job.failed")


class Seen:
    """One conversation, looked at as a whole."""

    def __init__(self, events: list[Told]) -> None:
        assert events[0].kind == "conversation.created"
        self.events = events
        self.started_at = events[0].at
        self.customer = events[0].facts["customer_id"]
        self.channel = events[0].facts["channel"]
        self.is_synthetic = events[0].facts.get("synthetic", False)
        turns = [e for e in events if e.kind == "turn.created"]
        customers = [e for e in turns if e.facts["author"] == "customer"]
        self.has_customer = bool(customers)
        self.has_bot = any(e.facts["author"] == "bot" for e in turns)
        self.language = (
            customers[-1].facts["language"] if customers else events[0].facts["language"]
        )
        self.last_message_at = max([self.started_at] + [e.at for e in turns])
        understood = [e.facts for e in events if e.kind == "turn.understood"]
        topics = [told["intent"] for told in understood if told["intent"] not in NO_TOPIC]
        self.intent = topics[0] if topics else None
        self.sentiment = understood[-1]["sentiment"] if understood else 0.0

    @property
    def left_out(self) -> str | None:
        if self.is_synthetic:
            return "synthetic"
        if not self.has_customer:
            return "no_customer_message"
        return None if self.has_bot else "no_bot_turn"

    def last(self, *wanted: tuple[str, dict]) -> int:
        """Place of the last event of one of these kinds with these facts; -1 if none."""
        places = [
            place
            for place, event in enumerate(self.events)
            for kind, facts in wanted
            if event.kind == kind and all(event.facts.get(k) == v for k, v in facts.items())
        ]
        return max(places, default=-1)

    def handoffs(self) -> list[dict]:
        """Every hand-off: whether a person wrote while it was theirs, and whether it ended."""
        found = []
        for place, event in enumerate(self.events):
            if event.kind != "conversation.handoff_requested":
                continue
            rest = list(enumerate(self.events))[place + 1 :]
            ended = [
                p
                for p, e in rest
                if e.kind in ("conversation.handed_back", "conversation.resolved")
            ]
            end = ended[0] if ended else len(self.events)
            accepted = [
                p
                for p, e in rest
                if e.kind == "conversation.handoff_accepted"
                and e.facts["escalation_id"] == event.facts["escalation_id"]
            ]
            answered = bool(accepted) and any(
                accepted[0] < p < end
                for p, e in rest
                if e.kind == "turn.created" and e.facts["author"] == "agent"
            )
            found.append(event.facts | {"answered": answered, "ended": bool(ended)})
        return found

    def outcome(self, everything: list["Seen"], at: datetime) -> str:
        is_final = at - self.last_message_at >= timedelta(hours=72)
        person = any(
            e.kind == "conversation.handoff_accepted"
            or (e.kind == "turn.created" and e.facts["author"] == "agent")
            for e in self.events
        )
        if person:
            return "handed_off"
        if any(not handoff["ended"] for handoff in self.handoffs()):
            return "failed" if is_final else "handed_off"
        yes, no = (
            ("conversation.solved", {"solved": True}),
            ("conversation.solved", {"solved": False}),
        )
        goal, done = ("conversation.goal_reached", {}), ("job.succeeded", {})
        if self.last(("job.failed", {}), ("bot.failed", {})) > self.last(yes, goal, done):
            return "failed"
        if self.last(yes, ("job.succeeded", {"reference": "RF-1"})) > self.last(no):
            return "confirmed"
        queued = sum(e.kind == "job.queued" for e in self.events)
        if is_final and queued > sum(e.kind in SETTLED for e in self.events):
            return "failed"
        by_machine = [("conversation.resolved", {"by": by}) for by in ("bot", "robot")]
        reached = self.last(yes, goal, done, *by_machine) > self.last(no)
        came_back = any(self.is_followed_by(other) for other in everything)
        if reached and self.sentiment >= -0.33 and not came_back:
            return "assumed"
        return "abandoned"

    def is_followed_by(self, other: "Seen") -> bool:
        return (
            other.customer == self.customer
            and self.intent is not None
            and other.intent == self.intent
            and not other.is_synthetic
            and self.started_at < other.started_at
            and other.started_at <= self.last_message_at + timedelta(hours=72)
        )


def conversations(history: list[Told]) -> list[Seen]:
    """The history, conversation by conversation."""
    ids = list(dict.fromkeys(event.conversation_id for event in history))
    return [Seen([e for e in history if e.conversation_id == one]) for one in ids]


def key(seen: Seen, group_by: str, zone: str) -> str:
    """The group of one conversation."""
    if group_by == "day":
        return seen.started_at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d")
    if group_by == "intent":
        return seen.intent or "none"
    return seen.channel if group_by == "channel" else seen.language


def resolution(part: list[Seen], everything: list[Seen], at: datetime) -> dict:
    """The resolution figures of these conversations."""
    engaged = [seen for seen in part if seen.left_out is None]
    eligible = [seen for seen in part if seen.left_out in (None, "no_bot_turn")]
    found = [seen.outcome(everything, at) for seen in engaged]
    resolved = found.count("confirmed") + found.count("assumed")
    names = ("confirmed", "assumed", "handed_off", "abandoned", "failed")
    return {
        "eligible": len(eligible),
        "engaged": len(engaged),
        "outcomes": {name: found.count(name) for name in names},
        "outcomes_sum": len(engaged),
        "provisional": sum(at < s.last_message_at + timedelta(hours=72) for s in engaged),
        "resolution_rate": rate(resolved, len(engaged)),
        "involvement_rate": rate(len(engaged), len(eligible)),
        "automation_rate": rate(resolved, len(eligible)),
    }


def escalation(part: list[Seen], at: datetime) -> dict:
    """The escalation figures of these conversations; only what is not zero among the kinds."""
    engaged = [seen for seen in part if seen.left_out is None]
    escalated = [seen for seen in engaged if seen.handoffs()]
    firsts = [seen.handoffs()[0] for seen in escalated]
    requested = [
        (handoff, at >= seen.last_message_at + timedelta(hours=72))
        for seen in engaged
        for handoff in seen.handoffs()
        if handoff["kind"] != "takeover"
    ]
    unserved = [h for h, final in requested if not h["answered"] and (h["ended"] or final)]
    waiting = [h for h, final in requested if not h["answered"] and not h["ended"] and not final]
    return {
        "engaged": len(engaged),
        "escalated": len(escalated),
        "escalation_rate": rate(len(escalated), len(engaged)),
        "kinds": tally(first["kind"] for first in firsts),
        "reasons": tally(first["reason"] for first in firsts),
        "handoffs_requested": len(requested),
        "handoffs_waiting": len(waiting),
        "unserved_handoffs": len(unserved),
        "unserved_handoff_rate": rate(len(unserved), len(requested)),
    }


def tally(names) -> dict:
    """How often each name comes."""
    listed = list(names)
    return {name: listed.count(name) for name in listed}


def rate(part: int, whole: int) -> float | None:
    """A share to four places, or nothing of nothing."""
    return round(part / whole, 4) if whole else None
