"""Figures of a week, and what is worth saying about them in words."""

from dataclasses import dataclass
from typing import Any

UNITS = ("count", "seconds", "percent")
MARKED = 0.10  # a change of less than a tenth is not worth a sentence
WORDS = {
    "en": {
        "up": "{title}: {now}, up {change} on the week before ({before}).",
        "down": "{title}: {now}, down {change} on the week before ({before}).",
        "calm": "No figure moved by a tenth or more against the week before.",
        "missed": "{title} missed its target of {target}: {now}.",
        "met": "All {count} targets were met.",
        "peak": "Busiest day: {day}, with {value} ({title}).",
    },
    "zh": {
        "up": "{title}：{now}，比前一周上升 {change}（{before}）。",
        "down": "{title}：{now}，比前一周下降 {change}（{before}）。",
        "calm": "与前一周相比，没有指标变动达到一成。",
        "missed": "{title}未达到目标 {target}：{now}。",
        "met": "全部 {count} 项目标均已达成。",
        "peak": "最繁忙的一天：{day}，{value}（{title}）。",
    },
}
DAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
}


@dataclass(frozen=True)
class Figure:
    """One figure of the week, the week before beside it, and its seven days, Monday first; None
    is a day on which there was nothing to measure."""

    title: str
    unit: str
    value: float
    before: float | None
    target: float | None
    lower_is_better: bool
    days: tuple[float | None, ...]

    @property
    def misses_its_target(self) -> bool:
        if self.target is None:
            return False
        return self.value > self.target if self.lower_is_better else self.value < self.target

    @property
    def change(self) -> float | None:
        """By which part of itself the figure moved, 0.1 being a tenth up; None where it cannot
        be said."""
        return None if not self.before else (self.value - self.before) / self.before


def read_figures(told: list[dict[str, Any]]) -> list[Figure]:
    """The figures as a work item has them."""
    return [
        Figure(
            title=str(one["title"]),
            unit=one["unit"],
            value=float(one["value"]),
            before=None if one.get("before") is None else float(one["before"]),
            target=None if one.get("target") is None else float(one["target"]),
            lower_is_better=bool(one.get("lower_is_better", False)),
            days=tuple(None if day is None else float(day) for day in one["days"]),
        )
        for one in told
    ]


def shown(value: float, unit: str) -> str:
    """A value as a person reads it: 1,234; 2:05 min; 87.5 %."""
    if unit == "percent":
        return f"{value:.1f} %"
    if unit == "seconds":
        minutes, seconds = divmod(round(value), 60)
        return f"{minutes}:{seconds:02d} min" if minutes else f"{seconds} s"
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"


def summary(figures: list[Figure], language: str) -> list[str]:
    """What a supervisor has to know, in at most a sentence a figure: what missed its target, what
    moved, and the busiest day."""
    say = WORDS[language]
    targets = [figure for figure in figures if figure.target is not None]
    said = [
        say["missed"].format(
            title=one.title, target=shown(one.target or 0, one.unit), now=shown(one.value, one.unit)
        )
        for one in targets
        if one.misses_its_target
    ]
    if targets and not said:
        said.append(say["met"].format(count=len(targets)))
    moved = [_moved(one, say) for one in figures if abs(one.change or 0) >= MARKED]
    return [*said, *(moved or [say["calm"]]), *_peak(figures, language)]


def _moved(figure: Figure, say: dict[str, str]) -> str:
    change = figure.change or 0
    return say["up" if change > 0 else "down"].format(
        title=figure.title,
        now=shown(figure.value, figure.unit),
        change=f"{abs(change):.0%}",
        before=shown(figure.before or 0, figure.unit),
    )


def _peak(figures: list[Figure], language: str) -> list[str]:
    counted = [figure for figure in figures if figure.unit == "count" and any(figure.days)]
    if not counted:
        return []
    first = counted[0]
    most = max(day for day in first.days if day is not None)
    day = DAYS[language][first.days.index(most)]
    told = {"day": day, "value": shown(most, "count"), "title": first.title}
    return [WORDS[language]["peak"].format(**told)]
