"""Letters to customers, over SMTP."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import formatdate, parseaddr

from desk.settings import settings

SILENCE_SECONDS = 10.0


class MailSilent(Exception):
    """The mail server did not take the letter; another try may go better."""


class NoAddress(Exception):
    """The letter cannot go to that address, now or later."""


def send(to: str, subject: str, text: str, *, name: str) -> None:
    """Mail a letter. `name` makes its Message-ID: the same on every try, by which most mailboxes
    show a letter as one that came twice.

    Raises:
        MailSilent: it was not sent, as far as the server says.
        NoAddress: the server, or common sense, refuses the address.
    """
    if "@" not in parseaddr(to)[1] or any(character in to for character in "\r\n,;"):
        raise NoAddress("That is no address.")
    try:
        with _server() as server:
            server.send_message(_letter(to, subject, text, name))
    except smtplib.SMTPRecipientsRefused as refused:
        codes = {code for code, _ in refused.recipients.values()}
        if any(code >= 500 for code in codes):
            raise NoAddress("The mail server refuses the address.") from None
        raise MailSilent("The mail server will not take it just now.") from None
    except (OSError, smtplib.SMTPException) as failed:
        raise MailSilent(f"The mail server did not take it: {type(failed).__name__}.") from None


@contextmanager
def _server() -> Iterator[smtplib.SMTP]:
    """The owner's mail server: encrypted as agreed with it, by a certificate that this machine
    trusts, or not spoken to; signed in where a user is set."""
    known = settings()
    where = (known.smtp_host, known.smtp_port)
    trusted = ssl.create_default_context()
    server: smtplib.SMTP
    if known.smtp_security == "tls":
        server = smtplib.SMTP_SSL(*where, timeout=SILENCE_SECONDS, context=trusted)
    else:
        server = smtplib.SMTP(*where, timeout=SILENCE_SECONDS)
    with server:
        if known.smtp_security == "starttls":
            server.starttls(context=trusted)
        if known.smtp_user:
            server.login(known.smtp_user, known.smtp_password.get_secret_value())
        yield server


def _letter(to: str, subject: str, text: str, name: str) -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = settings().mail_from, to, subject
    letter["Date"] = formatdate(localtime=False)
    sender = parseaddr(settings().mail_from)[1].rpartition("@")[2] or "localhost"
    letter["Message-ID"] = f"<{name}@{sender}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(text)
    return letter
