"""Who the shop says its customer is, signed so that the desk can believe it."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import jwt

from automation.backoffice import settings

AUDIENCE = "kaidesk"
LASTS = timedelta(hours=1)
VIPS = (6, 7)  # whom the sample company wants served before others


def subject(customer_id: int) -> str:
    """What the desk knows this customer by."""
    return f"customer-{customer_id}"


def signed(customer_id: int, email: str, name: str) -> str:
    """A token the widget shows to the desk, made on the shop's server; valid for an hour."""
    claims = {
        "sub": subject(customer_id),
        "email": email,
        "name": name,
        "aud": AUDIENCE,
        "jti": uuid4().hex,
        "iat": datetime.now(UTC),
        "exp": datetime.now(UTC) + LASTS,
    }
    if customer_id in VIPS:
        claims["segment"] = "vip"
    return jwt.encode(claims, settings.identity_secret(), algorithm="HS256")
