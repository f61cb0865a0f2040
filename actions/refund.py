"""Giving the money back."""

from actions.code import GuardedForm
from actions.jobs import JobDoor


class RefundForm(GuardedForm):
    name_in_domain = "validate_refund_form"
    topic = "refund"
    wants = ("order_number", "email", "confirmed", "code")


class Refund(JobDoor):
    name_in_domain = "action_refund"
    topic = "refund"
