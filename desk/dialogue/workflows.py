"""Asking the bot: at once for what this process heard, and by a sweep for what others left."""

import logging
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from uuid import UUID, uuid4

from desk.conversations.commands import take_to_mean
from desk.dialogue import commands, queries
from desk.durable import reading, transaction
from desk.integrations.bot import Bot, BotBusy, BotFailed, BotUnreachable

log = logging.getLogger(__name__)

SWEEP_SECONDS = 0.5
SILENCE_SECONDS = 1.0  # how long a bot that does not answer is left alone
LEFT_ALONE = timedelta(seconds=1)
OVERHEAR_SECONDS = 1.0
MOST_FAILURES = 3  # on one line
BOT_AWAY_SECONDS = 10.0  # nobody waits for what is overheard


class Answering:
    """Keeps one conversation to one question at a time, in order, and never forgets one."""

    def __init__(self, bot: Bot, workers: int = 16) -> None:
        self._bot = bot
        self.holder = uuid4().hex  # under this name it leases conversations
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="answering")
        self._busy: dict[UUID, bool] = {}  # whether a nudge came while it was being seen to
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._silent_until = 0.0
        self._sweeper = threading.Thread(target=self._sweep, name="sweep", daemon=True)

    def start(self) -> None:
        """Begin to look for what is overdue."""
        self._sweeper.start()

    @property
    def is_running(self) -> bool:
        """Whether somebody still looks for what is overdue."""
        return self._sweeper.is_alive()

    def stop(self) -> None:
        """Finish what is being asked; leave the rest to the next process."""
        self._stopped.set()
        self._pool.shutdown(wait=True, cancel_futures=True)
        for conversation_id in list(self._busy):
            transaction(commands.release, conversation_id, self.holder)

    def nudge(self, conversation_id: UUID, due: commands.Due | None = None) -> None:
        """Something new is due in this conversation: `due`, where it is leased to us already."""
        with self._lock:
            if conversation_id in self._busy:
                self._busy[conversation_id] = True
                return
            self._busy[conversation_id] = False
        with suppress(RuntimeError):  # stopping; another process will sweep it up
            self._pool.submit(self._see_to, conversation_id, due)

    def _see_to(self, conversation_id: UUID, due: commands.Due | None) -> None:
        goes_on = True
        while goes_on:
            finished = False
            try:
                finished = self._answer_all(conversation_id, due)
            except Exception:  # a thread's work begins here; the sweep will try it again
                log.exception("Could not see to conversation %s.", conversation_id)
            goes_on, due = self._goes_on(conversation_id, finished), None

    def _goes_on(self, conversation_id: UUID, finished: bool) -> bool:
        with self._lock:
            if finished and self._busy[conversation_id]:
                self._busy[conversation_id] = False
                return True
            del self._busy[conversation_id]
            return False

    def _answer_all(self, conversation_id: UUID, due: commands.Due | None) -> bool:
        """True once nothing is due any more; False if the bot must be asked again later."""
        if due is None:
            if time.monotonic() < self._silent_until:
                return False
            due = transaction(commands.take_next, conversation_id, self.holder)
        while due is not None:
            try:
                if self._stopped.is_set() or time.monotonic() < self._silent_until:
                    raise BotBusy("Nobody is asked just now.")
                due = self._answer(due, conversation_id)
            except BotUnreachable as silent:
                log.warning("Bot silent in %s: %s", conversation_id, silent)
                if not isinstance(silent, BotBusy):  # one who asks is enough while nobody answers
                    self._silent_until = time.monotonic() + SILENCE_SECONDS
                transaction(commands.release, conversation_id, self.holder)
                return False
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
            return transaction(commands.take_next, conversation_id, self.holder)
        return transaction(
            commands.answer_and_take_next, due, replies, conversation_id, self.holder
        )

    def _sweep(self) -> None:
        while not self._stopped.wait(SWEEP_SECONDS):
            try:
                self.look_after_the_waiting()
            except Exception:  # a thread begins here; ending it would forget those who wait
                log.exception("Could not look after those who wait; trying again.")

    def look_after_the_waiting(self) -> None:
        """Ask again, and by the clock, whatever the bot does: say so, or fetch a person."""
        for cue_id in reading(queries.lost):
            transaction(commands.give_up, cue_id, "BOT_UNREACHABLE")
        for cue_id in reading(queries.late):
            transaction(commands.notice, cue_id)
        for conversation_id in reading(queries.overdue, LEFT_ALONE):
            self.nudge(conversation_id)


class Overhearing:
    """Has the bot understand, and not answer, what customers write to a person. One thread, one
    line at a time, so nobody who waits for the bot notices; what fails is tried again for a
    while, and two desks that do the same write it down once."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._failures: Counter[UUID] = Counter()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="overhearing", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the line that is being read."""
        self._stopped.set()
        self._thread.join()

    def overhear(self) -> None:
        """Understand what nobody has.

        Raises:
            BotUnreachable: the rest can wait.
        """
        for turn in reading(queries.unread):
            if self._stopped.is_set() or self._failures[turn.id] >= MOST_FAILURES:
                continue
            try:
                meant = self._bot.understand(turn.text, turn.language)
            except BotFailed as failed:
                self._failures[turn.id] += 1
                log.warning("Turn %s is not understood: %s", turn.id, failed)
                continue
            transaction(take_to_mean, turn.conversation_id, turn.id, meant)

    def _listen(self) -> None:
        pause = OVERHEAR_SECONDS
        while not self._stopped.wait(pause):
            pause = OVERHEAR_SECONDS
            try:
                self.overhear()
            except BotUnreachable:
                pause = BOT_AWAY_SECONDS
            except Exception:  # a thread begins here; ending it would leave the rest unread
                log.exception("Could not overhear; trying again.")
