"""What a person does about a job that failed: put it right, run it again, or close it."""

from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from desk.approvals.commands import resume_for
from desk.approvals.rules import Worth
from desk.conversations.commands import owe_news, say
from desk.conversations.models import Author
from desk.conversations.rules import readable
from desk.errors import Conflict, Invalid
from desk.jobs import queries as jobs
from desk.jobs.commands.noting import note
from desk.jobs.models import TO_BE_SEEN_TO, Job
from desk.letters.commands import owe_letter
from desk.oversight import queries
from desk.oversight.models import Closing
from desk.people.models import Person


class ChangedMeanwhile(Conflict):
    """Somebody else has seen to this job since it was looked at."""


class NothingToTell(Invalid):
    """The customer waits for an answer, and none was written."""


def put_right(
    session: Session,
    job_id: UUID,
    person: Person,
    round: int,
    inputs: dict[str, Any] | None = None,
    *,
    worth: Worth | None = None,
) -> Job:
    """Send a failed job to the robots once more, with corrected inputs if given, and tell the
    customer. `round` is the one that was looked at; `worth` is of the inputs to be used.

    Raises:
        NotFound: there is none.
        ChangedMeanwhile: another round has begun, or it was closed.
        InputsDoNotFit: the robot cannot work with them.
    """
    _still(session, job_id, round)
    job = resume_for(session, job_id, inputs, person_id=person.id, worth=worth)
    if job.conversation_id is not None:
        key = f"job:{job.id}:resumed:{job.round}"
        facts = {"order_number": job.inputs.get("order_number")}
        owe_news(session, job.conversation_id, "EXTERNAL_job_resumed", facts, key=key)
    return job


def close(session: Session, job_id: UUID, person: Person, round: int, message: str = "") -> Job:
    """Leave a failed job as it is and tell the customer how it goes on. The same person closing it
    twice changes nothing.

    Raises:
        NotFound: there is none.
        ChangedMeanwhile: another round has begun, or somebody else has closed it.
        NothingToTell, TooLong, Unreadable: the words are missing, or are none.
    """
    before = queries.closing(session, job_id)
    if before is not None and before.person_id == person.id:
        return jobs.job(session, job_id)
    job = _still(session, job_id, round)
    if job.conversation_id is not None:
        if not message.strip():
            raise NothingToTell("Write what the customer is to be told.")
        said = say(
            session,
            job.conversation_id,
            readable(message),
            author=Author.AGENT,
            agent_id=person.id,
            client_id=uuid5(job.id, "closing"),
        )
        number = job.inputs.get("order_number")
        owe_letter(session, job.conversation_id, f"turn:{said.id}", order_number=number)
    session.add(Closing(job_id=job.id, person_id=person.id))
    session.flush()
    note(session, job, "job.closed", person_id=person.id)
    return job


def _still(session: Session, job_id: UUID, round: int) -> Job:
    """The job, locked, if it is still as it was looked at."""
    job = jobs.job(session, job_id, lock=True)
    is_closed = queries.closing(session, job_id) is not None
    if is_closed or job.round != round or job.status not in TO_BE_SEEN_TO:
        raise ChangedMeanwhile("Somebody else has seen to this meanwhile. Load it again.")
    return job
