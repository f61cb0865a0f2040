"""Asking for what may need a supervisor's word, and giving or refusing it."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from automation.contracts import JobOutcome, JobRequest, Outcome
from desk import clock
from desk.approvals import queries
from desk.approvals.models import Approval, Standing, Why
from desk.approvals.rules import (
    LONGEST_REASON,
    PAYS_BACK,
    Worth,
    limits,
    owner_digest,
    why_to_wait,
)
from desk.conversations.commands import owe_news
from desk.conversations.rules import readable
from desk.errors import Conflict, Invalid
from desk.escalations.commands import AlreadyEscalated, escalate
from desk.escalations.models import Kind, Reason
from desk.escalations.rules import Packet
from desk.events.commands import record
from desk.events.models import Audience
from desk.jobs import queries as jobs
from desk.jobs.commands import Asked, ask, release, resume, send, settle, stand_in_line
from desk.jobs.models import ORDINARY, Asker, Job, JobStatus
from desk.people.models import Person
from desk.settings import settings

CARRIED_OVER = (
    *("owner", "amount_minor", "currency", "why", "refunds_before", "standing"),
    *("expires_at", "overdue_at", "person_id", "decided_at"),
)


class DecidedAlready(Conflict):
    """Somebody was faster, or decided otherwise, or the job has ended without it."""


class ReasonMissing(Invalid):
    """A refusal without the words that the customer is told."""


def ask_for(
    session: Session,
    conversation_id: UUID | None,
    request: JobRequest,
    turn_key: str = "",
    *,
    worth: Worth | None = None,
    asked_by: Asker = Asker.CONVERSATION,
    priority: int = ORDINARY,
    not_before_at: datetime | None = None,
    deadline_at: datetime | None = None,
) -> Asked:
    """Ask a robot, or first a supervisor where this pays back more than goes through by itself.

    `worth` is what `queries.worth_of` says of the same request.

    Raises:
        NoSuchRobot, InputsDoNotFit, NotFound, AskedTooOften, NoRoom: as `ask`.
    """
    asked = ask(
        session,
        conversation_id,
        request,
        turn_key,
        asked_by=asked_by,
        held=request.kind in PAYS_BACK,
        priority=priority,
        not_before_at=not_before_at,
        deadline_at=deadline_at,
    )
    if asked.job.status is JobStatus.WAITING and queries.of_round(session, asked.job) is None:
        clear(session, asked.job, worth)
    return asked


def clear(session: Session, job: Job, worth: Worth | None) -> Approval:
    """Send a waiting job's present round to the robots, or have it wait for a supervisor."""
    owner = worth and owner_digest(worth.owner, settings().secret.get_secret_value())
    if owner:
        stand_in_line(session, owner)
    before = queries.refunds_of(session, owner, job.id) if owner else 0
    known = settings()
    why = why_to_wait(worth, limits(known.refund_limits), before, known.refunds_in_90_days)
    kept = Approval(
        job_id=job.id,
        round=job.round,
        owner=owner,
        amount_minor=worth and worth.amount_minor,
        currency=worth and worth.currency,
        why=why,
        refunds_before=before,
        standing=Standing.WAITING if why else Standing.FREE,
        expires_at=clock.now() + timedelta(hours=known.approval_hours),
    )
    session.add(kept)
    session.flush()
    if why is None:
        job.status = JobStatus.QUEUED
        send(session, job)
    else:
        _note(session, job, kept, "approval.requested", why=why)
    return kept


def resume_for(
    session: Session,
    job_id: UUID,
    inputs: dict[str, Any] | None,
    *,
    person_id: UUID,
    worth: Worth | None = None,
) -> Job:
    """Resume a job that failed. What pays money back is weighed anew, unless a supervisor has
    approved of the very same.

    Raises:
        NotFound, NotOver, InputsDoNotFit: as `resume`.
    """
    job = jobs.job(session, job_id, lock=True)
    if job.kind not in PAYS_BACK:
        return resume(session, job_id, inputs, person_id=person_id)
    before = queries.of_round(session, job)
    is_same = inputs is None or inputs == job.inputs
    job = resume(session, job_id, inputs, person_id=person_id, held=True)
    if is_same and before is not None and before.standing is Standing.APPROVED:
        session.add(_carried_over(before, job))
        release(session, job.id)
    else:
        clear(session, job, worth)
    return job


def _carried_over(before: Approval, job: Job) -> Approval:
    told = {name: getattr(before, name) for name in CARRIED_OVER}
    return Approval(job_id=job.id, round=job.round, **told)


def decide(
    session: Session, approval_id: UUID, person: Person, *, agrees: bool, reason: str = ""
) -> Approval:
    """Approve or refuse, once. The same person saying the same again changes nothing.

    Raises:
        NoSuchApproval: there is nothing to decide.
        DecidedAlready: it was decided by somebody else, or otherwise.
        ReasonMissing, TooLong, Unreadable: a refusal needs words that a customer can be told.
    """
    job = jobs.job(session, queries.approval(session, approval_id).job_id, lock=True)
    asked = queries.approval(session, approval_id)
    session.refresh(asked)
    verdict = Standing.APPROVED if agrees else Standing.REFUSED
    if (asked.standing, asked.person_id) == (verdict, person.id):
        return asked
    if asked.standing is not Standing.WAITING or job.status is not JobStatus.WAITING:
        raise DecidedAlready("This was decided meanwhile. Load the list again.")
    asked.reason = None if agrees else _told(reason)
    asked.standing, asked.person_id, asked.decided_at = verdict, person.id, clock.now()
    session.flush()
    session.refresh(asked, ["person"])
    _note(session, job, asked, f"approval.{verdict}", person_id=person.id)
    if agrees:
        release(session, job.id, person_id=person.id)
    else:
        outcome = JobOutcome(Outcome.REFUSED, "NOT_APPROVED", {"reason": asked.reason})
        settle(session, job.id, outcome.to_payload())
    return asked


def fetch_a_person(session: Session, approval_id: UUID) -> None:
    """Nobody has decided in time: a person is fetched and the customer is told, once. A
    supervisor may still decide."""
    job = jobs.job(session, queries.approval(session, approval_id).job_id, lock=True)
    asked = queries.approval(session, approval_id)
    session.refresh(asked)
    is_open = asked.standing is Standing.WAITING and job.status is JobStatus.WAITING
    if asked.overdue_at is not None or not is_open:
        return
    asked.overdue_at = clock.now()
    _note(session, job, asked, "approval.overdue", why=asked.why)
    if job.conversation_id is not None:
        facts = {"order_number": job.inputs.get("order_number")}
        key = f"approval:{asked.id}:overdue"
        owe_news(session, job.conversation_id, "EXTERNAL_approval_overdue", facts, key=key)
        _escalate(session, job, job.conversation_id, asked.why)


def _escalate(session: Session, job: Job, conversation_id: UUID, why: Why | None) -> None:
    told = Packet(goal=job.kind, slots=job.inputs, tried=[f"approval {job.kind}: {why}"])
    with suppress(AlreadyEscalated):  # a person is coming anyway
        escalate(
            session,
            conversation_id,
            kind=Kind.SYSTEM,
            reason=Reason.APPROVAL_OVERDUE,
            packet=told,
            open_jobs=jobs.open_jobs(session, conversation_id),
        )


def _told(reason: str) -> str:
    if not reason.strip():
        raise ReasonMissing("Say why, in words for the customer.")
    words = readable(reason)
    if len(words) > LONGEST_REASON:
        raise ReasonMissing(f"A reason has at most {LONGEST_REASON} characters.")
    return words


def _note(session: Session, job: Job, about: Approval, kind: str, **facts: Any) -> None:
    record(
        session,
        kind,
        job.stream,
        Audience.CUSTOMER,
        conversation_id=job.conversation_id,
        job_id=job.id,
        approval_id=about.id,
        robot=job.kind,
        amount_minor=about.amount_minor,
        currency=about.currency,
        **facts,
    )
