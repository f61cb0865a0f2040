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

    token: str = Field(examples=["eyJhbGciOiJIUzI1NiJ9…"])
    expires_at: datetime = Field(examples=["2026-12-22T09:30:00Z"])


class IdentityIn(BaseModel):
    """What the web site's server signed about its customer: an HS256 token of at most an hour."""

    jwt: str = Field(max_length=4_000, examples=["eyJhbGciOiJIUzI1NiJ9…"])


class IdentityOut(BaseModel):
    """Who the customer is from now on."""

    name: str | None = Field(examples=["Emily Hart"])
    email: str | None = Field(examples=["emily.hart@example.com"])


class SignInIn(BaseModel):
    email: str = Field(max_length=320, examples=["agent@demo.kaidesk"])
    password: str = Field(max_length=1_000, examples=["as printed by make up"])


class StaffOut(BaseModel):
    """Who is signed in, and the token that every write must carry as `X-CSRF-Token`."""

    id: UUID = Field(examples=["0d2f6f0a-9a44-4a55-8b06-52f7b1f1a001"])
    name: str = Field(examples=["Alex Agent"])
    email: str = Field(examples=["agent@demo.kaidesk"])
    role: Role = Field(examples=["agent"])
    csrf_token: str = Field(examples=["kJ2n5Xx0b1m…"])
