"""One conversation, as the API's documentation shows it throughout."""

from typing import Any

from desk.notes.schemas import EXAMPLE as NOTE
from desk.promises.schemas import PROMISE
from desk.routing.schemas import PRESENCE
from desk.surveys.schemas import EXAMPLE as SURVEY

CONVERSATION = "5f0c1f6e-3b1c-4f7c-9a53-0a6f0c2b7d10"
AGENT = "0d2f6f0a-9a44-4a55-8b06-52f7b1f1a001"

TURN: dict[str, Any] = {
    "id": "8f6e2a34-6a0f-4c0a-8a3f-3f5f1f0b2c44",
    "sequence": 2,
    "author": "bot",
    "author_name": None,
    "text": "I'll request a refund of 89.00 EUR for order KD-4711. Shall I go ahead?",
    "created_at": "2026-11-22T09:30:02.114Z",
    "quick_replies": [{"index": 0, "title": "Yes, please"}, {"index": 1, "title": "No"}],
    "client_id": None,
}
STAFF_TURN = TURN | {
    "intent": None,
    "confidence": None,
    "language": "en",
    "sentiment": None,
    "upset": None,
}
JOB: dict[str, Any] = {
    "id": "e0a4b1a2-7f0e-4f5d-9f8c-1b2c3d4e5f60",
    "kind": "refund",
    "status": "done",
    "code": "REFUND_FILED",
    "reference": "RF-10006",
    "order_number": "KD-4711",
    "expected_seconds": 6,
    "expected_p90_seconds": 14,
    "round": 1,
    "steps": ["checked", "filed", "confirmed"],
    "created_at": "2026-11-22T09:30:05.000Z",
    "settled_at": "2026-11-22T09:30:09.300Z",
}
HEADER: dict[str, Any] = {
    "id": CONVERSATION,
    "status": "open",
    "answered_by": "queue",
    "agent_name": None,
    "language": "en",
    "queue_position": 1,
    "expected_wait_seconds": 90,
}
LAST_TURN = {name: TURN[name] for name in ("author", "text", "created_at")}
HANDOFF: dict[str, Any] = {
    "kind": "requested",
    "reason": "asked_for_a_person",
    "priority": "ordinary",
    "counts_from": "2026-11-22T09:31:00.000Z",
    "created_at": "2026-11-22T09:31:00.000Z",
    "accepted_at": None,
}
FULL_HANDOFF = HANDOFF | {
    "id": "77a3a9b0-1c2d-4e5f-8a9b-0c1d2e3f4a5b",
    "packet": {
        "goal": "refund",
        "slots": {"order_number": "KD-4711"},
        "tried": ["robot refund: asked"],
        "identity_level": "verified",
        "sentiment_trend": [-0.2, -0.6],
        "upset": 0.71,
        "open_jobs": [],
        "missing": [],
    },
    "note": None,
    "closed_at": None,
}
SUMMARY = HEADER | {
    "customer_name": "Emily Hart",
    "topic": "refund",
    "sentiment": -0.6,
    "upset": 0.71,
    "created_at": "2026-11-22T09:29:58.000Z",
    "last_turn": LAST_TURN,
    "handoff": HANDOFF,
    "promise": PROMISE,
    "agent_id": None,
}
STATE = HEADER | {"turns": [TURN], "jobs": [JOB], "survey": None, "position": "0.42"}
STAFF_STATE = SUMMARY | {
    "customer": {
        "name": "Emily Hart",
        "email": "emily.hart@example.com",
        "identity_level": "verified",
    },
    "turns": [STAFF_TURN],
    "notes": [NOTE],
    "jobs": [JOB],
    "surveys": [SURVEY | {"resolver": "agent", "agent_id": AGENT, "agent_name": "Alex Agent"}],
    "handoffs": [FULL_HANDOFF],
    "promises": [PROMISE],
    "position": "0.42",
}
QUEUE = {
    "position": "0.42",
    "waiting": [SUMMARY],
    "mine": [],
    "others": [],
    "mentioned": [CONVERSATION],
    "offers": [],
    "me": PRESENCE,
}
LINES = {
    "items": [
        {
            "id": CONVERSATION,
            "status": "open",
            "created_at": "2026-11-22T09:29:58.000Z",
            "last_turn": LAST_TURN,
        }
    ]
}
