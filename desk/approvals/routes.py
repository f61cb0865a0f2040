"""What supervisors decide. Agents see the list, and that it is not theirs to decide."""

from uuid import UUID

from fastapi import APIRouter
from sqlalchemy.orm import Session

from desk.approvals import queries
from desk.approvals.commands import decide
from desk.approvals.models import Approval
from desk.approvals.schemas import ApprovalOut, ApprovalsOut, RefusalIn, approval_out
from desk.conversations import queries as conversations
from desk.durable import reading, transaction
from desk.people.models import Person
from desk.people.routes import Staff, Supervisor

router = APIRouter(prefix="/desk/approvals", tags=["approvals"])


@router.get("")
def get_approvals(person: Staff) -> ApprovalsOut:
    """What waits for a supervisor, the longest first, and what was decided last."""
    return reading(_lists)


@router.post("/{approval_id}/approve")
def post_approve(approval_id: UUID, person: Supervisor) -> ApprovalOut:
    """Let the robot go on. Saying so twice is harmless."""
    return transaction(_decide, approval_id, person, agrees=True, reason="")


@router.post("/{approval_id}/refuse")
def post_refuse(approval_id: UUID, asked: RefusalIn, person: Supervisor) -> ApprovalOut:
    """Say no; the customer is told this reason."""
    return transaction(_decide, approval_id, person, agrees=False, reason=asked.reason)


def _lists(session: Session) -> ApprovalsOut:
    return ApprovalsOut(
        waiting=[_out(session, kept) for kept in queries.waiting(session)],
        decided=[_out(session, kept) for kept in queries.decided(session)],
    )


def _decide(
    session: Session, approval_id: UUID, person: Person, *, agrees: bool, reason: str
) -> ApprovalOut:
    return _out(session, decide(session, approval_id, person, agrees=agrees, reason=reason))


def _out(session: Session, kept: Approval) -> ApprovalOut:
    known = kept.job.conversation_id
    language = conversations.conversation(session, known).language if known else None
    return approval_out(kept, language)
