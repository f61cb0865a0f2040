"""Sending an invoice once more."""

from actions.form import Form
from actions.jobs import JobDoor


class ResendInvoiceForm(Form):
    name_in_domain = "validate_resend_invoice_form"
    topic = "resend_invoice"
    wants = ("order_number", "email", "confirmed")


class ResendInvoice(JobDoor):
    name_in_domain = "action_resend_invoice"
    topic = "resend_invoice"
