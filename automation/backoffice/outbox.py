"""Mail the back office sends itself: links to set a new password."""

import smtplib
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from automation.backoffice import settings

SENDER = "Kiln & Dew <service@kiln-and-dew.example>"
SILENCE_SECONDS = 10
SUBJECTS = {"en": "Set a new password", "zh": "设置新密码"}
BODIES = {
    "en": "Dear {name},\n\nthis link sets a new password; it is valid for one hour:\n{link}\n\n"
    "You did not ask for it? Then leave it alone.\n\nKiln & Dew Teaware\n",
    "zh": "{name}，您好：\n\n请点击以下链接设置新密码，链接一小时内有效：\n{link}\n\n"
    "如果不是您本人的请求，请忽略本邮件。\n\nKiln & Dew 茶器\n",
}


class MailNotAvailable(Exception):
    """The mail server did not take the letter."""


def send_reset_link(email: str, name: str, language: str, link: str) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = SENDER, email, SUBJECTS[language]
    letter["Date"] = formatdate(localtime=True)
    letter["Message-ID"] = make_msgid(domain="kiln-and-dew.example")
    letter.set_content(BODIES[language].format(name=name, link=link))
    host, port = settings.mail_address()
    try:
        with smtplib.SMTP(host, port, timeout=SILENCE_SECONDS) as server:
            server.send_message(letter)
    except (OSError, smtplib.SMTPException) as failed:
        raise MailNotAvailable(str(failed)) from failed
