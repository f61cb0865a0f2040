"""Jobs that a person has seen to, without a robot."""

from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from desk.jobs.models import Job
from desk.people.models import Person
from desk.records import Record


class Closing(Record):
    """A failed job that somebody has closed; what the customer was told is a turn."""

    __tablename__ = "closings"

    job_id: Mapped[UUID] = mapped_column(ForeignKey("jobs.id"), unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))

    job: Mapped[Job] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")
