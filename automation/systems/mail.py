"""Letters the robots send, over SMTP."""

import os
import smtplib
from email.message import EmailMessage
from email.utils import formatdate

from automation.systems.backoffice import Invoice

SENDER = "Kiln & Dew <service@kiln-and-dew.example>"
SILENCE_SECONDS = 15
BODY = (
    "Dear {customer},\n\nplease find attached the invoice {number} for your order {order}.\n\n"
    "{customer}，您好：\n\n附件是您的订单 {order} 的发票 {number}。\n\nKiln & Dew Teaware\n"
)


class MailSilent(Exception):
    """The mail server did not take the letter."""


def send_invoice(invoice: Invoice, pdf: bytes, job_id: str) -> None:
    """Mail the invoice to the address of the order.

    Raises:
        MailSilent: it was not sent, as far as the server says.
    """
    host = os.environ.get("DESK_SMTP_HOST", "127.0.0.1")
    port = int(os.environ.get("DESK_SMTP_PORT", "8025"))
    try:
        with smtplib.SMTP(host, port, timeout=SILENCE_SECONDS) as server:
            server.send_message(_letter(invoice, pdf, job_id))
    except (OSError, smtplib.SMTPException) as failed:
        raise MailSilent(f"The mail server did not take the invoice: {failed}") from failed


def _letter(invoice: Invoice, pdf: bytes, job_id: str) -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"] = SENDER, invoice.email
    letter["Subject"] = f"Invoice 发票 {invoice.number}"
    letter["Date"] = formatdate(localtime=True)
    letter["Message-ID"] = f"<{job_id}@robots.kiln-and-dew.example>"  # the same on every try
    body = BODY.format(customer=invoice.customer, number=invoice.number, order=invoice.order_number)
    letter.set_content(body)
    name = f"{invoice.number}.pdf"
    letter.add_attachment(pdf, maintype="application", subtype="pdf", filename=name)
    return letter
