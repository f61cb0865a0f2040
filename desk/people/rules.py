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
        IdentityRefused: unsigned, signed otherwise, expired, or valid for too long.
    """
    if not secret:
        raise IdentityRefused(
            "This desk has no key for signed identities. Set DESK_IDENTITY_SECRET."
        )
    try:
        claims = _claims(token, secret, "kaidesk")
    except jwt.PyJWTError as wrong:
        raise IdentityRefused(f"The identity token was refused: {wrong}.") from wrong
    lifetime = claims["exp"] - claims.get("iat", claims["exp"])
    if "iat" not in claims or lifetime > IDENTITY_AT_MOST.total_seconds():
        raise IdentityRefused("An identity token needs iat, and exp at most one hour after it.")
    email, name = claims.get("email"), claims.get("name")
    if not (isinstance(email, str) and email.strip() and isinstance(name, str)):
        raise IdentityRefused("An identity token needs sub, email and name.")
    return Identity(claims["sub"], email.strip().lower(), name.strip()[:200])


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


def _claims(token: str, secret: str, audience: str) -> dict[str, Any]:
    return jwt.decode(
        token,
        secret,
        algorithms=["HS256"],
        audience=audience,
        leeway=LEEWAY_SECONDS,
        options={"require": ["exp", "sub", "aud"]},
    )
