"""Make the invoice of an order and mail it to whoever ordered."""

from typing import Any

from automation import progress
from automation.contracts import JobOutcome, Outcome, reference_of
from automation.robots.once import once
from automation.systems import mail, paper
from automation.systems.backoffice import BackOffice, Invoice

BODY = (
    "Dear {customer},\n\nplease find attached the invoice {number} for your order {order}.\n\n"
    "{customer}，您好：\n\n附件是您的订单 {order} 的发票 {number}。\n\nKiln & Dew Teaware\n"
)


def resend_invoice(job: dict[str, Any], office: BackOffice) -> JobOutcome:
    """Mail the invoice, then note the sending in the back office under the job's reference.

    Killed between the two, the next run asks the mail system, and notes what it has taken.
    """
    number, reference = job["order_number"], reference_of(job["job_id"])

    def look() -> str | None:
        office.open_order(number)
        return office.number_under(reference)

    def act() -> str:
        invoice = office.open_invoice()
        printed = mail.Paper(f"{invoice.number}.pdf", paper.invoice_pdf(invoice))
        progress.step("printed")
        mail.send_once(_letter(invoice, printed, job["job_id"]))
        progress.step("mailed")
        return office.note_invoice(invoice.email, reference)

    facts = {"reference": once(look, act, "noted"), "order_number": number}
    return JobOutcome(Outcome.DONE, "INVOICE_SENT", facts)


def _letter(invoice: Invoice, printed: mail.Paper, job_id: str) -> mail.Letter:
    body = BODY.format(customer=invoice.customer, number=invoice.number, order=invoice.order_number)
    subject = f"Invoice 发票 {invoice.number}"
    return mail.Letter(job_id, invoice.email, subject, body, (printed,))
