"""Asking robots, seeing their runs through, and changing one's mind."""

from desk.jobs.commands.asking import Asked, AskedTooOften, NoRoom, ask, send, stand_in_line
from desk.jobs.commands.changing import (
    AlreadyWorking,
    NotHeld,
    NotOver,
    cancel,
    postpone,
    release,
    resume,
)
from desk.jobs.commands.running import (
    begin,
    finish_attempt,
    note_life,
    open_attempt,
    settle,
)

__all__ = [
    "AlreadyWorking",
    "Asked",
    "AskedTooOften",
    "NoRoom",
    "NotHeld",
    "NotOver",
    "ask",
    "begin",
    "cancel",
    "finish_attempt",
    "note_life",
    "open_attempt",
    "postpone",
    "release",
    "resume",
    "send",
    "settle",
    "stand_in_line",
]
