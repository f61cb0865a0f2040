"""Letters the robots send, over SMTP, each at most once: by its Message-ID it is known again."""

import os
import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate

from automation.systems.answers import Broken
from automation.systems.wire import Wire

SENDER = "Kiln & Dew <service@kiln-and-dew.example>"
DOMAIN = "robots.kiln-and-dew.example"
SILENCE_SECONDS = 15


class MailSilent(Broken):
    """The mail system did not take the letter, or does not say what it took."""

    code = "MAIL_SILENT"


@dataclass(frozen=True)
class Paper:
    """A file that goes with a letter, and stays among what the robot leaves."""

    name: str
    content: bytes
    kind: str = "pdf"  # the second half of its media type


@dataclass(frozen=True)
class Letter:
    """What is written to whom. `key` tells it from all others and is the same on every try."""

    key: str
    to: str
    subject: str
    body: str
    papers: tuple[Paper, ...] = ()

    @property
    def message_id(self) -> str:
        return f"<{self.key}@{DOMAIN}>"


def send_once(letter: Letter) -> int:
    """Mail the letter, unless the mail system has taken it from an earlier run already.

    Looks first, always: where nobody can say whether it was taken, nothing is sent. Returns for
    how many of its addresses the mail server would not take it, while it did for others.

    Raises:
        MailSilent: it was not sent, as far as the mail system says.
    """
    if was_taken(letter.message_id):
        return 0
    host = os.environ.get("DESK_SMTP_HOST", "127.0.0.1")
    port = int(os.environ.get("DESK_SMTP_PORT", "8025"))
    try:
        with smtplib.SMTP(host, port, timeout=SILENCE_SECONDS) as server:
            return len(server.send_message(_written(letter)))
    except (OSError, smtplib.SMTPException) as failed:
        raise MailSilent(f"The mail server did not take the letter: {failed}") from failed


def was_taken(message_id: str) -> bool:
    """Whether the mail system's trace shows a letter with this Message-ID."""
    trace = Wire("/mail", "mail", MailSilent)
    return bool(trace.read("/trace", message_id=message_id)["taken"])


def _written(letter: Letter) -> EmailMessage:
    written = EmailMessage()
    written["From"], written["To"], written["Subject"] = SENDER, letter.to, letter.subject
    written["Date"] = formatdate(localtime=True)
    written["Message-ID"] = letter.message_id
    written.set_content(letter.body)
    for paper in letter.papers:
        written.add_attachment(
            paper.content, maintype="application", subtype=paper.kind, filename=paper.name
        )
    return written
