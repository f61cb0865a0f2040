"""The robots there are: what each is for, what it wants to know, and within which bounds it works.

Standard library only: the desk reads this page, and never a robot.
"""

from dataclasses import dataclass
from typing import Any

ORDER_NUMBER = {"type": "string", "minLength": 1, "maxLength": 40}
EMAIL = {"type": "string", "pattern": r"^\s*[^@\s]+@[^@\s]+\s*$", "maxLength": 254}
ADDRESS = {"type": "string", "minLength": 1, "maxLength": 500}
PLAN = {"enum": ["one_tea", "two_teas", "four_teas", "paused", "ended"]}
TRACKING_NUMBER = {"type": "string", "pattern": r"^\s*[0-9A-Za-z]{6,40}\s*$"}
DAY = {"type": ["string", "null"], "pattern": r"^\d{4}-\d{2}-\d{2}$"}
WEEK = {"type": "string", "pattern": r"^\d{4}-W\d{2}$"}
PEOPLE = {"type": "array", "items": EMAIL, "minItems": 1, "maxItems": 50}
NUMBER_OR_NOTHING = {"type": ["number", "null"]}
FIGURE = {
    "type": "object",
    "properties": {
        "title": {"type": "string", "minLength": 1, "maxLength": 60},
        "unit": {"enum": ["count", "seconds", "percent"]},
        "value": {"type": "number", "minimum": 0},
        "before": NUMBER_OR_NOTHING,
        "target": NUMBER_OR_NOTHING,
        "lower_is_better": {"type": "boolean"},
        "days": {
            "type": "array",
            "items": {"type": ["number", "null"], "minimum": 0},
            "minItems": 7,
            "maxItems": 7,
        },
    },
    "required": ["title", "unit", "value", "days"],
    "additionalProperties": False,
}
FIGURES = {"type": "array", "items": FIGURE, "maxItems": 30}
REASON = {"type": ["string", "null"], "maxLength": 2000}


@dataclass(frozen=True)
class Robot:
    """One kind of work in the back office.

    `inputs` is a JSON Schema of type object; a job that does not fit is not accepted. `task` is a
    task of `automation/tasks.py`, one of another file as `folder/file.py:task`, seen from the
    project's root, or the path of a `.robot` suite, seen from this folder. `at_once` and
    `per_minute` hold for all workers together. Where `looks_up` is false, nobody can find out
    whether a broken run did its work: such a robot is tried once, and then a person looks.
    `secrets` are entries of the vault; `steps` are what a run that is done tells, in order.
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
    steps: tuple[str, ...] = ("checked", "filed", "confirmed")


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
        steps=("checked", "cancelled", "confirmed"),
    ),
    Robot(
        name="change_address",
        purpose="Send an order that has not left the house to another address.",
        inputs=asking({"order_number": ORDER_NUMBER, "address": ADDRESS}),
        task="change_address",
        steps=("checked", "changed", "confirmed"),
    ),
    Robot(
        name="resend_invoice",
        purpose="Mail the invoice of an order once more.",
        inputs=asking({"order_number": ORDER_NUMBER}),
        task="resend_invoice",
        secrets=("backoffice", "mail"),
        steps=("checked", "printed", "mailed", "noted", "confirmed"),
    ),
    Robot(
        name="reset_password",
        purpose="Have a customer mailed a link that sets a new password.",
        inputs=asking({"email": EMAIL}),
        task="reset_password",
        secrets=("directory",),
        steps=("checked", "mailed", "confirmed"),
    ),
    Robot(
        name="return_label",
        purpose="Register a return and mail the customer the label for the parcel.",
        inputs=asking({"order_number": ORDER_NUMBER}, {"reason": REASON}),
        task="return_label",
        secrets=("backoffice", "mail"),
        steps=("checked", "filed", "confirmed", "printed", "mailed"),
    ),
    Robot(
        name="track_parcel",
        purpose="Look up at the carrier where a parcel is.",
        inputs=asking({"tracking_number": TRACKING_NUMBER}, {"order_number": ORDER_NUMBER}),
        task="suites/track_parcel.robot",
        secrets=(),
        steps=("opened", "found"),
    ),
    Robot(
        name="unlock_account",
        purpose="Let a customer sign in again whose account was locked.",
        inputs=asking({"email": EMAIL}),
        task="unlock_account",
        secrets=("directory",),
        steps=("checked", "unlocked", "confirmed"),
    ),
    Robot(
        name="change_subscription",
        purpose="Put a customer's subscription on another plan.",
        inputs=asking({"email": EMAIL, "plan": PLAN}),
        task="change_subscription",
        steps=("checked", "changed", "confirmed"),
    ),
    Robot(
        name="reconcile_refund_ledger",
        purpose="Hold the finance department's ledger of refunds against the orders.",
        inputs=asking({}, {"day": DAY}),
        task="reconcile_refund_ledger",
        at_once=1,
        secrets=("finance",),
        steps=("compared", "checked", "filed", "confirmed"),
    ),
    Robot(
        name="service_report",
        purpose="Mail supervisors the week's figures, in words, charts and a workbook.",
        inputs=asking(
            {"week": WEEK, "figures": FIGURES, "recipients": PEOPLE},
            {"language": {"enum": ["en", "zh"]}},
        ),
        task="service_report",
        at_once=1,
        secrets=("mail",),
        steps=("printed", "checked", "mailed", "confirmed"),
    ),
)
CATALOGUE: dict[str, Robot] = {robot.name: robot for robot in ROBOTS}
