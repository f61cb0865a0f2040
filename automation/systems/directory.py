"""The directory of accounts, over HTTP: who may sign in, and who is kept out."""

from dataclasses import dataclass
from urllib.parse import quote

from automation.systems.answers import Broken
from automation.systems.wire import Wire


class DirectorySilent(Broken):
    """It did not answer, or not as it does."""

    code = "DIRECTORY_SILENT"


@dataclass(frozen=True)
class Account:
    """One account; `changes` are the numbers of what was done to it, by whose reference."""

    login: str
    state: str  # open, locked or closed
    changes: dict[str, str]


class Directory:
    """One conversation with it. What it refuses, and why: E301, the account is closed."""

    def __init__(self) -> None:
        self._wire = Wire("/directory", "directory", DirectorySilent)

    def account(self, login: str) -> Account:
        """The account with this login, in whatever case it is written.

        Raises:
            RecordUnknown: there is none.
        """
        told = self._wire.read(_path(login))
        changes = {change["reference"]: change["number"] for change in told["changes"]}
        return Account(told["login"], told["state"], changes)

    def unlock(self, login: str, reference: str) -> str:
        """Let the account sign in again. Returns the number of the change."""
        return str(self._wire.write(f"{_path(login)}/unlock", reference=reference)["number"])

    def mail_reset_link(self, login: str, reference: str) -> str:
        """Have the owner mailed a link that sets a new password; the number of the change."""
        return str(self._wire.write(f"{_path(login)}/reset-link", reference=reference)["number"])


def _path(login: str) -> str:
    return f"/accounts/{quote(login.strip().lower(), safe='')}"
