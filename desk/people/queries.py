"""Looking people up."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from desk import clock
from desk.errors import NotFound
from desk.events.models import Event
from desk.people.models import Customer, Person, Role, SignIn
from desk.people.rules import LOOKED, NotSignedIn, digest


def person(session: Session, person_id: UUID) -> Person:
    """One member of staff.

    Raises:
        NotFound: nobody has this id.
    """
    found = session.get(Person, person_id)
    if found is None:
        raise NotFound(f"There is no member of staff {person_id}.")
    return found


def person_by_email(session: Session, email: str) -> Person | None:
    """The member of staff with this address, whatever its case."""
    return session.scalars(select(Person).where(Person.email == email.strip().lower())).first()


def emails_of(session: Session, role: Role) -> list[str]:
    """Where to write to everybody who has exactly this role, in order."""
    ours = select(Person.email).where(Person.role == role).order_by(Person.email)
    return list(session.scalars(ours))


def everybody(session: Session) -> dict[UUID, Person]:
    """The whole staff, each under their id."""
    return {known.id: known for known in session.scalars(select(Person))}


def customer(session: Session, customer_id: UUID, *, lock: bool = False) -> Customer:
    """One customer; `lock` keeps other writers out of what is theirs alone.

    Raises:
        NotSignedIn: the desk does not know them (any more).
    """
    found = session.get(Customer, customer_id)
    if found is None:
        raise NotSignedIn("This session is not known here. Start a new one.")
    if lock:
        session.refresh(found, with_for_update={"key_share": True})
    return found


def has_looked(session: Session, person_id: UUID, conversation_id: UUID, since: datetime) -> bool:
    """Whether it is in the log that one of the staff has read a conversation since then."""
    theirs = select(Event.id).where(Event.stream == person_id, Event.kind == LOOKED)
    late = theirs.where(Event.created_at >= since)
    which = Event.facts["subject"].as_string() == str(conversation_id)
    return session.scalars(late.where(which).limit(1)).first() is not None


def sign_in_by_token(session: Session, token: str) -> SignIn:
    """The valid sign-in that a browser's cookie belongs to, with its person.

    Raises:
        NotSignedIn: unknown or expired.
    """
    asked = select(SignIn).where(SignIn.token_digest == digest(token))
    found = session.scalars(asked.options(joinedload(SignIn.person))).first()
    if found is None or found.expires_at <= clock.now():
        raise NotSignedIn("You are not signed in, or your sign-in has expired.")
    return found
