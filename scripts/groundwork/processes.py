"""The processes of one desk, and how supervisor keeps them up."""

import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from groundwork.places import Places, is_root


@dataclass(frozen=True)
class Process:
    """One process: what runs, what it need not know, and how long it may take to stop."""

    name: str
    command: str
    group: str
    kept_from_it: tuple[str, ...] = ()
    seconds_to_stop: int = 10


# Those in front start last and stop first; those of one group start and stop together.
BEHIND, IN_FRONT = "behind", "in_front"

# The bot talks to customers: it gets no key that is not its own. The sample company is another
# company: it signs its customers in (DESK_IDENTITY_SECRET), and that is all it shares.
KEYS_OF_THE_DESK = ("DESK_SECRET", "DESK_DATABASE_URL")
ROBOTS_VAULT = ("RPA_SECRET_FILE",)
PASSWORD_OF_THE_STAFF = ("BACKOFFICE_PASSWORD",)
KEYS_OF_THE_DOORS = ("DESK_API_TOKEN", "DESK_WEBHOOK_SECRETS", "DESK_SMTP_PASSWORD")
NOT_FOR_THE_DESK = (*ROBOTS_VAULT, *PASSWORD_OF_THE_STAFF)
NOT_FOR_THE_ACTIONS = ("DESK_API_TOKEN", "DESK_WEBHOOK_SECRETS", *NOT_FOR_THE_DESK)
NOT_FOR_THE_BOT = (
    *KEYS_OF_THE_DESK,
    *KEYS_OF_THE_DOORS,
    *NOT_FOR_THE_DESK,
    "DESK_IDENTITY_SECRET",
    "DESK_WEBSITE_TOKEN",
    "DESK_ORDERS_DATABASE",
    "BACKOFFICE_DATABASE",
)
NOT_FOR_THE_MAIL = (*NOT_FOR_THE_BOT, "DESK_BOT_SECRET", "DESK_ACTIONS_SECRET")
NOT_FOR_THE_SHOP = (
    *KEYS_OF_THE_DESK,
    *KEYS_OF_THE_DOORS,
    *ROBOTS_VAULT,
    "DESK_BOT_SECRET",
    "DESK_ACTIONS_SECRET",
)


def processes(places: Places) -> list[Process]:
    desk, desk_python, bot_python = (
        shlex.quote(str(program))
        for program in (places.root / ".venv/bin/desk", places.desk_python, places.bot_python)
    )
    return [
        Process("mail", f"{desk_python} -m automation.backoffice.mail", BEHIND, NOT_FOR_THE_MAIL),
        Process("backoffice", f"{desk_python} -m automation.backoffice", BEHIND, NOT_FOR_THE_SHOP),
        Process("actions", f"{desk_python} -m actions", BEHIND, NOT_FOR_THE_ACTIONS),
        Process("bot", f"{bot_python} -m bot.run", BEHIND, NOT_FOR_THE_BOT, seconds_to_stop=20),
        Process("desk", f"{desk} serve", IN_FRONT, NOT_FOR_THE_DESK, seconds_to_stop=20),
        # A robot in the middle of a form is let finish it.
        Process("worker", f"{desk} work", IN_FRONT, PASSWORD_OF_THE_STAFF, seconds_to_stop=60),
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


GROUP = """\
[group:{name}]
programs = {programs}
priority = {order}
"""


def configuration(places: Places, kept_up: Iterable[Process]) -> str:
    """What supervisor reads. No secret stands in it: processes inherit them."""
    user = "user = root" if is_root() else ""
    head = SUPERVISORD.format(
        logs=escaped(places.logs), var=escaped(places.var), root=escaped(places.root), user=user
    )
    kept_up = list(kept_up)
    return "\n".join([head, *groups(kept_up), *(section(places, it) for it in kept_up)])


def groups(kept_up: Iterable[Process]) -> Iterator[str]:
    for order, group in enumerate((BEHIND, IN_FRONT), 1):
        names = [process.name for process in kept_up if process.group == group]
        if names:
            yield GROUP.format(name=group, programs=",".join(names), order=order)


def section(places: Places, process: Process) -> str:
    return PROGRAM.format(
        name=process.name,
        command=escaped(process.command),
        kept_away="".join(f"-u {name} " for name in process.kept_from_it),
        root=escaped(places.root),
        logs=escaped(places.logs),
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
