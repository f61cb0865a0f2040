"""Asking the bot: at once for what this process heard, and by a sweep for what others left."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy.exc import DBAPIError

from desk import clock
from desk.dialogue import commands, queries
from desk.dialogue.rules import is_late, is_lost
from desk.durable import reading, transaction
from desk.integrations.bot import Bot, BotFailed, BotUnreachable

log = logging.getLogger(__name__)

SWEEP_SECONDS = 0.5
LEFT_ALONE = timedelta(seconds=1)


class Answering:
    """Keeps one conversation to one question at a time, in order, and never forgets one."""

    def __init__(self, bot: Bot, workers: int = 16) -> None:
        self._bot = bot
        self._holder = uuid4().hex
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="answering")
        self._busy: dict[UUID, bool] = {}  # whether a nudge came while it was being seen to
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._sweeper = threading.Thread(target=self._sweep, name="sweep", daemon=True)

    def start(self) -> None:
        """Begin to look for what is overdue."""
        self._sweeper.start()

    def stop(self) -> None:
        """Finish what is being asked; leave the rest to the next process."""
        self._stopped.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def nudge(self, conversation_id: UUID) -> None:
        """Something new is due in this conversation."""
        with self._lock:
            if conversation_id in self._busy:
                self._busy[conversation_id] = True
                return
            self._busy[conversation_id] = False
        try:
            self._pool.submit(self._see_to, conversation_id)
        except RuntimeError:  # stopping; another process will sweep it up
            with self._lock:
                self._busy.pop(conversation_id, None)

    def _see_to(self, conversation_id: UUID) -> None:
        goes_on = True
        while goes_on:
            finished = False
            try:
                finished = self._answer_all(conversation_id)
            except DBAPIError:
                log.exception("The database failed while answering; the sweep will try again.")
            goes_on = self._goes_on(conversation_id, finished)

    def _goes_on(self, conversation_id: UUID, finished: bool) -> bool:
        with self._lock:
            if finished and self._busy[conversation_id]:
                self._busy[conversation_id] = False
                return True
            del self._busy[conversation_id]
            return False

    def _answer_all(self, conversation_id: UUID) -> bool:
        """True once nothing is due any more; False if the bot must be asked again later."""
        due = transaction(commands.take_next, conversation_id, self._holder)
        while due is not None:
            if self._stopped.is_set():
                transaction(commands.release, conversation_id, self._holder)
                return False
            try:
                coming = self._answer(due, conversation_id)
            except BotUnreachable as silent:
                log.warning("Bot silent on %s: %s", due.question.key, silent)
                if not self._is_given_up(due):
                    transaction(commands.release, conversation_id, self._holder)
                    return False
                coming = transaction(commands.take_next, conversation_id, self._holder)
            due = coming
        return True

    def _answer(self, due: commands.Due, conversation_id: UUID) -> commands.Due | None:
        """Ask the bot and pass its words on; gives what is due next.

        Raises:
            BotUnreachable: as the bot.
        """
        try:
            replies = self._bot.ask(due.question)
        except BotFailed as failed:
            log.warning("Bot failed on %s: %s", due.question.key, failed)
            transaction(commands.give_up, due.cue_id, "BOT_EMPTY")
            return transaction(commands.take_next, conversation_id, self._holder)
        return transaction(
            commands.answer_and_take_next, due, replies, conversation_id, self._holder
        )

    def _is_given_up(self, due: commands.Due) -> bool:
        at = clock.now()
        if is_lost(due.kind, due.waiting_since, at):
            transaction(commands.give_up, due.cue_id, "BOT_UNREACHABLE")
            return True
        if due.question.intent is None and is_late(due.waiting_since, at) and not due.is_noticed:
            transaction(commands.notice, due.cue_id)
        return False

    def _sweep(self) -> None:
        while not self._stopped.wait(SWEEP_SECONDS):
            try:
                waiting = reading(queries.overdue, LEFT_ALONE)
            except DBAPIError:
                log.exception("The database did not say what is overdue; asking again.")
                continue
            for conversation_id in waiting:
                self.nudge(conversation_id)
