"""Having an account deleted: a colleague does it, once it is sure who asks."""

from rasa_sdk.events import EventType

from actions.form import Filling, Form
from actions.talk import Door, Talk, offer_after_leaving, remember, say_nothing_was_done
from actions.tickets import take_down
from desk.conversations.queries import customer_email
from desk.durable import reading


class DeleteAccountForm(Form):
    name_in_domain = "validate_delete_account_form"
    topic = "delete_account"
    wants = ("email", "confirmed")

    def begin(self, talk: Talk, filling: Filling) -> None:
        super().begin(talk, filling)
        talk.say("utter_delete_account_means")

    def check_email(self, talk: Talk, filling: Filling) -> None:
        """Whoever is signed in means their own account, whatever address they write."""
        vouched = reading(customer_email, talk.conversation_id)
        if vouched is not None:
            filling["email"] = vouched

    def if_forgotten(self, wanted: str) -> str:
        return (
            "utter_account_email_forgotten" if wanted == "email" else super().if_forgotten(wanted)
        )

    def why(self, wanted: str) -> str:
        return "utter_why_account_email" if wanted == "email" else super().why(wanted)


class DeleteAccount(Door):
    name_in_domain = "action_delete_account"

    def act(self, talk: Talk) -> list[EventType]:
        confirmed, email = talk.slots.get("confirmed"), talk.slots.get("email")
        done = remember(confirmed=None)
        if confirmed is None:
            return done + offer_after_leaving(talk, "delete_account")
        if not confirmed:
            say_nothing_was_done(talk)
            return done
        return take_down(talk, "delete_account", str(email), "utter_delete_account_taken") + done
