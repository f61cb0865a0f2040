"""What has to happen while nobody asks."""

from contextlib import suppress

from desk.durable import reading, transaction
from desk.errors import NotFound
from desk.events.queries import events_after, position_of
from desk.promises import commands, queries

PAGE = 500


def keep_promises() -> None:
    """Move every clock by what the log tells, then tell of what has fallen due. Safe to repeat,
    and for any number of workers at once: each change is made under its conversation's lock."""
    follow()
    for promise_id in reading(queries.due):
        transaction(commands.look, promise_id)


def follow() -> None:
    """Read the log to its settled end. Whoever dies half-way is repeated, which changes nothing."""
    while page := reading(events_after, reading(queries.place), PAGE):
        for conversation_id in reading(queries.concerned, page):
            with suppress(NotFound):  # erased meanwhile: nobody is owed anything there
                transaction(commands.take_in, conversation_id)
        transaction(commands.move_on, position_of(page[-1]))
