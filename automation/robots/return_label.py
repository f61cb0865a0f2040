"""Register a return and mail the customer the label that goes on the parcel."""

from typing import Any

from automation import progress
from automation.contracts import JobOutcome, Outcome, reference_of
from automation.robots.once import once
from automation.systems import label, mail
from automation.systems.backoffice import BackOffice

NO_REASON_GIVEN = "Asked by the customer"
FILE = "return-label.pdf"
SUBJECT = "Return label 退货标签 {number}"
BODY = (
    "Dear {name},\n\nplease print the attached label {number} for your order {order} and stick it"
    " on the parcel. We refund you when it is here.\n\n"
    "{name}，您好：\n\n请打印附件中的退货标签 {number}（订单 {order}）并贴在包裹上。"
    "收到包裹后我们将为您退款。\n\nKiln & Dew Teaware\n"
)


def return_label(job: dict[str, Any], office: BackOffice) -> JobOutcome:
    """Register the return, or find the one of an earlier run; then print and mail its label.

    The label is printed anew on every run and is the same each time; it is mailed once.
    """
    number, reference = job["order_number"], reference_of(job["job_id"])

    def look() -> str | None:
        office.open_order(number)
        return office.number_under(reference)

    def act() -> str:
        return office.file_return(job.get("reason") or NO_REASON_GIVEN, reference)

    given = once(look, act, "filed")
    sender = office.sender()
    printed = mail.Paper(FILE, label.return_label_pdf(given, number, sender))
    progress.keep(FILE, printed.content)
    progress.step("printed")
    words = {"name": sender.name, "number": given, "order": number}
    subject, body = SUBJECT.format(**words), BODY.format(**words)
    mail.send_once(mail.Letter(job["job_id"], sender.email, subject, body, (printed,)))
    progress.step("mailed")
    facts = {"reference": given, "order_number": number, "files": [FILE]}
    return JobOutcome(Outcome.DONE, "LABEL_SENT", facts)
