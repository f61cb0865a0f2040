"""Reading approvals, and what a refund would pay."""

from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from automation.contracts import JobRequest
from desk import clock
from desk.approvals.models import Approval, Standing
from desk.approvals.rules import COUNTED, PAYS_BACK, Worth
from desk.errors import NotFound
from desk.integrations.orders import OrdersUnreachable, orders
from desk.jobs.models import Job, JobStatus

COUNTS = (JobStatus.QUEUED, JobStatus.WAITING, JobStatus.WORKING, JobStatus.DONE)
SHOWN_DECIDED = 30
# A job that was cancelled meanwhile needs nobody's word any more.
_OPEN = (Approval.standing == Standing.WAITING, Job.status == JobStatus.WAITING)


class NoSuchApproval(NotFound):
    """Nobody has to approve a job with this id."""


def worth_of(request: JobRequest) -> Worth | None:
    """What this would pay back, as the order stands now; None where nobody can say, or where the
    job pays nothing."""
    if request.kind not in PAYS_BACK:
        return None
    try:
        order = orders().find(str(request.inputs.get("order_number") or ""))
    except OrdersUnreachable:
        return None
    return Worth(order.total_minor, order.currency, order.email) if order else None


def approval(session: Session, approval_id: UUID) -> Approval:
    """One approval with its job.

    Raises:
        NoSuchApproval: there is none.
    """
    asked = select(Approval).where(Approval.id == approval_id)
    found = session.scalars(_with_job(asked)).first()
    if found is None:
        raise NoSuchApproval("There is nothing of that name to approve.")
    return found


def of_round(session: Session, job: Job) -> Approval | None:
    """What was decided, or is to be, on the present round of a job."""
    ours = select(Approval).where(Approval.job_id == job.id, Approval.round == job.round)
    return session.scalars(ours).first()


def refunds_of(session: Session, owner: str, job_id: UUID) -> int:
    """How many other refunds one customer has had, or is about to have, in the days that count."""
    theirs = (
        select(func.count(func.distinct(Approval.job_id)))
        .join(Job, Job.id == Approval.job_id)
        .where(Approval.owner == owner, Approval.created_at > clock.now() - COUNTED)
        .where(Job.status.in_(COUNTS), Job.id != job_id)
    )
    return session.scalar(theirs) or 0


def waiting(session: Session) -> list[Approval]:
    """What nobody has decided yet, the longest wait first."""
    undecided = _with_job(select(Approval)).join(Job).where(*_OPEN)
    return list(session.scalars(undecided.order_by(Approval.created_at)))


def decided(session: Session) -> list[Approval]:
    """What was decided last, the newest first."""
    ended = select(Approval).where(Approval.decided_at.is_not(None))
    newest = _with_job(ended).order_by(Approval.decided_at.desc()).limit(SHOWN_DECIDED)
    return list(session.scalars(newest))


def overdue(session: Session) -> list[UUID]:
    """What should have been decided by now and has fetched nobody yet."""
    late = select(Approval.id).join(Job).where(*_OPEN)
    late = late.where(Approval.overdue_at.is_(None), Approval.expires_at <= clock.now())
    return list(session.scalars(late))


def _with_job(asked: Select[Approval]) -> Select[Approval]:
    return asked.options(joinedload(Approval.job), joinedload(Approval.person))
