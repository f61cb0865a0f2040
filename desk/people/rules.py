"""Tokens and passwords: what proves who somebody is."""

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from desk.errors import Forbidden

CUSTOMER_SESSION = timedelta(days=30)
STAFF_SESSION = timedelta(hours=12)
IDENTITY_AT_MOST = timedelta(hours=1)
LEEWAY_SECONDS = 60
LOOKED, ONE_LOOK = "conversation.looked_at", timedelta(minutes=10)
LONGEST_NAME, LONGEST_EMAIL, LONGEST_SEGMENT = 200, 320, 40  # characters
_hasher = PasswordHasher()


class NotSignedIn(Forbidden):
    """Nobody, or nobody any more, is signed in here."""


class IdentityRefused(Forbidden):
    """What the web site says about its customer is not signed as agreed."""


@dataclass(frozen=True)
class Identity:
    """What a web site vouches for."""

    external_id: str
    email: str
    name: str
    segment: str | None = None


def customer_token(customer_id: UUID, secret: str, at: datetime) -> str:
    """What a customer's browser shows to be let in again, for 30 days."""
    claims = {"sub": str(customer_id), "aud": "customer", "iat": at, "exp": at + CUSTOMER_SESSION}
    return jwt.encode(claims, secret, algorithm="HS256")


def customer_of(token: str, secret: str) -> UUID:
    """The customer whom a token names.

    Raises:
        NotSignedIn: it was not made by this desk, or is too old.
    """
    try:
        claims = _claims(token, secret, "customer")
        return UUID(claims["sub"])
    except (jwt.PyJWTError, ValueError) as wrong:
        raise NotSignedIn("This session is not valid any more. Start a new one.") from wrong


def identity_of(token: str, secret: str) -> Identity:
    """Who the web site says its customer is, from its HS256 token of at most an hour.

    Raises:
        IdentityRefused: unsigned, signed otherwise, expired, valid for too long, or saying what
            cannot be a name or an address.
    """
    if not secret:
        raise IdentityRefused(
            "This desk has no key for signed identities. Set DESK_IDENTITY_SECRET."
        )
    try:
        claims = _claims(token, secret, "kaidesk")
    except jwt.PyJWTError as wrong:
        raise IdentityRefused(f"The identity token was refused: {wrong}.") from wrong
    if not _is_short_lived(claims):
        raise IdentityRefused("An identity token needs iat, and exp at most one hour after it.")
    external_id = _told(claims, "sub", LONGEST_NAME)
    email = _told(claims, "email", LONGEST_EMAIL)
    name = _told(claims, "name", LONGEST_NAME, may_be_blank=True)
    is_told = claims.get("segment") is not None
    segment = _told(claims, "segment", LONGEST_SEGMENT, may_be_blank=True) if is_told else ""
    return Identity(external_id, email.lower(), name, segment or None)


def new_token() -> str:
    """256 random bits, for a URL-safe secret."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is kept of a token: enough to recognise it, too little to use it."""
    return hashlib.sha256(token.encode()).hexdigest()


def hash_password(password: str) -> str:
    """Argon2id, with the library's current parameters."""
    return _hasher.hash(unicodedata.normalize("NFKC", password))


def password_matches(password: str, stored: str) -> bool:
    """Whether this is the password that `stored` was made from; slow by intent."""
    try:
        return _hasher.verify(stored, unicodedata.normalize("NFKC", password))
    except (VerificationError, InvalidHashError):
        return False


def _is_short_lived(claims: dict[str, Any]) -> bool:
    began, ends = claims.get("iat"), claims["exp"]
    if not all(type(at) in (int, float) for at in (began, ends)):
        return False
    return bool(ends - began <= IDENTITY_AT_MOST.total_seconds())


def _told(claims: dict[str, Any], name: str, longest: int, *, may_be_blank: bool = False) -> str:
    told = claims.get(name)
    if not (isinstance(told, str) and (may_be_blank or told.strip())):
        raise IdentityRefused(
            f"An identity token needs sub, email and name; {name} is missing or no text."
        )
    if len(told) > longest:
        raise IdentityRefused(f"The {name} in an identity token has at most {longest} characters.")
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in told):
        raise IdentityRefused(f"The {name} in an identity token holds what no text can.")
    return told.strip()


def _claims(token: str, secret: str, audience: str) -> dict[str, Any]:
    try:
        return jwt.decode(
            token,
            secret,
            algorithms=["HS256"],
            audience=audience,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "sub", "aud"]},
        )
    except (ValueError, ArithmeticError, RecursionError) as odd:  # what PyJWT did not expect
        raise jwt.InvalidTokenError("it cannot be read") from odd
