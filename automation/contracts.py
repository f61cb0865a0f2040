"""What the desk asks of a robot and what a robot answers. Standard library only."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    DONE = "done"  # the customer got what they asked for
    REFUSED = "refused"  # it can never be done as asked; `code` says why
    GAVE_UP = "gave_up"  # a system failed us every time; a human must look
    NEEDS_REVIEW = "needs_review"  # nobody can know whether it was done; a human must look


@dataclass(frozen=True)
class JobRequest:
    """One step in the back office. `kind` names the robot; `inputs` never hold a secret."""

    kind: str
    inputs: dict[str, Any]


@dataclass(frozen=True)
class JobOutcome:
    """How a job ended.

    `facts["reference"]` is the number that stands in the back office, whenever the outcome is
    done. A refund's facts also tell `amount_minor` and `currency`; `facts["files"]` names the
    papers that the robot made, if any, as they lie in its folder.
    """

    outcome: Outcome
    code: str
    facts: dict[str, Any]

    def to_payload(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_payload(cls, payload: dict[str, Any]) -> "JobOutcome":
        return cls(Outcome(payload["outcome"]), payload["code"], payload["facts"])


def reference_of(job_id: str) -> str:
    """What a robot writes beside its work, so that it knows it again when it runs twice."""
    return f"KD-{job_id[:8]}"
