"""When the bot is late, when it is lost, and what may still be said."""

from datetime import timedelta

from desk.conversations.models import Answerer, CueKind

NOTICE_AFTER = timedelta(seconds=5)  # with one more try, under the promised 10
GIVE_UP_AFTER = timedelta(seconds=45)
GIVE_UP_NEWS_AFTER = timedelta(minutes=15)
LEASE = timedelta(seconds=15)  # longer than one question to the bot may take
OVERHEAR_FOR = timedelta(minutes=10)  # after which what a person answered is left as it is
TURNS_PER_RASA_SESSION = 20  # Rasa slows down with every turn it remembers

PERSON_PAYLOAD = "desk:person"  # quick replies that the desk answers itself begin with desk:


def may_speak(answered_by: Answerer) -> bool:
    """Whether the bot's words may still go out: not once a person has the conversation."""
    return answered_by is not Answerer.AGENT


def should_ask(kind: CueKind, answered_by: Answerer) -> bool:
    """Whether the bot is asked at all. In the queue it hears no customer, but tells news."""
    if kind is CueKind.MESSAGE:
        return answered_by is Answerer.BOT
    return answered_by is not Answerer.AGENT
