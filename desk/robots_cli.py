"""`desk robots …`: what an owner sees of the robots, and does with them by hand."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from automation.catalogue import CATALOGUE, Robot
from automation.contracts import JobOutcome, JobRequest, Outcome
from automation.laying_out import CannotLayOut, lay_out
from automation.starting import PROJECT
from desk.durable import reading
from desk.integrations import robots
from desk.jobs.queries import Health, health
from desk.jobs.rules import InputsDoNotFit, robot_for

app = typer.Typer(help="The robots: what there is, how they fare, and one by hand.")

SAMPLES = PROJECT / "automation" / "devdata" / "work-items-in"
LARGEST_ITEM = 10_000_000  # bytes
REFUSED, BROKE = 3, 4  # how `run` ends where it does not end well


@app.callback(invoke_without_command=True)
def catalogue(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON object per robot.")] = False,
) -> None:
    """List the robots, what each wants to know, and how it fared in the last 14 days."""
    if context.invoked_subcommand is not None:
        return
    known = _health()
    for robot in CATALOGUE.values():
        fares = known.get(robot.name, Health()) if known is not None else None
        typer.echo(json.dumps(_told(robot, fares)) if as_json else _page(robot, fares))
    if known is None and not as_json:
        typer.echo("How they fare is not known: the desk's database cannot be read.", err=True)


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="Words like track_parcel.")],
    purpose: Annotated[
        str, typer.Option(help="What it is for, in one sentence.")
    ] = "Write a remark into the history of an order.",
) -> None:
    """Lay out a robot that works: code, task, catalogue page, three samples and a test."""
    try:
        made = lay_out(name, purpose, PROJECT)
    except CannotLayOut as refused:
        raise _sorry(str(refused)) from refused
    for file in made:
        typer.echo(file.relative_to(PROJECT))
    typer.echo(
        f"\nIt works already:\n  scripts/with-settings .venv/bin/desk robots run {name} done\n"
        f'  make test ARGS="tests/automation/test_{name}.py"\n'
        f"Now have it do what you want, in automation/robots/{name}.py."
    )


@app.command()
def run(
    name: Annotated[str, typer.Argument(help="A robot of `desk robots`.")],
    item: Annotated[
        str, typer.Argument(help="done, refused or broken, for a sample; or a work-items.json.")
    ],
) -> None:
    """Run one robot by hand on a work item, in the systems that the settings name."""
    if name not in CATALOGUE:
        raise _sorry(f"There is no robot {name}. There are: {', '.join(CATALOGUE)}.")
    job_id, inputs = _work_item(name, item)
    try:
        robot_for(name, inputs)
    except InputsDoNotFit as wrong:
        typer.echo(f"{wrong} The desk would not accept this job.", err=True)
    typer.echo(f"{name}, job {job_id}")
    try:
        outcome = robots.run(job_id, JobRequest(name, inputs), watch=_say_steps())
    except robots.RobotBroke as broke:
        raise _sorry(f"  broke: {broke}\n{_papers(job_id)}", BROKE) from broke
    _say(outcome, job_id)
    if outcome.outcome is not Outcome.DONE:
        raise typer.Exit(REFUSED)


def _health() -> dict[str, Health] | None:
    """How each kind of robot fared; None where there is no database to ask."""
    try:
        return reading(health)
    except (ValidationError, DBAPIError):
        return None


def _told(robot: Robot, fares: Health | None) -> dict[str, Any]:
    return {
        "name": robot.name,
        "purpose": robot.purpose,
        "inputs": robot.inputs,
        "steps": robot.steps,
        "at_once": robot.at_once,
        "per_minute": robot.per_minute,
        "tries": robot.tries if robot.looks_up else 1,
        "health": fares and fares.as_dict(),
    }


def _page(robot: Robot, fares: Health | None) -> str:
    required = robot.inputs["required"]
    names = [n if n in required else f"[{n}]" for n in robot.inputs["properties"]]
    rate = f", {robot.per_minute} a minute" if robot.per_minute else ""
    tries = robot.tries if robot.looks_up else 1
    lines = [
        f"{robot.name}",
        f"  {robot.purpose}",
        f"  wants {', '.join(names) or 'nothing'}",
        f"  steps {', '.join(robot.steps)}",
        f"  {robot.at_once} at once{rate}, {tries} {'try' if tries == 1 else 'tries'}",
    ]
    if fares is not None:
        lines.append(f"  {fares.in_words()}")
    return "\n".join(lines) + "\n"


def _work_item(name: str, item: str) -> tuple[str, dict[str, Any]]:
    """The job's id and inputs; without an id in the item, a new one."""
    sample = SAMPLES / f"{name}_{item}" / "work-items.json"
    file = sample if sample.is_file() else Path(item)
    file = file / "work-items.json" if file.is_dir() else file
    try:
        if file.stat().st_size > LARGEST_ITEM:
            raise _sorry(f"{file} is larger than {LARGEST_ITEM:,} bytes.")
        (held,) = json.loads(file.read_text("utf-8"))
        inputs = dict(held["payload"])
    except OSError as missing:
        raise _sorry(f"{item} is no sample of {name}, and no file that can be read.") from missing
    except (ValueError, KeyError, TypeError) as unread:
        raise _sorry(f'{file} holds no single work item: [{{"payload": {{…}}}}].') from unread
    return str(inputs.pop("job_id", uuid4())), inputs


def _say_steps() -> Callable[[list[str]], None]:
    def say(steps: list[str]) -> None:
        for step in steps:
            typer.echo(f"  {step}")

    return say


def _say(outcome: JobOutcome, job_id: str) -> None:
    typer.echo(f"  {outcome.outcome}: {outcome.code}")
    for name, value in outcome.facts.items():
        typer.echo(f"    {name}: {value}")
    typer.echo(_papers(job_id))


def _papers(job_id: str) -> str:
    folder = robots.folder_of(job_id)
    runs = sorted(folder.glob("*/"), key=lambda run: run.stat().st_mtime)
    return f"  its papers: {runs[-1] if runs else folder}"


def _sorry(words: str, status: int = 1) -> typer.Exit:
    typer.echo(words, err=True)
    return typer.Exit(status)
