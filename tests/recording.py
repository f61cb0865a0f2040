"""Conversations kept in Rasa's own end-to-end format, played against the running bot.

`python -m tests.recording FILES` plays what the customers in these files do (`metadata.talk`) and
writes anew what they read, which steps the bot took and what the desk holds in the end. What it
has written is to be read: a recording proves that the bot is as it was, not that it is right.
"""

import json
import re
import sqlite3
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import clock
from desk.conversations.queries import conversation
from desk.durable import reading, transaction
from desk.escalations.models import Escalation
from desk.events.queries import events_of
from desk.jobs.models import Job
from desk.tickets.models import Ticket
from tests.conftest import SECRETS, forget_settings, migrate
from tests.running import ROOT, Chat, RunningBot, running_bot

FOLDER = ROOT / "tests/dialogue"
RASAS_OWN = ("action_listen", "action_session_start")
# What a story tells of the bot's memory: what the customer gave, and what is asked next.
TOLD_SLOTS = (
    *("order_number", "email", "address", "change_wanted", "payment_problem", "complaint_text"),
    *("confirmed", "requested_slot"),
)
# What differs from day to day and from run to run.
CHANGING = {
    "{day}": re.compile(r"\b\d{1,2} [A-Z][a-z]+ 20\d\d\b|20\d\d年\d{1,2}月\d{1,2}日"),
    "{ticket}": re.compile(r"\bT-\d{4,}\b"),
}
# A day that a customer named from the day on which they wrote. Further ones, such as a weekday, lie
# another number of days away each time, and no recording can hold them.
_NAMED_DAY = re.compile(r'(?<="entity": "date", "value": ")\d{4}-\d\d-\d\d(?=")')
_DAY_FROM_NOW = re.compile(r"\{day([+-]\d)\}")
FURTHEST_DAYS = 2
ARTICLE = re.compile(r"https?://[^/\s]+/(help/\w+/[\w-]+)")


@dataclass
class Recording:
    """A conversation as a file tells it, or as it was just played."""

    story: str
    language: str
    talk: list[dict[str, Any]]
    signed_in_as: str | None = None
    steps: list[dict[str, Any]] = field(default_factory=list)
    desk: dict[str, Any] = field(default_factory=dict)


def read(file: Path) -> Recording:
    """The one conversation of a file."""
    (told,) = yaml.safe_load(as_of_today(file.read_text("utf-8")))["stories"]
    steps = [_said_plainly(step) for step in told.get("steps") or []]
    return Recording(told["story"], steps=steps, **told["metadata"])


def as_of_today(text: str) -> str:
    """A file's text with `{day-1}` as the date of yesterday, as it must be to be played."""
    return _DAY_FROM_NOW.sub(lambda found: str(_today() + timedelta(int(found[1]))), text)


def as_of_any_day(text: str) -> str:
    """The opposite, as it must be to be kept.

    Raises:
        ValueError: a customer names a day that will be another number of days away tomorrow.
    """
    return _NAMED_DAY.sub(lambda found: _from_now(date.fromisoformat(found[0])), text)


def _from_now(day: date) -> str:
    away = (day - _today()).days
    if abs(away) > FURTHEST_DAYS:
        raise ValueError(f"A recording cannot hold {day}: only days named like 'yesterday'.")
    return f"{{day{away:+d}}}"


def _today() -> date:
    """As the bot has it, whose time zone is UTC in tests."""
    return clock.now().date()


def write(file: Path, told: Recording) -> None:
    """Put the conversation into a file that both Rasa and people can read."""
    metadata: dict[str, Any] = {"language": told.language}
    if told.signed_in_as:
        metadata["signed_in_as"] = told.signed_in_as
    metadata |= {"talk": told.talk, "desk": told.desk}
    story = {"story": told.story, "metadata": metadata, "steps": [_spaced(s) for s in told.steps]}
    text = yaml.dump(
        {"version": "3.1", "stories": [story]},
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=100,
    )
    file.write_text(as_of_any_day(text), "utf-8")


def play(bot: RunningBot, told: Recording) -> Recording:
    """Have the customer of `told` talk to the bot; gives what came of it."""
    chat = Chat(bot, language=told.language)
    if told.signed_in_as:
        transaction(_vouch, chat, told.signed_in_as)
    talk, steps = [], []
    known: dict[str, Any] = {}
    for turn in told.talk:
        _take(chat, turn)
        done = {key: value for key, value in turn.items() if key not in ("bot", "choices")}
        done["bot"] = [_lasting(reply["text"]) for reply in chat.replies]
        if chat.titles:
            done["choices"] = chat.titles
        talk.append(done)
        steps += _steps(_events(bot, chat), known)
    return Recording(
        told.story, told.language, talk, told.signed_in_as, steps, reading(_desk_of, chat)
    )


def _take(chat: Chat, turn: dict[str, Any]) -> None:
    if "news" in turn:
        chat.hear(turn["news"], **turn.get("facts", {}))
    elif "click" in turn:
        chat.click(turn["click"])
    elif "old_click" in turn:  # what the desk makes of a click on a question that is past
        chat.say(turn["old_click"], payload="/old_choice")
    else:
        chat.say(str(turn["customer"]))


def _vouch(session: Session, chat: Chat, email: str) -> None:
    customer = conversation(session, chat.conversation_id).customer
    customer.email, customer.verified_at = email, clock.now()


def _events(bot: RunningBot, chat: Chat) -> list[dict[str, Any]]:
    """What the bot has kept of the last turn."""
    with closing(sqlite3.connect(bot.folder / "trackers.db")) as rows:
        asked = "SELECT events FROM trackers WHERE conversation_id = ?"
        row = rows.execute(asked, (str(chat.conversation_id),)).fetchone()
    kept = json.loads(row[0]) if row else []
    heard = [at for at, event in enumerate(kept) if _key_of(event) == chat.key]
    return kept[heard[0] :] if heard else []


def _key_of(event: dict[str, Any]) -> str | None:
    return (event.get("metadata") or {}).get("turn_key") if event["event"] == "user" else None


def _steps(events: list[dict[str, Any]], known: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The same in the words of a story; of the memory `known` only what changes."""
    changed: dict[str, Any] = {}
    for event in [*events, {"event": "end"}]:
        if event["event"] == "slot":
            name, value = event["name"], event["value"]
            if name in TOLD_SLOTS and known.get(name) != value:
                changed[name] = known[name] = value
            continue
        step = _step(event)
        if changed and (step or event["event"] == "end"):
            yield {"slot_was_set": [{name: value} for name, value in changed.items()]}
            changed = {}
        if step:
            yield step


def _step(event: dict[str, Any]) -> dict[str, Any] | None:
    if event["event"] == "user":
        return _heard(event)
    if event["event"] == "action" and event["name"] not in RASAS_OWN:
        return {"action": event["name"]}
    if event["event"] == "active_loop":
        return {"active_loop": event["name"]}
    return None


def _heard(event: dict[str, Any]) -> dict[str, Any]:
    """A customer's line with its references marked, or only what a click, news or a wish means."""
    meant = event["parse_data"]
    text, intent, found = event["text"] or "", meant["intent"]["name"], meant["entities"]
    if text.startswith(("/", "EXTERNAL")) or "wish" in event["metadata"]:
        named = [{entity["entity"]: entity["value"]} for entity in found]
        return {"intent": intent} | ({"entities": named} if named else {})
    for entity in sorted(found, key=lambda e: -e["start"]):
        start, end = entity["start"], entity["end"]
        told = {key: entity[key] for key in ("entity", "role", "value") if entity.get(key)}
        mark = json.dumps(told, ensure_ascii=False)
        text = f"{text[:start]}[{text[start:end]}]{mark}{text[end:]}"
    return {"user": text, "intent": intent}


def _lasting(text: str) -> str:
    """The words without what changes; of an article, which one it is."""
    article = ARTICLE.search(text)
    if article:
        return f"{{passage}} of {article.group(1)}"
    for name, changing in CHANGING.items():
        text = changing.sub(name, text)
    return text


def _desk_of(session: Session, chat: Chat) -> dict[str, Any]:
    """What the desk holds of the conversation, as far as there is anything."""
    known = chat.conversation_id
    jobs = session.scalars(select(Job).where(Job.conversation_id == known).order_by(Job.created_at))
    tickets = session.scalars(select(Ticket).where(Ticket.conversation_id == known))
    handoffs = session.scalars(select(Escalation).where(Escalation.conversation_id == known))
    told = events_of(session, known)
    reached = [event.facts for event in told if event.kind == "conversation.goal_reached"]
    held: dict[str, Any] = {
        "jobs": [{"kind": job.kind, "inputs": job.inputs} for job in jobs],
        "tickets": [{"kind": str(t.kind), "subject": t.subject} for t in tickets],
        "answered": [facts["goal"] for facts in reached if facts["by"] == "bot"],
        "handoffs": [
            {"kind": str(h.kind), "reason": str(h.reason), "goal": h.packet["goal"]}
            for h in handoffs
        ],
        "status": str(conversation(session, known).status),
    }
    return {name: value for name, value in held.items() if value and value != "open"}


class _Dumper(yaml.SafeDumper):
    """Lists are set in, and what a customer says stands in a block of its own."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:
        return super().increase_indent(flow, False)


class _Said(str):
    """A line of a customer."""

    __slots__ = ()


_Dumper.add_representer(
    _Said, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|")
)


def _said_plainly(step: dict[str, Any]) -> dict[str, Any]:
    return {**step, "user": step["user"].rstrip("\n")} if "user" in step else step


def _spaced(step: dict[str, Any]) -> dict[str, Any]:
    return {**step, "user": _Said(f"{step['user']}\n")} if "user" in step else step


def main() -> None:
    """Play and write the files that are named."""
    asked = ArgumentParser(description=__doc__)
    asked.add_argument("files", type=Path, nargs="+")
    files = asked.parse_args().files
    with TemporaryDirectory() as made, pytest.MonkeyPatch.context() as patch:
        folder = Path(made)
        url = f"sqlite:///{folder}/desk.sqlite3"
        migrate(url)
        with running_bot(folder, url, **SECRETS) as bot:
            for name, value in bot.environment.items():
                if name.startswith("DESK_"):
                    patch.setenv(name, value)
            forget_settings()
            for file in files:
                write(file, play(bot, read(file)))
                sys.stdout.write(f"{file}\n")


if __name__ == "__main__":
    main()
