"""`desk …`: what an owner does from the command line."""

import json
import logging
import os
import secrets
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer
from alembic import command
from alembic.config import Config

from desk import robots_cli
from desk.durable import engine, prepare_durable_tables, reading, transaction
from desk.errands.commands import NameTaken, add_schedule
from desk.errors import DeskError
from desk.people.commands import add_person, set_password
from desk.people.models import Person, Role
from desk.people.queries import person_by_email
from desk.promises import commands as promises
from desk.replies.commands import ShortcutTaken, add_reply
from desk.settings import settings
from language import log_redaction

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="The Kaidesk service desk.",
    pretty_exceptions_enable=False,  # they would print what customers wrote
)

figures = typer.Typer(no_args_is_help=True, help="The figures and what they are made of.")
app.add_typer(figures, name="metrics")

app.add_typer(robots_cli.app, name="robots")

articles = typer.Typer(no_args_is_help=True, help="The articles that the bot answers from.")
app.add_typer(articles, name="knowledge")

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
DEMO_STAFF = (
    ("agent@demo.kaidesk", "Alex Agent", Role.AGENT),
    ("agent2@demo.kaidesk", "Ming Agent", Role.AGENT),
    ("supervisor@demo.kaidesk", "Sam Supervisor", Role.SUPERVISOR),
    ("admin@demo.kaidesk", "Ada Admin", Role.ADMIN),
)


DEMO_SCHEDULES = (
    ("Service report of the week", "service_report", "0 6 * * 1"),
    ("Refunds held against the ledger", "reconcile_refund_ledger", "30 1 * * *"),
)
DEMO_REPLIES = (
    (
        "hello",
        "en",
        "Hello {customer_name}, this is {agent_name}. I have read what happened so far and will "
        "take care of it now.",
    ),
    (
        "returns",
        "en",
        "You can send it back within 30 days of delivery, unused and in its packaging. Shall I "
        "send you a return label by e-mail?",
    ),
    (
        "late-parcel",
        "en",
        "I am sorry that your parcel is late. I have asked the courier where it is and will write "
        "to you here as soon as they answer.",
    ),
    (
        "anything-else",
        "en",
        "Is there anything else I can do for you? If not, I will close this "
        "conversation; just write here to open it again.",
    ),
    (
        "hello",
        "zh",
        "{customer_name}您好，我是{agent_name}。前面的情况我已经了解，接下来由我为您处理。",
    ),
    (
        "returns",
        "zh",
        "签收后 30 天内，商品未使用且包装完整即可退货。需要我把退货标签发到您的邮箱吗？",
    ),
    (
        "late-parcel",
        "zh",
        "很抱歉让您久等了。我已联系快递公司查询包裹的位置，一有回复就在这里告诉您。",
    ),
    (
        "anything-else",
        "zh",
        "请问还有什么可以帮您？如果没有，我就先结束这次对话；您随时留言即可重新开启。",
    ),
)

CHAIN = [
    {"percent": 75, "tell": "agent"},
    {"percent": 100, "tell": "lead"},
    {"percent": 150, "tell": "supervisor"},
]
OFFICE_DAY = [{"from": "09:00", "until": "12:30"}, {"from": "13:30", "until": "18:00"}]
DEMO_HOURS = {
    "name": "Office hours",
    "week": dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), OFFICE_DAY),
    "holidays": [
        {"day": "2026-12-24", "name": "Christmas Eve", "spans": OFFICE_DAY[:1]},
        {"day": "2026-12-25", "name": "Christmas Day", "spans": []},
        {"day": "2027-01-01", "name": "New Year", "spans": []},
    ],
}
DEMO_POLICIES: tuple[dict[str, Any], ...] = (
    {
        "name": "VIPs: 30 minutes",
        "place": 10,
        "applies_to": {"priorities": ["vip"]},
        "first_reply_seconds": 30 * 60,
        "next_reply_seconds": 30 * 60,
    },
    {
        "name": "Technical tickets: 72 hours",
        "place": 20,
        "applies_to": {
            "topics": ["edit_account", "payment_issue", "registration_problem", "reset_password"]
        },
        "resolution_seconds": 72 * 3600,
    },
    {
        "name": "Everybody, in office hours",
        "place": 30,
        "applies_to": {},
        "by_hours": True,
        "first_reply_seconds": 2 * 3600,
        "next_reply_seconds": 4 * 3600,
    },
)


@app.callback()
def begin() -> None:
    """Log in plain lines, without the libraries' chatter."""
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    log_redaction.install()
    for loud in ("httpx", "httpcore", "alembic.runtime.migration", "dbos"):
        logging.getLogger(loud).setLevel(logging.WARNING)


@app.command()
def migrate() -> None:
    """Bring the database up to this release. Safe to repeat."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine().connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
    prepare_durable_tables()
    typer.echo("The database is up to date.")


@app.command()
def serve() -> None:
    """Serve the API, the event streams and the pages; answer customers through the bot."""
    import uvicorn  # noqa: PLC0415  only this command needs it

    from desk.http.app import create_app  # noqa: PLC0415

    known = settings()
    uvicorn.run(
        create_app(),
        host=known.host,
        port=known.port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=3,
        server_header=False,
    )


@app.command()
def work() -> None:
    """Carry out what was promised for later: robot jobs."""
    from desk.work import work_until_told_to_stop  # noqa: PLC0415

    work_until_told_to_stop()


@app.command()
def demo_accounts(
    renew: Annotated[bool, typer.Option(help="Give everybody a new password.")] = False,
) -> None:
    """Make the demo staff, what the clock starts for them, texts kept ready, and what customers
    are promised; prints each new password once, a JSON object a line."""
    for email, name, role in DEMO_STAFF:
        password = secrets.token_urlsafe(9)
        known = reading(person_by_email, email)
        if known is None:
            person = transaction(add_person, email=email, name=name, role=role, password=password)
            if role is Role.SUPERVISOR:
                _add_demo_schedules(person)
                add_demo_replies(person)
                add_demo_promises(person)
        elif renew:
            transaction(set_password, known.id, password)
        else:
            continue
        typer.echo(json.dumps({"role": role, "email": email, "password": password}))


def _add_demo_schedules(supervisor: Person) -> None:
    for name, kind, cron in DEMO_SCHEDULES:
        with suppress(NameTaken):
            transaction(add_schedule, supervisor, name=name, kind=kind, inputs={}, cron=cron)


def add_demo_replies(supervisor: Person) -> None:
    """Keep the demo's texts ready for agents. A shortcut that is taken stays whose it is."""
    for shortcut, language, body in DEMO_REPLIES:
        with suppress(ShortcutTaken):
            transaction(add_reply, supervisor, shortcut=shortcut, language=language, body=body)


def add_demo_promises(supervisor: Person) -> None:
    """Promise the demo's customers something. A name that is taken stays whose it is."""
    zone = settings().time_zone
    with suppress(promises.NameTaken):
        hours = transaction(promises.add_calendar, supervisor, DEMO_HOURS | {"time_zone": zone})
        for told in DEMO_POLICIES:
            by = hours.id if told.get("by_hours") else None
            policy = told | {"calendar_id": by, "goal_percent": 95, "steps": CHAIN}
            transaction(promises.add_policy, supervisor, policy)


@app.command()
def add_staff(email: str, name: str, role: Role) -> None:
    """Take somebody onto the staff; asks for a password."""
    password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    transaction(add_person, email=email, name=name, role=role, password=password)
    typer.echo(f"{name} is on the staff as {role}.")


@app.command()
def train(
    compare: Annotated[
        bool, typer.Option("--compare", help="Only show what a new model would change.")
    ] = False,
    deep: Annotated[
        bool, typer.Option("--deep", help="First fine-tune the sentence encoder: up to an hour.")
    ] = False,
    go_live: Annotated[
        bool, typer.Option("--go-live", help="Put the candidate that is there live.")
    ] = False,
    back: Annotated[
        bool, typer.Option("--back", help="Go back to the model that was live before.")
    ] = False,
) -> None:
    """Train the bot anew, show what would change, and ask before it goes live."""
    from desk.improvement import training  # noqa: PLC0415  only this command needs it

    if sum((compare or deep, go_live, back)) > 1:
        raise typer.BadParameter("--go-live and --back stand alone.")
    try:
        if back:
            typer.echo(training.back())
        elif go_live:
            typer.echo(training.live())
        else:
            typer.echo(training.candidate(deep=deep))
            if not compare and typer.confirm("Put the candidate live?", default=False):
                typer.echo(training.live())
            else:
                how = "scripts/with-settings .venv/bin/desk train --go-live"
                typer.echo(f"Nothing went live. To do so: {how}")
    except DeskError as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(1) from refused


@figures.command()
def rebuild() -> None:
    """Make all figures anew from the log."""
    from desk.metrics.commands import rebuild as read_again  # noqa: PLC0415

    typer.echo(f"Read {transaction(read_again):,} events again.")


@articles.command("index")
def index_articles() -> None:
    """Read all articles again. What runs takes the new index up by itself, within a second."""
    from desk.integrations.encoder import sentences  # noqa: PLC0415  brings numpy along
    from desk.knowledge.commands import make_index  # noqa: PLC0415

    known = settings()
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # more get in each other's way, and in others'
    encoder = cache(lambda: sentences(known.encoder, may_fetch=True))
    try:
        made = make_index(
            known.articles_folder, known.articles_index, known.encoder, encoder, _say_how_far
        )
    except DeskError as refused:
        typer.echo(f"{refused}\nThe index is as it was.", err=True)
        raise typer.Exit(1) from refused
    counts = ", ".join(f"{count:,} in {language}" for language, count in made.articles.items())
    if made.unchanged:
        typer.echo(f"Nothing has changed: {counts}.")
        return
    typer.echo(
        f"Articles: {counts}. Passages: {made.passages:,}. "
        f"Texts read: {made.embedded:,} anew, {made.kept:,} known."
    )
    for language in made.unmeasured:
        typer.echo(
            f"Too few labelled questions in {language} ({known.articles_folder}/questions/"
            f"{language}.tsv) to measure what is sure enough: only intents lead to its articles."
        )


@articles.command()
def measure() -> None:
    """How well the held-out questions are answered, a JSON object per language."""
    from desk.integrations.encoder import sentences  # noqa: PLC0415
    from desk.knowledge.queries.measuring import held_out  # noqa: PLC0415
    from desk.knowledge.queries.shelf import shelf  # noqa: PLC0415
    from desk.knowledge.queries.sources import read_sources  # noqa: PLC0415

    known = settings()
    try:
        sources = read_sources(known.articles_folder)
        reports = held_out(shelf().index(), sources, sentences(known.encoder))
    except DeskError as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(1) from refused
    for language, told in reports.items():
        typer.echo(json.dumps({"language": language} | told))


def _say_how_far(done: int, of: int) -> None:
    if of > 1_000:
        typer.echo(f"{done:,} of {of:,} texts read", err=True)
