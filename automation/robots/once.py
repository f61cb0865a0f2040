"""Look, act, confirm: how a robot that may run twice does its work once."""

from collections.abc import Callable

from automation import progress
from automation.systems.answers import Refused

CHECKED, CONFIRMED = "checked", "confirmed"


class NotConfirmed(Exception):
    """The system gave a number, and does not show our work under it."""


def once(look: Callable[[], str | None], act: Callable[[], str], did: str) -> str:
    """The number our work stands under in the system, done now or by an earlier run.

    Tells three steps: checked, `did`, and confirmed, when the work was seen to stand there.

    Raises:
        Refused: the answer is no, and the reason is not our own work.
        NotConfirmed: the system took our work and then did not show it.
    """
    done = look()
    progress.step(CHECKED)
    if done is None:
        done = _act(look, act)
        progress.step(did)
        if look() != done:
            raise NotConfirmed(f"{done} was given, and is not shown under our reference.")
    progress.step(CONFIRMED)
    return done


def _act(look: Callable[[], str | None], act: Callable[[], str]) -> str:
    """Looks again when refused: another run of this very job may have been faster, and then the
    refusal is its success."""
    try:
        return act()
    except Refused:
        done = look()
        if done is None:
            raise
        return done
