"""Small histories, told as lists of events, true to life or not; and how they get into the log."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from desk.escalations.models import Kind, Reason
from desk.events.models import Audience, Event
from desk.events.queries import last_of_stream
from desk.events.rules import seal

INTENTS = ("refund", "track_order", "nlu_fallback", "affirm")
CHANNELS = ("widget", "email")
LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Told:
    """One event before it stands in the log."""

    kind: str
    conversation_id: UUID
    at: datetime
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def created_at(self) -> datetime:
        return self.at


def write(session: Session, history: list[Told]) -> None:
    """Append the events to the log, sealed, at the times they tell."""
    for told in history:
        number, previous = last_of_stream(session, told.conversation_id)
        session.add(
            Event(
                kind=told.kind,
                stream=told.conversation_id,
                number=number + 1,
                conversation_id=told.conversation_id,
                audience=Audience.STAFF,
                facts=told.facts,
                created_at=told.at,
                previous_hash=previous,
                hash=seal(
                    previous, told.kind, told.conversation_id, number + 1, told.at, told.facts
                ),
            )
        )
        session.flush()


class Teller:
    """Tells one conversation event by event, a minute apart."""

    def __init__(self, at: datetime, **facts: Any) -> None:
        self.id, self.at = uuid4(), at
        known = {"channel": "widget", "language": "en", "customer_id": str(uuid4())} | facts
        self.events = [Told("conversation.created", self.id, at, known)]
        self._escalation = str(uuid4())

    def then(self, kind: str, /, **facts: Any) -> "Teller":
        self.at += timedelta(minutes=1)
        self.events.append(Told(kind, self.id, self.at, facts))
        return self

    def after(self, **time: float) -> "Teller":
        self.at += timedelta(**time)
        return self

    def customer(
        self, intent: str | None = None, sentiment: float = 0.0, language: str = "en"
    ) -> "Teller":
        self.then("turn.created", author="customer", language=language)
        if intent is None:
            return self
        return self.then("turn.understood", intent=intent, sentiment=sentiment)

    def bot(self) -> "Teller":
        return self.then("turn.created", author="bot", language="en")

    def agent(self) -> "Teller":
        return self.then("turn.created", author="agent", language="en")

    def asks_for_a_person(
        self, kind: str = Kind.REQUESTED, reason: str = Reason.ASKED_FOR_A_PERSON
    ) -> "Teller":
        self._escalation = str(uuid4())
        known = {"escalation_id": self._escalation, "kind": str(kind), "reason": str(reason)}
        return self.then("conversation.handoff_requested", **known)

    def accepted(self) -> "Teller":
        return self.then("conversation.handoff_accepted", escalation_id=self._escalation)

    def handed_back(self) -> "Teller":
        return self.then("conversation.handed_back", escalation_id=self._escalation)


def invented(seed: int, era: datetime) -> list[Told]:
    """A random history of a few customers within about twelve days of `era`, all conversations
    interleaved in time. Most are true to life; some no desk would ever write."""
    chance = random.Random(seed)
    customers = [str(UUID(int=chance.getrandbits(128))) for _ in range(3)]
    told = [event for _ in range(chance.randint(1, 9)) for event in _one(chance, era, customers)]
    return sorted(told, key=lambda event: event.at)


def _one(chance: random.Random, era: datetime, customers: list[str]) -> Iterator[Told]:
    conversation_id = UUID(int=chance.getrandbits(128))
    at = era + timedelta(seconds=chance.randrange(9 * 86_400))
    facts: dict[str, Any] = {
        "channel": chance.choice(CHANNELS),
        "language": chance.choice(LANGUAGES),
        "customer_id": chance.choice(customers),
    }
    if chance.random() < 0.1:
        facts["synthetic"] = True
    yield Told("conversation.created", conversation_id, at, facts)
    escalations = [str(UUID(int=chance.getrandbits(128)))]
    for _ in range(chance.randint(0, 12)):
        at += timedelta(seconds=chance.choice([1, 40, 3_600, 86_400]))
        kind, facts = _happening(chance, escalations)
        yield Told(kind, conversation_id, at, facts)


def _happening(chance: random.Random, escalations: list[str]) -> tuple[str, dict[str, Any]]:
    kind = chance.choice(
        ["turn.created"] * 8
        + ["turn.understood"] * 4
        + ["conversation.handoff_requested", "conversation.handoff_accepted"]
        + ["conversation.handed_back", "conversation.resolved", "conversation.reopened"]
        + ["conversation.solved", "conversation.solved", "conversation.goal_reached"]
        + ["job.queued", "job.started", "job.succeeded", "job.refused", "job.failed"]
        + ["bot.failed", "bot.late", "ticket.opened"]
    )
    if kind == "conversation.handoff_requested":
        escalations.append(str(UUID(int=chance.getrandbits(128))))
    facts: dict[str, dict[str, Any]] = {
        "turn.created": {
            "author": chance.choice(["customer"] * 4 + ["bot"] * 5 + ["agent", "system"]),
            "language": chance.choice(LANGUAGES),
        },
        "turn.understood": {
            "intent": chance.choice(INTENTS),
            "sentiment": chance.choice([-0.9, -0.33, -0.1, 0.4]),
        },
        "conversation.handoff_requested": {
            "escalation_id": escalations[-1],
            "kind": str(chance.choice(list(Kind))),
            "reason": str(chance.choice(list(Reason))),
        },
        "conversation.handoff_accepted": {"escalation_id": chance.choice(escalations)},
        "conversation.handed_back": {"escalation_id": escalations[-1]},
        "conversation.resolved": {"by": chance.choice(["bot", "robot", "agent"])},
        "conversation.solved": {"solved": chance.random() < 0.6},
        "job.succeeded": {"reference": "RF-1"} if chance.random() < 0.7 else {},
    }
    return kind, facts.get(kind, {})
