"""Whether the addresses that the processes will listen on are free."""

import errno
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from groundwork.errors import CannotGoOn


@dataclass(frozen=True)
class Address:
    """One address a process listens on, and the setting that moves it."""

    setting: str
    host: str
    port: int


def addresses(settings: Mapping[str, str]) -> list[Address]:
    """All addresses of the desk; only the first may face the outside."""
    return [
        Address("DESK_PORT", settings["DESK_HOST"], int(settings["DESK_PORT"])),
        *(of_url(name, settings[name]) for name in ("DESK_BOT_URL", "DESK_ACTIONS_URL")),
        Address("BACKOFFICE_PORT", "127.0.0.1", int(settings["BACKOFFICE_PORT"])),
        Address("DESK_SMTP_PORT", settings["DESK_SMTP_HOST"], int(settings["DESK_SMTP_PORT"])),
    ]


def of_url(setting: str, url: str) -> Address:
    parts = urlsplit(url)
    return Address(setting, parts.hostname or "", parts.port or 80)


def need_free_ports(wanted: list[Address]) -> None:
    """Return if every address can be listened on.

    Raises:
        CannotGoOn: some cannot; the message names each port and the setting that moves it.
    """
    taken = [address for address in wanted if is_taken(address)]
    if taken:
        raise CannotGoOn("\n".join(complaint(address) for address in taken))


def complaint(address: Address) -> str:
    return (
        f"Port {address.port} is taken by another program (maybe another 'make up'). "
        f"Stop it, or choose another port: {address.setting} in var/desk.env."
    )


def is_taken(address: Address) -> bool:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((address.host, address.port))
        except OSError as refused:
            if refused.errno in (errno.EADDRINUSE, errno.EACCES):
                return True
            raise CannotGoOn(
                f"Nothing can listen on {address.host}:{address.port}: {refused.strerror}."
            ) from refused
    return False
