"""The robots' logins: from the vault, whatever stands behind it, and from nowhere else."""

import os

from automation.systems.answers import Broken


class SecretMissing(Broken):
    """The vault does not hold what the robot needs. Never says what it does hold."""

    code = "SECRET_MISSING"


def login(entry: str) -> tuple[str, str]:
    """Login and password of one of the vault's entries.

    Raises:
        SecretMissing: there is no such entry, or a field of it is not there.
    """
    from RPA.Robocorp.Vault import Vault  # noqa: PLC0415  # imported late: it costs 50 ms

    try:
        secret = Vault().get_secret(entry)
        return str(secret["login"]), str(secret["password"])
    except KeyError as missing:
        raise SecretMissing(f"The vault has no entry {entry} with login and password.") from missing


def backoffice_url() -> str:
    """Where the sample company's systems are, without a slash at the end."""
    return os.environ.get("BACKOFFICE_URL", "http://127.0.0.1:8090").rstrip("/")
