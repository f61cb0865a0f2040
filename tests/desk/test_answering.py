"""M2, F1, F2, F3: whatever happens to the bot, the customer is answered once, or told so."""

import time
from datetime import timedelta
from uuid import uuid4

import pytest

from desk import clock
from desk.conversations import queries
from desk.conversations.commands import owe_news
from desk.conversations.models import Answerer, Author, CueStatus
from desk.dialogue import commands
from desk.dialogue import queries as owed
from desk.dialogue.rules import PERSON_PAYLOAD
from desk.dialogue.workflows import Answering
from desk.durable import reading, transaction
from desk.escalations.commands import accept, escalate
from desk.escalations.models import Kind, Reason
from desk.integrations.bot import Reply, ScriptedBot
from tests.builders import a_conversation, an_agent, happened, says


@pytest.fixture
def conversation(database):
    return transaction(a_conversation)


def said(conversation):
    return [(turn.author, turn.text) for turn in reading(queries.turns, conversation.id)]


def see_to(conversation, bot):
    answering = Answering(bot)
    answering.nudge(conversation.id)
    while answering._busy:
        time.sleep(0.01)
    answering.stop()


def sweep(bot):
    answering = Answering(bot)
    answering.look_after_the_waiting()
    while answering._busy:
        time.sleep(0.01)
    answering.stop()


def later_by(monkeypatch, seconds):
    at = clock.now() + timedelta(seconds=seconds)
    monkeypatch.setattr(clock, "now", lambda: at)


def test_several_messages_are_answered_one_by_one_in_their_order(conversation):
    for text in ("first", "second", "third"):
        transaction(says, conversation, text)
    see_to(conversation, ScriptedBot())
    assert [text for author, text in said(conversation) if author is Author.BOT] == [
        "You said: first",
        "You said: second",
        "You said: third",
    ]


def test_a_desk_that_stops_leaves_the_next_message_to_whoever_comes(conversation):
    class AskedWhileStopping(ScriptedBot):
        def ask(self, question):
            answering._stopped.set()
            return super().ask(question)

    for text in ("first", "second"):
        transaction(says, conversation, text)
    answering = Answering(AskedWhileStopping())
    answering.nudge(conversation.id)
    while answering._busy:
        time.sleep(0.01)
    answering.stop()
    assert said(conversation)[-1] == (Author.BOT, "You said: first")
    assert transaction(commands.take_next, conversation.id, "whoever").question.text == "second"


def test_a_message_taken_with_its_receipt_is_answered_or_left_to_whoever_comes(conversation):
    stopping, living = Answering(ScriptedBot()), Answering(ScriptedBot())
    for answering in (stopping, living):
        words = (conversation.customer_id, conversation.id, uuid4(), "hello")
        _, due = transaction(commands.receive_and_take, answering.holder, *words)
        if answering is stopping:
            stopping._stopped.set()
        answering.nudge(conversation.id, due)
        while answering._busy:
            time.sleep(0.01)
        answering.stop()
    assert [author for author, _ in said(conversation)][2:] == [Author.BOT, Author.BOT]


def test_what_another_desk_is_at_is_not_taken_with_the_receipt(conversation):
    transaction(says, conversation, "first")
    transaction(commands.take_next, conversation.id, "another")
    words = (conversation.customer_id, conversation.id, uuid4(), "second")
    assert transaction(commands.receive_and_take, "us", *words)[1] is None


def test_f1_an_answer_written_twice_is_said_once(conversation):
    transaction(says, conversation, "hello")
    due = transaction(commands.take_next, conversation.id, "one")
    for _ in range(2):
        transaction(commands.answer, due.cue_id, [Reply("Hello.", []), Reply("More.", [])])
    assert said(conversation)[1:] == [(Author.BOT, "Hello."), (Author.BOT, "More.")]


def test_f1_what_a_dead_process_left_is_swept_up_once_its_lease_runs_out(conversation, monkeypatch):
    transaction(says, conversation, "hello")
    transaction(commands.take_next, conversation.id, "a process that dies now")
    assert transaction(commands.take_next, conversation.id, "another") is None
    later_by(monkeypatch, 16)
    assert reading(owed.overdue, timedelta(seconds=1)) == [conversation.id]
    see_to(conversation, ScriptedBot())
    assert said(conversation)[1:] == [(Author.BOT, "You said: hello")]


def test_f2_an_unreachable_bot_is_asked_again_under_the_same_key(conversation):
    transaction(says, conversation, "hello")
    silent, awake = ScriptedBot(down=True), ScriptedBot()
    see_to(conversation, silent)
    assert said(conversation) == [(Author.CUSTOMER, "hello")]
    see_to(conversation, awake)
    assert silent.asked[0].key == awake.asked[0].key
    assert said(conversation)[1:] == [(Author.BOT, "You said: hello")]


def test_f2_a_late_bot_is_announced_once_with_the_offer_of_a_person(conversation, monkeypatch):
    transaction(says, conversation, "hello")
    later_by(monkeypatch, 6)
    for _ in range(3):
        sweep(ScriptedBot(down=True))
    turns = reading(queries.turns, conversation.id)
    assert [turn.author for turn in turns] == [Author.CUSTOMER, Author.SYSTEM]
    assert turns[1].quick_replies[0]["payload"] == PERSON_PAYLOAD
    see_to(conversation, ScriptedBot())
    assert said(conversation)[-1] == (Author.BOT, "You said: hello")


def test_f2_a_bot_that_stays_away_brings_a_person(conversation, monkeypatch):
    transaction(says, conversation, "hello")
    later_by(monkeypatch, 46)
    sweep(ScriptedBot(down=True))
    assert said(conversation)[-1][0] is Author.SYSTEM
    spoken = reading(queries.conversation, conversation.id)
    assert spoken.answered_by is Answerer.QUEUE


def test_f3_a_bot_without_words_is_a_failure_and_brings_a_person_at_once(conversation):
    transaction(says, conversation, "hello")
    see_to(conversation, ScriptedBot(mute=True))
    assert [author for author, _ in said(conversation)] == [Author.CUSTOMER, Author.SYSTEM]
    kinds = reading(happened, conversation)
    assert kinds[-3:] == ["bot.failed", "turn.created", "conversation.handoff_requested"]


def test_the_offered_person_is_fetched_without_the_bot(conversation, monkeypatch):
    transaction(says, conversation, "hello")
    later_by(monkeypatch, 6)
    sweep(ScriptedBot(down=True))
    offer = reading(queries.turns, conversation.id)[-1]
    choice = commands.Choice(offer.id, 0)
    transaction(
        commands.receive,
        conversation.customer_id,
        conversation.id,
        offer.id,
        offer.quick_replies[0]["title"],
        choice,
    )
    assert reading(queries.conversation, conversation.id).answered_by is Answerer.QUEUE
    bot = ScriptedBot()
    see_to(conversation, bot)
    assert bot.asked == []


def test_field_1_a_bot_still_thinking_cannot_talk_over_the_agent_who_came(conversation):
    transaction(says, conversation, "hello")
    due = transaction(commands.take_next, conversation.id, "thinking")
    agent = transaction(an_agent)
    transaction(accept, conversation.id, agent)
    transaction(commands.answer, due.cue_id, [Reply("Too late.", [])])
    assert said(conversation) == [(Author.CUSTOMER, "hello")]


def test_field_1_while_an_agent_has_it_the_bot_is_not_asked(conversation):
    agent = transaction(an_agent)
    transaction(accept, conversation.id, agent)
    transaction(says, conversation, "are you there?")
    transaction(owe_news, conversation.id, "EXTERNAL_refund_done", {}, key="news")
    bot = ScriptedBot()
    see_to(conversation, bot)
    assert bot.asked == []


def test_field_2_handed_back_the_bot_speaks_first_and_answers_again(conversation):
    agent = transaction(an_agent)
    transaction(accept, conversation.id, agent)
    transaction(commands.return_to_bot, conversation.id, agent, "all set")
    transaction(says, conversation, "thanks")
    see_to(conversation, ScriptedBot())
    assert [text for author, text in said(conversation) if author is Author.BOT] == [
        "You said: EXTERNAL_handed_back",
        "You said: thanks",
    ]


def test_f20_the_rasa_session_is_cut_every_twenty_turns(conversation):
    bot = ScriptedBot()
    for number in range(45):
        transaction(says, conversation, f"message {number}")
    see_to(conversation, bot)
    assert [i for i, question in enumerate(bot.asked) if question.cut] == [20, 40]


def test_news_with_the_same_key_is_told_once(conversation):
    for _ in range(3):
        transaction(owe_news, conversation.id, "EXTERNAL_refund_done", {}, key="job:1:outcome")
    bot = ScriptedBot()
    see_to(conversation, bot)
    assert len(bot.asked) == 1
    cue = reading(queries.next_cue, conversation.id)
    assert cue is None or cue.status is not CueStatus.DUE


class StrangeBot(ScriptedBot):
    """Fails in a way that nobody foresaw, once."""

    def ask(self, question):
        if not self.asked:
            self.asked.append(question)
            raise RuntimeError("nobody foresaw this")
        return super().ask(question)


def test_m2_one_strange_failure_does_not_silence_a_conversation(conversation):
    transaction(says, conversation, "hello")
    answering = Answering(StrangeBot())
    for _ in range(2):
        answering.nudge(conversation.id)
        while answering._busy:
            time.sleep(0.01)
    answering.stop()
    assert said(conversation)[1:] == [(Author.BOT, "You said: hello")]


def test_m2_news_that_cannot_be_told_does_not_hold_back_the_word_about_a_message(
    conversation, monkeypatch
):
    transaction(owe_news, conversation.id, "EXTERNAL_refund_done", {}, key="news")
    transaction(says, conversation, "hello?")
    later_by(monkeypatch, 6)
    sweep(ScriptedBot(down=True))
    assert said(conversation)[-1][0] is Author.SYSTEM
    later_by(monkeypatch, 46)
    sweep(ScriptedBot(down=True))
    assert reading(queries.conversation, conversation.id).answered_by is Answerer.QUEUE


def test_m2_many_customers_of_a_silent_bot_all_hear_of_it_in_one_sweep(database, monkeypatch):
    waiting = [transaction(a_conversation) for _ in range(40)]
    for spoken in waiting:
        transaction(says, spoken, "hello?")
    later_by(monkeypatch, 6)
    sweep(ScriptedBot(down=True))
    assert [said(spoken)[-1][0] for spoken in waiting] == [Author.SYSTEM] * 40


def test_f2_a_person_fetched_by_a_bot_that_died_before_saying_so_is_announced(conversation):
    transaction(says, conversation, "a person please")
    transaction(commands.take_next, conversation.id, "thinking")
    transaction(escalate, conversation.id, kind=Kind.REQUESTED, reason=Reason.ASKED_FOR_A_PERSON)
    transaction(commands.release, conversation.id, "thinking")
    for _ in range(2):
        see_to(conversation, ScriptedBot())
    assert [author for author, _ in said(conversation)] == [Author.CUSTOMER, Author.SYSTEM]


def test_field_1_the_desk_does_not_talk_over_an_agent_either(conversation, monkeypatch):
    transaction(says, conversation, "hello")
    transaction(commands.take_next, conversation.id, "thinking")
    transaction(accept, conversation.id, transaction(an_agent))
    later_by(monkeypatch, 60)
    sweep(ScriptedBot(down=True))
    assert said(conversation) == [(Author.CUSTOMER, "hello")]


def test_asking_for_a_person_does_not_swallow_the_news_of_a_job(conversation, monkeypatch):
    transaction(says, conversation, "hello")
    later_by(monkeypatch, 6)
    sweep(ScriptedBot(down=True))
    transaction(owe_news, conversation.id, "EXTERNAL_refund_done", {}, key="news")
    offer = reading(queries.turns, conversation.id)[-1]
    transaction(
        commands.receive,
        conversation.customer_id,
        conversation.id,
        offer.id,
        "a person",
        commands.Choice(offer.id, 0),
    )
    see_to(conversation, ScriptedBot())
    assert said(conversation)[-1] == (Author.BOT, "You said: EXTERNAL_refund_done")


def test_field_2_every_handing_back_is_announced(conversation):
    agent = transaction(an_agent)
    for _ in range(2):
        transaction(accept, conversation.id, agent)
        transaction(commands.return_to_bot, conversation.id, agent, None)
        see_to(conversation, ScriptedBot())
    assert len(said(conversation)) == 2
