"""The code by mail that some wishes of unknown customers need before they are carried out."""

import re
from uuid import uuid4

from actions.form import Filling, Form
from actions.talk import Talk
from desk.checks.commands import Answer, TooManyCodes, make_code, take_code
from desk.checks.queries import is_waiting, needs_code
from desk.checks.rules import code_in
from desk.durable import reading, transaction
from desk.integrations import mail
from desk.integrations.wording import wording

NOT_NEEDED = "not needed"
SHORT = 60  # characters: a longer message tells something else as well
ONCE_MORE = re.compile(
    r"\b(?:again|resend|re-send|new (?:code|one)|another (?:code|one)|no (?:code|e-?mail|mail)"
    r"|(?:did|have)(?:n'?t| not) (?:get|got|receive|received|come|arrived?))\b"
    r"|没(?:有)?收到|重新?发|再发|新的?验证码",
    re.I,
)


class GuardedForm(Form):
    """A form whose last question may be for the code that was mailed."""

    def is_about_something_else(self, talk: Talk, requested: str) -> bool:
        if requested == "code" and is_about_the_code(talk):
            return False
        return super().is_about_something_else(talk, requested)

    def read(self, talk: Talk, requested: str, filling: Filling) -> None:
        if requested != "code" or not is_about_the_code(talk):
            super().read(talk, requested, filling)
            return
        # Six digits are no order number.
        if filling.slots.get("checked_order"):
            filling["order_number"] = filling.slots["checked_order"]
        code = code_in(talk.text)
        if code is None:
            self._send(talk, filling)
            return
        answer = transaction(take_code, talk.conversation_id, filling["email"], code)
        if answer is Answer.RIGHT:
            filling["code"] = str(answer)
        elif answer is Answer.WRONG:
            talk.say("utter_code_wrong")
        elif answer is Answer.SPENT:
            filling.left_because = "code"
        else:
            talk.say("utter_code_expired")
            self._send(talk, filling)

    def help_on(self, talk: Talk, filling: Filling, wanted: str) -> None:
        if wanted != "code" or not is_about_the_code(talk):  # what can be said of it was said
            super().help_on(talk, filling, wanted)

    def check_code(self, talk: Talk, filling: Filling) -> None:
        """Ask for no code that is not needed, and for none that was not sent."""
        email, is_confirmed = filling["email"], filling["confirmed"]
        if filling["code"] is not None or is_confirmed is None or filling.left_because:
            return
        known = (talk.conversation_id, self.topic, str(email))
        if not is_confirmed or not reading(needs_code, *known):
            filling["code"] = NOT_NEEDED
        elif not reading(is_waiting, talk.conversation_id, str(email)):
            self._send(talk, filling)

    def _send(self, talk: Talk, filling: Filling) -> None:
        email = str(filling["email"])
        try:
            code = transaction(make_code, talk.conversation_id, email, talk.turn_key)
            text = wording("utter_desk_code", talk.language).replace("{code}", code)
            subject = wording("utter_desk_code_subject", talk.language)
            mail.send(email, subject, text, name=f"code.{uuid4()}")
        except TooManyCodes:
            talk.say("utter_asked_too_often")
            filling.left_because = "unreachable"
        except (mail.MailSilent, mail.NoAddress):
            talk.say("utter_code_not_sent")
            filling.left_because = "unreachable"


def is_about_the_code(talk: Talk) -> bool:
    """Whether a message gives a code, or wants another."""
    if talk.is_news or talk.is_button or len(talk.text) > SHORT:
        return False
    return code_in(talk.text) is not None or ONCE_MORE.search(talk.text) is not None
