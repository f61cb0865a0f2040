"""What the bot answers by itself, from what stands in its domain."""

from rasa_sdk.events import EventType

from actions.talk import Door, Talk
from desk.conversations.commands import reach_goal
from desk.conversations.models import Resolver
from desk.durable import transaction


class Answered(Door):
    """Stands after the answer in a rule: the customer has what this message asked for."""

    name_in_domain = "action_answered"

    def act(self, talk: Talk) -> list[EventType]:
        transaction(reach_goal, talk.conversation_id, talk.intent, by=Resolver.BOT)
        return []
