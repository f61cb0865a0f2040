"""Reading what the service report tells."""

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import clock
from desk.jobs.models import Job
from desk.metrics.queries import judged
from desk.metrics.rules import Window
from desk.people.models import Role
from desk.people.queries import emails_of
from desk.reports.rules import (
    REPORT,
    Period,
    Settled,
    figures_of,
    last_week,
    name_of,
    week_before,
)
from desk.settings import settings


def filled(session: Session, kind: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """Inputs as a robot wants them that the clock starts: for a service report, what is not set
    of the last week that is over, its figures, and all supervisors. Others stay as they are.

    The figures are as far as the log was read: call `desk.metrics.commands.catch_up` before.
    """
    if kind != REPORT:
        return inputs
    week = last_week(clock.now(), ZoneInfo(settings().time_zone))
    ours = {
        "week": name_of(week),
        "figures": weekly_figures(session, week, str(inputs.get("language", "en"))),
        "recipients": emails_of(session, Role.SUPERVISOR),
    }
    return ours | inputs


def weekly_figures(session: Session, week: Window, language: str) -> list[dict[str, Any]]:
    """The figures of that week, each with the week before."""
    this, before = (_period(session, window) for window in (week, week_before(week)))
    return figures_of(this, before, language if language in ("en", "zh") else "en")


def _period(session: Session, window: Window) -> Period:
    ours = select(Job.settled_at, Job.status).where(
        Job.settled_at >= window.since, Job.settled_at < window.until
    )
    settled = tuple(Settled(at, status) for at, status in session.execute(ours) if at is not None)
    return Period(window, tuple(judged(session, window, clock.now())), settled)
