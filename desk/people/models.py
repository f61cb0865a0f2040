"""Who takes part: customers on web pages, and the staff who look after them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from desk.records import Record


class Role(StrEnum):
    """What a member of staff may do; each includes the one before."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class Person(Record):
    """A member of staff."""

    __tablename__ = "people"
    __table_args__ = (CheckConstraint("email = lower(email)", "email_in_lower_case"),)

    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[Role]
    password_hash: Mapped[str]


class SignIn(Record):
    """One browser in which a member of staff is signed in. Only a digest of its token is kept."""

    __tablename__ = "sign_ins"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    token_digest: Mapped[str] = mapped_column(unique=True)
    csrf_token: Mapped[str]
    expires_at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="raise")


class Customer(Record):
    """Somebody who chats. Nameless until the web site vouches for them with a signed token."""

    __tablename__ = "customers"

    external_id: Mapped[str | None] = mapped_column(index=True)
    email: Mapped[str | None]
    name: Mapped[str | None]
    verified_at: Mapped[datetime | None]
    segment: Mapped[str | None]  # such as `vip`, in the web site's own words
