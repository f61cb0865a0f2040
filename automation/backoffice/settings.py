"""What the sample company's systems read from the environment."""

import os
from pathlib import Path


def database() -> Path:
    return Path(os.environ.get("BACKOFFICE_DATABASE", "var/backoffice.sqlite"))


def port() -> int:
    return int(os.environ.get("BACKOFFICE_PORT", "8090"))


def url() -> str:
    """Where staff, robots and customers find it, without a slash at the end."""
    return os.environ.get("BACKOFFICE_URL", f"http://127.0.0.1:{port()}").rstrip("/")


def staff_password() -> str | None:
    """The password of the login `robot`; without it nobody can sign in."""
    return os.environ.get("BACKOFFICE_PASSWORD")


def mail_folder() -> Path:
    return Path(os.environ.get("BACKOFFICE_MAIL_FOLDER", "var/mail"))


def mail_address() -> tuple[str, int]:
    """Host and port of the mail server, the same for the desk, the robots and this company."""
    return os.environ.get("DESK_SMTP_HOST", "127.0.0.1"), int(
        os.environ.get("DESK_SMTP_PORT", "8025")
    )


def desk_url() -> str:
    return os.environ.get("DESK_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")


def website_token() -> str:
    return os.environ.get("DESK_WEBSITE_TOKEN", "")


def identity_secret() -> str:
    """The key the shop signs its customers' identity with; without it nobody is signed in."""
    return os.environ.get("DESK_IDENTITY_SECRET", "")
