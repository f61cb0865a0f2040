"""Giving the money back."""

from actions.form import Form
from actions.jobs import JobDoor


class RefundForm(Form):
    name_in_domain = "validate_refund_form"
    topic = "refund"
    wants = ("order_number", "email", "confirmed")


class Refund(JobDoor):
    name_in_domain = "action_refund"
    topic = "refund"
