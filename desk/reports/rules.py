"""What the service report of a week tells, and of which week it is due."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from desk.jobs.models import JobStatus
from desk.metrics.rules import GroupBy, Judged, Window, escalation, groups_of, resolution

REPORT = "service_report"
WEEK = timedelta(days=7)
TITLES = {
    "en": {
        "engaged": "Conversations with the assistant",
        "resolution_rate": "Resolved by the assistant",
        "escalation_rate": "Handed to people",
        "unserved_handoff_rate": "Hand-offs nobody served",
        "jobs": "Jobs of robots",
        "job_success_rate": "Jobs done by robots",
    },
    "zh": {
        "engaged": "助手接待的会话",
        "resolution_rate": "助手解决率",
        "escalation_rate": "转人工率",
        "unserved_handoff_rate": "转人工未接待率",
        "jobs": "机器人任务",
        "job_success_rate": "机器人任务完成率",
    },
}


@dataclass(frozen=True)
class Settled:
    """One job of a robot that has ended."""

    settled_at: datetime
    status: JobStatus


@dataclass(frozen=True)
class Period:
    """What happened in one week, by the company's clocks."""

    window: Window
    judged: tuple[Judged, ...]
    jobs: tuple[Settled, ...]

    def days(self) -> list["Period"]:
        """The seven days of it, Monday first."""
        talks = groups_of(self.judged, GroupBy.DAY, self.window)
        zone = self.window.zone
        return [
            replace(
                self,
                judged=tuple(judged),
                jobs=tuple(
                    j for j in self.jobs if str(j.settled_at.astimezone(zone).date()) == day
                ),
            )
            for day, judged in talks.items()
        ]


def last_week(now: datetime, zone: ZoneInfo) -> Window:
    """The last ISO week that is over by the clocks of `zone`, Monday to Sunday."""
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    since, until = (datetime.combine(day, time(), tzinfo=zone) for day in (monday - WEEK, monday))
    return Window(since, until, zone)


def week_before(window: Window) -> Window:
    """The seven days before, by the same clocks; an hour more or less where those were changed."""
    return Window(window.since - WEEK, window.since, window.zone)


def name_of(window: Window) -> str:
    """The week as `2026-W47`."""
    return window.since.strftime("%G-W%V")


def figures_of(week: Period, before: Period, language: str) -> list[dict[str, Any]]:
    """The figures as the robot wants them; one without a single case to count is left out, and a
    day without one is None: there is no rate of nothing."""
    titles = TITLES[language]
    return [
        {
            "title": titles[name],
            "unit": "count" if name in COUNTS else "percent",
            "value": value,
            "before": measure(before),
            "lower_is_better": name in LOWER_IS_BETTER,
            "days": [measure(day) for day in week.days()],
        }
        for name, measure in MEASURES.items()
        if (value := measure(week)) is not None
    ]


def _of_all(settled: Iterable[Settled]) -> float | None:
    found = Counter(job.status for job in settled)
    ended = sum(found.values()) - found[JobStatus.CANCELLED]
    return _percent(found[JobStatus.DONE] / ended if ended else None)


def _percent(rate: float | None) -> float | None:
    return None if rate is None else round(100 * rate, 1)


MEASURES: dict[str, Callable[[Period], float | None]] = {
    "engaged": lambda period: resolution(period.judged).engaged,
    "resolution_rate": lambda period: _percent(resolution(period.judged).resolution_rate),
    "escalation_rate": lambda period: _percent(escalation(period.judged).escalation_rate),
    "unserved_handoff_rate": lambda period: _percent(
        escalation(period.judged).unserved_handoff_rate
    ),
    "jobs": lambda period: len(period.jobs),
    "job_success_rate": lambda period: _of_all(period.jobs),
}
COUNTS = ("engaged", "jobs")
LOWER_IS_BETTER = ("escalation_rate", "unserved_handoff_rate")
