"""What only the action server needs to know, beside the desk's own settings."""

from dataclasses import dataclass
from os import environ

from desk.settings import settings


@dataclass(frozen=True)
class ActionsSettings:
    url: str
    secret: str


def actions_settings() -> ActionsSettings:
    """Where to listen, and whom to trust.

    Raises:
        SystemExit: the secret is not set; the server must not answer everybody.
    """
    secret = settings().actions_secret.get_secret_value()
    if not secret:
        raise SystemExit("DESK_ACTIONS_SECRET is not set: the actions must not answer everybody.")
    return ActionsSettings(environ.get("DESK_ACTIONS_URL", "http://127.0.0.1:5155/webhook"), secret)
