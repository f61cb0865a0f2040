"""Letting people in: customers by a signed session, staff by a cookie. Other routes' guards too."""

import time
from datetime import timedelta
from math import ceil
from secrets import compare_digest
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Cookie, Depends, Header, Request, Response
from limits import RateLimitItem, RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from desk import clock
from desk.durable import reading, transaction
from desk.errors import Forbidden
from desk.people import commands, queries
from desk.people.models import Customer, Person, Role, SignIn
from desk.people.rules import (
    CUSTOMER_SESSION,
    STAFF_SESSION,
    NotSignedIn,
    customer_of,
    customer_token,
    hash_password,
    identity_of,
    password_matches,
)
from desk.people.schemas import (
    IdentityIn,
    IdentityOut,
    SessionIn,
    SessionOut,
    SignInIn,
    StaffOut,
)
from desk.settings import settings

router = APIRouter(tags=["people"])

COOKIE = "desk_session"
SESSIONS_PER_ADDRESS = RateLimitItemPerMinute(60)
SIGN_INS_PER_ADDRESS = RateLimitItemPerMinute(20)
SIGN_INS_PER_EMAIL = RateLimitItemPerMinute(5)
BURST = RateLimitItemPerSecond(5)
NOBODY = hash_password("a stranger's password takes as long to refuse as a known person's")
_limiter = MovingWindowRateLimiter(MemoryStorage())


class TooMany(Forbidden):
    """More requests than anybody needs; `retry_after_seconds` says when to come again."""

    def __init__(self, words: str, retry_after_seconds: int) -> None:
        super().__init__(words)
        self.retry_after_seconds = retry_after_seconds


class NotAllowed(Forbidden):
    """Signed in, but not for this."""


class WrongPassword(NotSignedIn):
    """No member of staff has this address and this password."""


class UnknownWebsite(Forbidden):
    """The widget's token is not one of this desk's."""


class NoCsrfToken(Forbidden):
    """A write without the token that only our own pages know."""


def limit(item: RateLimitItem, *who: str) -> None:
    """Count one request of `who`.

    Raises:
        TooMany: this was one too many.
    """
    if not _limiter.hit(item, *who):
        frees_one = _limiter.get_window_stats(item, *who).reset_time - time.time()
        raise TooMany("That was too fast. Wait a moment, then go on.", max(1, ceil(frees_one)))


def present_customer(authorization: Annotated[str | None, Header()] = None) -> UUID:
    """The customer whose session this request carries.

    Raises:
        NotSignedIn: no session, or not a valid one.
    """
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotSignedIn("Send the session as `Authorization: Bearer …`.")
    return customer_of(token, settings().secret.get_secret_value())


def signed_in(
    request: Request,
    desk_session: Annotated[str | None, Cookie()] = None,
    x_csrf_token: Annotated[str | None, Header()] = None,
) -> SignIn:
    """The sign-in of the member of staff who asks; a write needs its CSRF token.

    Raises:
        NotSignedIn: nobody is signed in.
        NoCsrfToken: a write came without the token, or with a wrong one.
    """
    if not desk_session:
        raise NotSignedIn("Sign in first.")
    found = reading(queries.sign_in_by_token, desk_session)
    if request.method not in ("GET", "HEAD") and not compare_digest(
        (x_csrf_token or "").encode(), found.csrf_token.encode()
    ):
        raise NoCsrfToken("Send the sign-in's token as X-CSRF-Token.")
    return found


def staff(found: Annotated[SignIn, Depends(signed_in)]) -> Person:
    """The member of staff who asks, whatever the role."""
    return found.person


def supervisor(asker: Annotated[Person, Depends(staff)], request: Request) -> Person:
    """The supervisor or admin who asks.

    Raises:
        NotAllowed: an agent does; the attempt is in the log.
    """
    if asker.role not in (Role.SUPERVISOR, Role.ADMIN):
        transaction(commands.deny, asker.id, request.method, request.scope["route"].path)
        raise NotAllowed("Only supervisors and admins may see this.")
    return asker


Asker = Annotated[UUID, Depends(present_customer)]
Staff = Annotated[Person, Depends(staff)]
Supervisor = Annotated[Person, Depends(supervisor)]


@router.post("/sessions", status_code=201)
def post_session(asked: SessionIn, request: Request) -> SessionOut:
    """Let a customer's browser in. Anybody on a web site that knows the website token may."""
    limit(SESSIONS_PER_ADDRESS, "session", _address(request))
    known = settings()
    if not known.website_token or not compare_digest(
        asked.website_token.encode(), known.website_token.encode()
    ):
        raise UnknownWebsite("This website token is not known here.")
    customer = transaction(commands.greet_customer)
    at = clock.now()
    token = customer_token(customer.id, known.secret.get_secret_value(), at)
    return SessionOut(token=token, expires_at=at + CUSTOMER_SESSION)


@router.put("/session/identity")
def put_identity(asked: IdentityIn, asker: Asker) -> IdentityOut:
    """Say who the customer is, as signed by the web site's own server."""
    limit(BURST, "identity", str(asker))
    identity = identity_of(asked.jwt, settings().identity_secret.get_secret_value())
    customer: Customer = transaction(commands.identify_customer, asker, identity)
    return IdentityOut(name=customer.name, email=customer.email)


@router.post("/sign-in")
def post_sign_in(asked: SignInIn, request: Request, response: Response) -> StaffOut:
    """Sign a member of staff in by e-mail and password."""
    limit(SIGN_INS_PER_ADDRESS, "sign-in", _address(request))
    limit(SIGN_INS_PER_EMAIL, "sign-in", asked.email.strip().lower())
    person = reading(queries.person_by_email, asked.email)
    if not password_matches(asked.password, person.password_hash if person else NOBODY):
        if person is not None:
            transaction(commands.deny_sign_in, person.id)
        raise WrongPassword("This e-mail address and password do not belong together.")
    assert person is not None
    opened, token = transaction(commands.open_sign_in, person.id)
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(STAFF_SESSION / timedelta(seconds=1)),
        httponly=True,
        samesite="strict",
        secure=settings().public_url.startswith("https:"),
    )
    return _staff_out(opened, person)


@router.post("/sign-out", status_code=204)
def post_sign_out(
    found: Annotated[SignIn, Depends(signed_in)],
    response: Response,
    desk_session: Annotated[str, Cookie()],
) -> None:
    """End this browser's sign-in."""
    transaction(commands.close_sign_in, desk_session)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")


@router.get("/me")
def get_me(found: Annotated[SignIn, Depends(signed_in)]) -> StaffOut:
    """Who is signed in here."""
    return _staff_out(found, found.person)


def _staff_out(found: SignIn, person: Person) -> StaffOut:
    return StaffOut(
        id=person.id,
        name=person.name,
        email=person.email,
        role=person.role,
        csrf_token=found.csrf_token,
    )


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"
