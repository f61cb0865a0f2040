"""A link to set a new password."""

from typing import Any

from actions.code import GuardedForm
from actions.form import Filling
from actions.jobs import JobDoor
from actions.talk import Talk
from desk.conversations.queries import customer_email
from desk.durable import reading


class ResetPasswordForm(GuardedForm):
    name_in_domain = "validate_reset_password_form"
    topic = "reset_password"
    wants = ("email", "confirmed", "code")

    def check_email(self, talk: Talk, filling: Filling) -> None:
        if filling["email"] is None:
            filling["email"] = reading(customer_email, talk.conversation_id)

    def if_forgotten(self, wanted: str) -> str:
        return (
            "utter_account_email_forgotten" if wanted == "email" else super().if_forgotten(wanted)
        )

    def why(self, wanted: str) -> str:
        return "utter_why_reset_password_email" if wanted == "email" else super().why(wanted)


class ResetPassword(JobDoor):
    name_in_domain = "action_reset_password"
    topic = "reset_password"

    def inputs(self, talk: Talk) -> dict[str, Any]:
        return {"email": talk.slots["email"]}
