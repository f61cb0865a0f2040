"""Which policy fits, and what a policy may say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from desk.errors import Invalid
from desk.escalations.models import Priority
from desk.promises.models import What
from desk.promises.rules.clocks import WHOLE
from desk.promises.rules.hours import Hours, NeverOpens, after_working
from desk.promises.rules.written import MOST_SPANS, readable_name

MOST = 200  # values of one condition; more are a mistake
LONGEST_TARGET = 365 * 86_400  # seconds
LONGEST_STEP = 1_000  # percent
FIELDS = {what: f"{what}_seconds" for what in What}
ROLES = ("agent", "lead", "supervisor")
SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)
PRIORITIES = tuple(each.value for each in Priority)
# Whom a step reaches: the first of these roles that anybody has. Where nobody has the
# conversation its agent's step goes to the leads; a desk without leads tells its supervisors.
REACHES = {
    "agent": ("lead", "supervisor", "admin"),
    "lead": ("lead", "supervisor", "admin"),
    "supervisor": ("supervisor", "admin"),
}


class PolicyWrong(Invalid):
    """A policy that nobody could mean; each kind says what would be right."""


class PromisesNothing(PolicyWrong):
    """No target is set."""


class NoTarget(PolicyWrong):
    """A target under a minute or over a year."""


class NeverDue(PolicyWrong):
    """The calendar has not so much working time."""


class NoGoal(PolicyWrong):
    """The goal is no share."""


class NoCondition(PolicyWrong):
    """A topic, customer or priority that cannot be one."""


class NoStep(PolicyWrong):
    """A step of the chain tells nobody, or never comes."""


class StepsClash(PolicyWrong):
    """Two steps of the chain come at once."""


@dataclass(frozen=True)
class Case:
    """What policies look at: the topic, the address that the web site vouches for, and whether the
    customer is served before others. A new condition is a new field here, and in `fits`."""

    topic: str | None
    email: str | None
    priority: str

    def has(self, condition: str, value: str) -> bool:
        """Whether one value of a condition fits."""
        if condition == "customers":
            email = self.email or ""
            return email.endswith(value) if value.startswith("@") else email == value
        return value == {"topics": self.topic, "priorities": self.priority}[condition]


CONDITIONS = ("topics", "customers", "priorities")


def fits(applies_to: Mapping[str, Sequence[str]], case: Case) -> bool:
    """Whether every condition that names anything names something of this case."""
    named = ((condition, applies_to.get(condition) or ()) for condition in CONDITIONS)
    return all(any(case.has(name, value) for value in values) for name, values in named if values)


def checked_policy(told: Mapping[str, Any], hours: Hours | None) -> dict[str, Any]:
    """A policy as it is kept, apart from its calendar, by whose `hours` it counts.

    Raises:
        PolicyWrong: says what is wrong, and what would be right.
    """
    targets = {field: told.get(field) for field in FIELDS.values()}
    if not any(targets.values()):
        raise PromisesNothing("Promise something: a first reply, a next reply or a resolution.")
    check_targets({what: targets[field] for what, field in FIELDS.items()}, hours)
    if not 1 <= told["goal_percent"] <= WHOLE:
        raise NoGoal("The goal is a share from 1 to 100 %, such as 95.")
    return {
        "name": readable_name(told["name"]),
        "place": told["place"],
        "applies_to": {name: _values(name, told["applies_to"].get(name)) for name in CONDITIONS},
        "goal_percent": told["goal_percent"],
        "steps": _steps(told["steps"]),
        **targets,
    }


def check_targets(targets: Mapping[What, int | None], hours: Hours | None) -> None:
    """See that what is promised, in seconds, can fall due.

    Raises:
        NoTarget, NeverDue: says what would be right.
    """
    for what, seconds in targets.items():
        _check_target(what, seconds, hours)


def _check_target(what: What, seconds: int | None, hours: Hours | None) -> None:
    name = what.replace("_", " ")
    if seconds is None:
        return
    if not 60 <= seconds <= LONGEST_TARGET:
        raise NoTarget(f"The {name} takes from a minute to 365 days; {seconds} seconds do not.")
    try:
        after_working(hours, SOME_DAY, timedelta(seconds=seconds))
    except NeverOpens:
        raise NeverDue(
            f"The calendar has not {seconds / 3600:g} working hours in five years, so no {name} "
            "could ever fall due. Take another calendar, or let all time count."
        ) from None


def _values(condition: str, told: Sequence[str] | None) -> list[str]:
    kept = sorted({value.strip().lower() for value in told or () if value.strip()})
    if len(kept) > MOST or any(len(value) > MOST for value in kept):
        raise NoCondition(f"A condition has at most {MOST} values of {MOST} characters each.")
    if condition == "priorities" and not set(kept) <= set(PRIORITIES):
        raise NoCondition(f"A priority is one of: {', '.join(PRIORITIES)}.")
    wrong = [value for value in kept if condition == "customers" and "@" not in value]
    if wrong:
        raise NoCondition(
            f"{wrong[0]!r} is no customer. Name an address such as ann@shop.example, or all of a "
            "domain as @shop.example."
        )
    return kept


def _steps(told: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The chain in order. Before 100 % a step warns, from 100 % on it fetches somebody."""
    if len(told) > MOST_SPANS:
        raise NoStep(f"A chain has at most {MOST_SPANS} steps.")
    steps = sorted(({"percent": one["percent"], "tell": one["tell"]} for one in told), key=_percent)
    for step in steps:
        if step["tell"] not in ROLES:
            raise NoStep(f"A step tells one of: {', '.join(ROLES)}; not {step['tell']!r}.")
        if not 1 <= step["percent"] <= LONGEST_STEP:
            raise NoStep(
                f"A step comes at 1 to {LONGEST_STEP:,} % of the target: 75 warns before the "
                "breach, 100 is the breach, 150 comes half as long again after it."
            )
    if len({step["percent"] for step in steps}) < len(steps):
        raise StepsClash("Two steps come at the same percent. Give each its own, such as 75, 100.")
    return steps


def _percent(step: Mapping[str, Any]) -> int:
    return int(step["percent"])
