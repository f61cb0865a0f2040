"""Keeping clocks, and ruling what is promised."""

from desk.promises.commands.keeping import look, move_on, take_in
from desk.promises.commands.ruling import (
    CalendarInUse,
    NameTaken,
    add_calendar,
    add_policy,
    change_calendar,
    change_policy,
    remove_calendar,
    remove_policy,
)

__all__ = [
    "CalendarInUse",
    "NameTaken",
    "add_calendar",
    "add_policy",
    "change_calendar",
    "change_policy",
    "look",
    "move_on",
    "remove_calendar",
    "remove_policy",
    "take_in",
]
