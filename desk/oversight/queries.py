"""Reading jobs for those who look after them."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from automation.catalogue import CATALOGUE, Robot
from desk import clock
from desk.approvals.models import Approval
from desk.approvals.queries import of_round
from desk.conversations import queries as conversations
from desk.conversations.models import Conversation
from desk.events.models import Event
from desk.jobs import queries as jobs
from desk.jobs.models import TO_BE_SEEN_TO, Attempt, Job, JobStatus
from desk.oversight.models import Closing
from desk.oversight.rules import NOBODYS, SEEN_FOR, STATUSES, State, place_in


@dataclass(frozen=True)
class Whole:
    """Everything about one job that stands in rows."""

    job: Job
    robot: Robot | None  # None where the catalogue has it no more
    attempts: list[Attempt]
    events: list[Event]
    approval: Approval | None
    closing: Closing | None
    conversation: Conversation | None

    @property
    def can_be_resumed(self) -> bool:
        """Whether it failed and nobody has closed it."""
        return self.job.status in TO_BE_SEEN_TO and self.closing is None


def whole(session: Session, job_id: UUID) -> Whole:
    """One job with all that happened to it.

    Raises:
        NotFound: there is none.
    """
    job = jobs.job(session, job_id)
    spoken = job.conversation_id
    approval = of_round(session, job)
    if approval is not None:
        session.refresh(approval, ["job", "person"])
    return Whole(
        job=job,
        robot=CATALOGUE.get(job.kind),
        attempts=jobs.attempts_of(session, job_id),
        events=_events_of(session, job),
        approval=approval,
        closing=closing(session, job_id),
        conversation=conversations.conversation(session, spoken) if spoken else None,
    )


def closing(session: Session, job_id: UUID) -> Closing | None:
    """Who has closed a failed job, if anybody has."""
    ours = select(Closing).where(Closing.job_id == job_id).options(joinedload(Closing.person))
    return session.scalars(ours).first()


def listed(
    session: Session, state: State, kind: str | None, cursor: str | None, limit: int
) -> list[Job]:
    """Jobs of one state, the newest first, from after the cursor's; one more than `limit` if
    there are more.

    Raises:
        NoSuchPlace: the cursor is none.
    """
    found = select(Job).where(_is(state)).order_by(Job.created_at.desc(), Job.id.desc())
    if kind is not None:
        found = found.where(Job.kind == kind)
    if cursor is not None:
        at, job_id = place_in(cursor)
        found = found.where(or_(Job.created_at < at, and_(Job.created_at == at, Job.id < job_id)))
    return list(session.scalars(found.limit(limit + 1)))


def counted(session: Session) -> dict[str, int]:
    """How many jobs wait for a person, and how many for a supervisor's word."""
    failed = select(func.count()).select_from(Job).where(_is(State.FAILED))
    waiting = select(func.count()).select_from(Job).where(Job.status == JobStatus.WAITING)
    return {"failed": session.scalar(failed) or 0, "waiting": session.scalar(waiting) or 0}


def customers_of(session: Session, found: list[Job]) -> dict[UUID, Conversation]:
    """The conversations in which these jobs were asked for, with their customers."""
    wanted = {job.conversation_id for job in found if job.conversation_id is not None}
    theirs = select(Conversation).where(Conversation.id.in_(wanted))
    rows = session.scalars(theirs.options(joinedload(Conversation.customer)))
    return {spoken.id: spoken for spoken in rows}


def _is(state: State) -> ColumnElement[bool]:
    of_state = Job.status.in_(STATUSES[state])
    if state is not State.FAILED:
        return of_state
    is_closed = select(Closing.id).where(Closing.job_id == Job.id).exists()
    is_known = func.coalesce(Job.code, "").not_in(NOBODYS)
    return and_(of_state, is_known, ~is_closed, Job.settled_at > clock.now() - SEEN_FOR)


def _events_of(session: Session, job: Job) -> list[Event]:
    about = Event.facts["job_id"].as_string() == str(job.id)
    told = select(Event).where(Event.stream == job.stream, about).order_by(Event.number)
    return list(session.scalars(told))
