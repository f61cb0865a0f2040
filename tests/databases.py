"""Fresh databases of both kinds: SQLite files, and a throwaway PostgreSQL server of our own."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import psycopg

FOLDERS = ("/usr/lib/postgresql/17/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/15/bin")


class NoPostgres(Exception):
    """PostgreSQL's programs are not on this machine."""


def program(name: str) -> str:
    """Where one of PostgreSQL's programs is.

    Raises:
        NoPostgres: nowhere.
    """
    found = shutil.which(name, path=os.pathsep.join((*FOLDERS, os.environ["PATH"])))
    if found is None:
        raise NoPostgres(f"{name} is not installed; on Debian: apt-get install postgresql")
    return found


@contextmanager
def running_postgres() -> Iterator[str]:
    """A server on loopback, gone with its files afterwards; gives the URL of its superuser,
    without a database name. PostgreSQL refuses to run as root, so root hands it to `postgres`."""
    folder = Path(mkdtemp(prefix="kaidesk-postgres-"))
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres")
    folder.chmod(0o700)
    data, port = folder / "data", _free_port()
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": "/"}
    made = [program("initdb"), "-D", str(data), "-U", "desk", "-A", "trust", "--no-sync"]
    subprocess.run([*as_user, *made, "-E", "UTF8", "--locale=C.UTF-8"], **quiet)
    options = f"-p {port} -h 127.0.0.1 -k {folder} -c fsync=off -c max_connections=200"
    control = [*as_user, program("pg_ctl"), "-D", str(data), "-w"]
    subprocess.run([*control, "-l", str(folder / "log"), "-o", options, "start"], **quiet)
    try:
        yield f"postgresql+psycopg://desk@127.0.0.1:{port}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **quiet)
        shutil.rmtree(folder, ignore_errors=True)


def copy_postgres(server: str, template: str, name: str) -> str:
    """A new database with everything that `template` holds; gives its URL."""
    with psycopg.connect(f"{server}/postgres".replace("+psycopg", ""), autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return f"{server}/{name}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
