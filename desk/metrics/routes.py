"""What supervisors ask: how much was resolved, how much was escalated, and which ones."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Cookie, Depends, Header, Query

from desk import clock
from desk.durable import reading
from desk.escalations.models import Kind, Reason
from desk.metrics import queries
from desk.metrics.commands import catch_up
from desk.metrics.rules import (
    GroupBy,
    Judged,
    LeftOut,
    Outcome,
    escalation,
    resolution,
    unserved_handoffs,
)
from desk.metrics.schemas import (
    ESCALATION,
    RESOLUTION,
    ConversationsOut,
    Definition,
    EscalationGroup,
    EscalationOut,
    EscalationPart,
    ResolutionGroup,
    ResolutionOut,
    ResolutionPart,
    Scope,
    heading,
    page_of,
    window_of,
)
from desk.people.routes import NotAllowed, present_customer, supervisor
from desk.settings import settings

Moment = Annotated[
    str | None,
    Query(
        description="ISO 8601 date (its midnight in the account's time zone) or time.",
        examples=["2026-11-01", "2026-11-01T09:00:00Z"],
        max_length=40,
    ),
]
Key = Annotated[
    str | None,
    Query(description="Only this group of `group_by`.", examples=["refund"], max_length=200),
]
Cursor = Annotated[
    str | None, Query(description="`next_cursor` of the page before.", max_length=100)
]
Limit = Annotated[int, Query(ge=1, le=500)]


def not_a_customer(
    authorization: Annotated[str | None, Header()] = None,
    desk_session: Annotated[str | None, Cookie()] = None,
) -> None:
    """Tell a customer's session apart from nobody's.

    Raises:
        NotAllowed: a customer asks.
        NotSignedIn: the session that is shown is not valid.
    """
    if authorization is not None and desk_session is None:
        present_customer(authorization)
        raise NotAllowed("Only supervisors and admins may see this.")


def asked_scope(
    since: Moment = None, until: Moment = None, group_by: GroupBy | None = None
) -> Scope:
    """The scope of a card, from the query: everything that began in `[since, until)`."""
    now = clock.now()
    return Scope(
        window_of(since, until, ZoneInfo(settings().time_zone), now), group_by, key=None, at=now
    )


def asked_list(scope: Annotated[Scope, Depends(asked_scope)], key: Key = None) -> Scope:
    """The same scope for the list behind a card, or behind one group of it."""
    return Scope(scope.window, scope.group_by, key, scope.at)


def _problem(title: str, status: int, detail: str, code: str) -> dict[str, Any]:
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return {
        "description": title,
        "content": {"application/problem+json": {"example": body | {"code": code}}},
    }


REFUSALS: dict[int | str, dict[str, Any]] = {
    401: _problem("Not signed in", 401, "Sign in first.", "NotSignedIn"),
    403: _problem("Not allowed", 403, "Only supervisors and admins may see this.", "NotAllowed"),
    422: _problem(
        "Something in the request is wrong",
        422,
        "since (2026-11-08T00:00:00+00:00) must be before until (2026-11-01T00:00:00+00:00).",
        "BadWindow",
    ),
}
HEADING = {
    "version": 1,
    "since": "2026-11-01T00:00:00+01:00",
    "until": "2026-12-01T00:00:00+01:00",
    "time_zone": "Europe/Berlin",
    "as_of": "2026-11-22T15:04:05.123456Z",
}
RESOLVED: dict[str, Any] = {
    "eligible": 104,
    "engaged": 100,
    "outcomes": {"confirmed": 52, "assumed": 13, "handed_off": 21, "abandoned": 12, "failed": 2},
    "outcomes_sum": 100,
    "provisional": 9,
    "resolution_rate": 0.65,
    "involvement_rate": 0.9615,
    "automation_rate": 0.625,
}
ESCALATED: dict[str, Any] = {
    "engaged": 100,
    "provisional": 9,
    "escalated": 22,
    "escalation_rate": 0.22,
    "kinds": {"requested": 12, "offered": 4, "system": 5, "takeover": 1},
    "reasons": dict.fromkeys(Reason, 0) | {"asked_for_a_person": 12, "robot_gave_up": 10},
    "handoffs_requested": 23,
    "handoffs_waiting": 1,
    "unserved_handoffs": 2,
    "unserved_handoff_rate": 0.087,
}
COUNTED: dict[str, Any] = {
    "id": "5b0e5f9e-5a0c-4c1b-9a55-0d8a6c4f7f11",
    "started_at": "2026-11-22T14:00:00Z",
    "last_message_at": "2026-11-22T14:06:30Z",
    "channel": "widget",
    "language": "zh",
    "intent": "refund",
    "outcome": "handed_off",
    "provisional": True,
    "handoffs": [
        {
            "kind": "requested",
            "reason": "asked_for_a_person",
            "accepted": True,
            "answered": True,
            "open": False,
        }
    ],
}

CURSOR = f"2026-11-22T14:00:00Z_{COUNTED['id']}"


def _answers(example: dict[str, Any]) -> dict[int | str, dict[str, Any]]:
    told = {"description": "The figures.", "content": {"application/json": {"example": example}}}
    return {200: told} | REFUSALS


def _card(definition: Definition, part: dict[str, Any]) -> dict[int | str, dict[str, Any]]:
    known = HEADING | {"metric": definition.metric, "formula": definition.formula}
    return _answers(
        known | {"group_by": "intent", "total": part, "groups": [{"key": "refund"} | part]}
    )


def _list(definition: Definition) -> dict[int | str, dict[str, Any]]:
    known = HEADING | {"metric": definition.metric, "formula": definition.formula}
    return _answers(
        known | {"group_by": "intent", "count": 21, "items": [COUNTED], "next_cursor": CURSOR}
    )


router = APIRouter(
    prefix="/metrics",
    tags=["figures"],
    dependencies=[Depends(not_a_customer), Depends(supervisor)],
)


@router.get("/resolution", responses=_card(RESOLUTION, RESOLVED))
def get_resolution(scope: Annotated[Scope, Depends(asked_scope)]) -> ResolutionOut:
    """How much was resolved, and by whom: five outcomes that add up to the engaged cohort."""
    judged = _judged(scope)
    return ResolutionOut(
        **heading(RESOLUTION, scope),
        total=ResolutionPart.model_validate(resolution(judged)),
        groups=[
            ResolutionGroup(key=key, **vars(resolution(part)))
            for key, part in scope.parts(judged).items()
        ],
    )


@router.get("/escalation", responses=_card(ESCALATION, ESCALATED))
def get_escalation(scope: Annotated[Scope, Depends(asked_scope)]) -> EscalationOut:
    """How much went to a person, who wanted it, why, and how many were never served."""
    judged = _judged(scope)
    return EscalationOut(
        **heading(ESCALATION, scope),
        total=EscalationPart.model_validate(escalation(judged)),
        groups=[
            EscalationGroup(key=key, **vars(escalation(part)))
            for key, part in scope.parts(judged).items()
        ],
    )


@router.get("/resolution/conversations", responses=_list(RESOLUTION))
def get_resolution_conversations(
    scope: Annotated[Scope, Depends(asked_list)],
    outcome: Outcome | None = None,
    left_out: LeftOut | None = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> ConversationsOut:
    """Exactly the conversations that were counted with `outcome`, or left out for the reason
    `left_out`; with neither, all that began in the window."""
    found = [
        one
        for one in scope.chosen(_judged(scope))
        if (outcome is None or one.outcome is outcome)
        and (left_out is None or one.left_out is left_out)
    ]
    return _page(RESOLUTION, scope, found, cursor, limit)


@router.get("/escalation/conversations", responses=_list(ESCALATION))
def get_escalation_conversations(
    scope: Annotated[Scope, Depends(asked_list)],
    kind: Kind | None = None,
    reason: Reason | None = None,
    unserved: bool = False,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> ConversationsOut:
    """Exactly the conversations that were counted as escalated, of this `kind` and `reason`; with
    `unserved`, those with a hand-off that no person ever answered."""
    found = [
        one
        for one in scope.chosen(_judged(scope))
        if one.left_out is None
        and one.facts.handoffs
        and (kind is None or one.facts.handoffs[0]["kind"] == kind)
        and (reason is None or one.facts.handoffs[0]["reason"] == reason)
        and (not unserved or unserved_handoffs(one))
    ]
    return _page(ESCALATION, scope, found, cursor, limit)


def _judged(scope: Scope) -> list[Judged]:
    catch_up()
    return reading(queries.judged, scope.window, scope.at)


def _page(
    definition: Definition, scope: Scope, found: list[Judged], cursor: str | None, limit: int
) -> ConversationsOut:
    items, following = page_of(found, cursor, limit)
    return ConversationsOut(
        **heading(definition, scope), count=len(found), items=items, next_cursor=following
    )
