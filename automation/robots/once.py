"""Look, act, confirm: how a robot that may run twice does its work once."""

from collections.abc import Callable

from automation.systems.backoffice import Refused


def once(look: Callable[[], str | None], act: Callable[[], str]) -> str:
    """The number our work stands under in the back office, done now or by an earlier run.

    Looks again when refused: another run of this very job may have been faster, and then the
    refusal is its success.

    Raises:
        Refused: the answer is no, and the reason is not our own work.
    """
    done = look()
    if done is not None:
        return done
    try:
        return act()
    except Refused:
        done = look()
        if done is None:
            raise
        return done
