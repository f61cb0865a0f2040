"""The processes of one desk, and how supervisor keeps them up."""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from groundwork.places import Places, is_root


@dataclass(frozen=True)
class Process:
    """One process: what runs, what it need not know, and how long it may take to stop."""

    name: str
    command: str
    starts_in_order: int
    kept_from_it: tuple[str, ...] = ()
    seconds_to_stop: int = 10


# The bot talks to customers: it gets no key that is not its own. The sample company is another
# company: it signs its customers in (DESK_IDENTITY_SECRET), and that is all it shares.
KEYS_OF_THE_DESK = ("DESK_SECRET", "DESK_DATABASE_URL")
ROBOTS_VAULT = ("RPA_SECRET_FILE",)
PASSWORD_OF_THE_STAFF = ("BACKOFFICE_PASSWORD",)
NOT_FOR_THE_DESK = (*ROBOTS_VAULT, *PASSWORD_OF_THE_STAFF)
NOT_FOR_THE_BOT = (
    *KEYS_OF_THE_DESK,
    *NOT_FOR_THE_DESK,
    "DESK_IDENTITY_SECRET",
    "DESK_WEBSITE_TOKEN",
    "DESK_ORDERS_DATABASE",
    "BACKOFFICE_DATABASE",
)
NOT_FOR_THE_SHOP = (*KEYS_OF_THE_DESK, *ROBOTS_VAULT, "DESK_BOT_SECRET", "DESK_ACTIONS_SECRET")


def processes(places: Places) -> list[Process]:
    desk, desk_python, bot_python = (
        shlex.quote(str(program))
        for program in (places.root / ".venv/bin/desk", places.desk_python, places.bot_python)
    )
    return [
        Process("mail", f"{desk_python} -m automation.backoffice.mail", 1, NOT_FOR_THE_BOT),
        Process("backoffice", f"{desk_python} -m automation.backoffice", 1, NOT_FOR_THE_SHOP),
        Process("actions", f"{desk_python} -m actions", 2, NOT_FOR_THE_DESK),
        Process("bot", f"{bot_python} -m bot.run", 2, NOT_FOR_THE_BOT, seconds_to_stop=20),
        Process("desk", f"{desk} serve", 3, NOT_FOR_THE_DESK, seconds_to_stop=20),
        # A robot in the middle of a form is let finish it.
        Process("worker", f"{desk} work", 3, PASSWORD_OF_THE_STAFF, seconds_to_stop=60),
    ]


SUPERVISORD = """\
; Written anew by every `make up`.
[supervisord]
nodaemon = true
silent = true
logfile = {logs}/supervisor.log
logfile_maxbytes = 5MB
logfile_backups = 2
pidfile = {var}/supervisord.pid
childlogdir = {logs}
directory = {root}
umask = 077
{user}
"""

# A process that dies at once is tried again after 1, 2, 3, ... seconds, and never given up on.
PROGRAM = """\
[program:{name}]
command = /usr/bin/env {kept_away}{command}
directory = {root}
priority = {order}
autostart = true
autorestart = true
startsecs = 3
startretries = 1000000
stopsignal = TERM
stopwaitsecs = {seconds_to_stop}
stopasgroup = true
killasgroup = true
redirect_stderr = true
stdout_logfile = {logs}/{name}.log
stdout_logfile_maxbytes = 10MB
stdout_logfile_backups = 3
environment = PYTHONUNBUFFERED="1"
"""


def configuration(places: Places, kept_up: Iterable[Process]) -> str:
    """What supervisor reads. No secret stands in it: processes inherit them."""
    user = "user = root" if is_root() else ""
    head = SUPERVISORD.format(
        logs=escaped(places.logs), var=escaped(places.var), root=escaped(places.root), user=user
    )
    return "\n".join([head, *(section(places, process) for process in kept_up)])


def section(places: Places, process: Process) -> str:
    return PROGRAM.format(
        name=process.name,
        command=escaped(process.command),
        kept_away="".join(f"-u {name} " for name in process.kept_from_it),
        root=escaped(places.root),
        logs=escaped(places.logs),
        order=process.starts_in_order,
        seconds_to_stop=process.seconds_to_stop,
    )


def escaped(value: str | Path) -> str:
    """Supervisor fills in `%(name)s` everywhere: a per cent sign of ours is doubled."""
    return str(value).replace("%", "%%")


def write_configuration(places: Places, kept_up: Iterable[Process]) -> Path:
    places.logs.mkdir(parents=True, exist_ok=True)
    file = places.var / "supervisord.conf"
    file.write_text(configuration(places, kept_up))
    return file


def environment(settings: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """What all processes are started with: the settings, and nothing fetched, nothing told."""
    return {
        **environ,
        **settings,
        "RASA_TELEMETRY_ENABLED": "false",
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "DO_NOT_TRACK": "1",
    }
