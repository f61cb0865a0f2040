"""Signing in and out, and becoming known."""

import secrets
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from desk import clock
from desk.errors import Conflict
from desk.events.commands import record
from desk.people import queries
from desk.people.models import Customer, Person, Role, SignIn
from desk.people.rules import (
    LOOKED,
    ONE_LOOK,
    STAFF_SESSION,
    Identity,
    digest,
    hash_password,
    new_token,
)


class EmailTaken(Conflict):
    """Somebody on the staff has this address already."""


def add_person(session: Session, *, email: str, name: str, role: Role, password: str) -> Person:
    """Take somebody onto the staff.

    Raises:
        EmailTaken: the address is in use.
    """
    if queries.person_by_email(session, email) is not None:
        raise EmailTaken(f"{email} is on the staff already.")
    added = Person(
        email=email.strip().lower(), name=name, role=role, password_hash=hash_password(password)
    )
    session.add(added)
    session.flush()
    record(session, "person.added", added.id, role=role)
    return added


def set_password(session: Session, person_id: UUID, password: str) -> None:
    """Give somebody a new password and end every sign-in of theirs."""
    known = queries.person(session, person_id)
    known.password_hash = hash_password(password)
    session.execute(delete(SignIn).where(SignIn.person_id == person_id))
    record(session, "person.password_set", person_id)


def open_sign_in(session: Session, person_id: UUID) -> tuple[SignIn, str]:
    """Sign somebody in whose password was found right; gives the token for the cookie."""
    token = new_token()
    opened = SignIn(
        person=queries.person(session, person_id),
        token_digest=digest(token),
        csrf_token=secrets.token_urlsafe(24),
        expires_at=clock.now() + STAFF_SESSION,
    )
    session.add(opened)
    record(session, "person.signed_in", person_id)
    return opened, token


def deny_sign_in(session: Session, person_id: UUID) -> None:
    """Write down that somebody tried a wrong password."""
    record(session, "person.denied", person_id, code="WRONG_PASSWORD")


def deny(session: Session, person_id: UUID, method: str, route: str) -> None:
    """Write down that one of the staff asked for what is not theirs to see or do."""
    record(session, "person.denied", person_id, code="NOT_ALLOWED", method=method, route=route)


def look_at(session: Session, person_id: UUID, conversation_id: UUID) -> None:
    """Write down that one of the staff reads a conversation that is not with them. What they read
    again within ten minutes is the same reading."""
    since = clock.now() - ONE_LOOK
    if not queries.has_looked(session, person_id, conversation_id, since):
        record(session, LOOKED, person_id, subject=conversation_id)


def close_sign_in(session: Session, token: str) -> None:
    """Sign out. Doing it twice is harmless."""
    session.execute(delete(SignIn).where(SignIn.token_digest == digest(token)))


def greet_customer(session: Session) -> Customer:
    """Begin with a customer of whom nothing is known yet."""
    customer = Customer()
    session.add(customer)
    session.flush()
    return customer


def identify_customer(session: Session, customer_id: UUID, identity: Identity) -> Customer:
    """Note who the web site vouches for. A later, other identity replaces an earlier one only
    in a new session: one browser session is one customer.

    Raises:
        AnotherCustomer: this session belongs to somebody else already.
    """
    customer = queries.customer(session, customer_id)
    if customer.external_id not in (None, identity.external_id):
        raise AnotherCustomer("This session belongs to another customer. Reset it first.")
    customer.external_id = identity.external_id
    customer.email, customer.name = identity.email, identity.name
    customer.segment = identity.segment
    if customer.verified_at is None:
        customer.verified_at = clock.now()
        record(session, "customer.verified", customer_id)
    return customer


class AnotherCustomer(Conflict):
    """A session that is one customer's cannot become another's."""
