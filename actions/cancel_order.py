"""Cancelling an order that has not left yet."""

from actions.form import Form
from actions.jobs import JobDoor


class CancelOrderForm(Form):
    name_in_domain = "validate_cancel_order_form"
    topic = "cancel_order"
    wants = ("order_number", "email", "confirmed")


class CancelOrder(JobDoor):
    name_in_domain = "action_cancel_order"
    topic = "cancel_order"
