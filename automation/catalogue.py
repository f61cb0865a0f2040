"""The robots there are: what each is for, what it wants to know, and within which bounds it works.

Standard library only: the desk reads this page, and never a robot.
"""

from dataclasses import dataclass
from typing import Any

ORDER_NUMBER = {"type": "string", "minLength": 1, "maxLength": 40}
EMAIL = {"type": "string", "pattern": r"^\s*[^@\s]+@[^@\s]+\s*$", "maxLength": 254}
ADDRESS = {"type": "string", "minLength": 1, "maxLength": 500}
REASON = {"type": ["string", "null"], "maxLength": 2000}


@dataclass(frozen=True)
class Robot:
    """One kind of work in the back office.

    `inputs` is a JSON Schema of type object; a job that does not fit is not accepted. `task` is a
    task of `automation/tasks.py`, one of another file as `folder/file.py:task`, seen from the
    project's root, or the path of a `.robot` suite, seen from this folder. `at_once` and
    `per_minute` hold for all workers together. Where `looks_up` is false, nobody can find out
    whether a broken run did its work: such a robot is tried once, and then a person looks.
    """

    name: str
    purpose: str
    inputs: dict[str, Any]
    task: str
    timeout_seconds: float = 120.0
    tries: int = 3
    at_once: int = 4
    per_minute: int | None = None
    looks_up: bool = True
    secrets: tuple[str, ...] = ("backoffice",)


def asking(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    """The JSON Schema of inputs with these fields and no others."""
    return {
        "type": "object",
        "properties": required | (optional or {}),
        "required": list(required),
        "additionalProperties": False,
    }


ROBOTS = (
    Robot(
        name="refund",
        purpose="Refund a whole order.",
        inputs=asking({"order_number": ORDER_NUMBER}, {"reason": REASON}),
        task="refund",
    ),
    Robot(
        name="cancel_order",
        purpose="Cancel an order that has not left the house.",
        inputs=asking({"order_number": ORDER_NUMBER}),
        task="cancel_order",
    ),
    Robot(
        name="change_address",
        purpose="Send an order that has not left the house to another address.",
        inputs=asking({"order_number": ORDER_NUMBER, "address": ADDRESS}),
        task="change_address",
    ),
    Robot(
        name="resend_invoice",
        purpose="Mail the invoice of an order once more.",
        inputs=asking({"order_number": ORDER_NUMBER}),
        task="resend_invoice",
    ),
    Robot(
        name="reset_password",
        purpose="Have a customer mailed a link that sets a new password.",
        inputs=asking({"email": EMAIL}),
        task="reset_password",
    ),
)
CATALOGUE: dict[str, Robot] = {robot.name: robot for robot in ROBOTS}
