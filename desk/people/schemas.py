"""Shapes at the door for people."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from desk.people.models import Role

Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]+)*$")]


class SessionIn(BaseModel):
    """Which web site the widget stands on."""

    website_token: str = Field(max_length=200, examples=["site-5f0c"])
    language: Language | None = Field(None, max_length=35, examples=["zh-CN"])


class SessionOut(BaseModel):
    """What the browser shows from now on as `Authorization: Bearer …`."""

    token: str
    expires_at: datetime


class IdentityIn(BaseModel):
    """What the web site's server signed about its customer: an HS256 token of at most an hour."""

    jwt: str = Field(max_length=4_000)


class IdentityOut(BaseModel):
    """Who the customer is from now on."""

    name: str | None
    email: str | None


class SignInIn(BaseModel):
    email: str = Field(max_length=320, examples=["agent@demo.kaidesk"])
    password: str = Field(max_length=1_000)


class StaffOut(BaseModel):
    """Who is signed in, and the token that every write must carry as `X-CSRF-Token`."""

    id: UUID
    name: str
    email: str
    role: Role
    csrf_token: str
