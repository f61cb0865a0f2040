"""F13, B3, B4, B5: what is heard is kept once, as it was written, and nothing unreadable is."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from desk.conversations import queries
from desk.conversations.commands import (
    Choice,
    NoSuchQuickReply,
    SaidOtherwise,
    hear,
    resolve,
    say,
)
from desk.conversations.models import Author, Cue, Resolver, Status
from desk.conversations.queries import NoSuchConversation
from desk.conversations.rules import TooLong, Unreadable, language_of, readable
from desk.dialogue.commands import receive
from tests.builders import a_conversation, a_customer, happened


def test_f13_the_same_message_delivered_five_times_is_one_turn_and_one_answer_due(session):
    spoken, client_id = a_conversation(session), uuid4()
    heard = {
        receive(session, spoken.customer_id, spoken.id, client_id, "Where is KD-4711?").id
        for _ in range(5)
    }
    assert len(heard) == len(queries.turns(session, spoken.id)) == 1
    assert len(session.scalars(select(Cue)).all()) == 1
    assert happened(session, spoken) == ["conversation.created", "turn.created"]


def test_f13_the_same_id_with_other_words_is_refused_and_changes_nothing(session):
    spoken, client_id = a_conversation(session), uuid4()
    hear(session, spoken.id, client_id, "cancel it")
    with pytest.raises(SaidOtherwise):
        hear(session, spoken.id, client_id, "refund it")
    assert [turn.text for turn in queries.turns(session, spoken.id)] == ["cancel it"]


def test_a1_another_customers_conversation_is_as_good_as_none(session):
    spoken, stranger = a_conversation(session), a_customer(session)
    with pytest.raises(NoSuchConversation):
        receive(session, stranger.id, spoken.id, uuid4(), "hello")


@pytest.mark.parametrize("length", [1, 1_999, 2_000])
def test_b3_up_to_two_thousand_characters_are_one_message(length):
    assert readable("字" * length) == "字" * length


@pytest.mark.parametrize("length", [2_001, 24_000, 1_000_000])
def test_b3_a_longer_message_is_refused_with_its_length(length):
    with pytest.raises(TooLong, match=f"{length:,}"):
        readable("x" * length)


@pytest.mark.parametrize("text", ["", "  \n\t ", "a\x00b", "\ud800", "ok \udfff"])
def test_b4_blank_null_and_broken_text_is_refused(text):
    with pytest.raises(Unreadable):
        readable(text)


@pytest.mark.parametrize(
    "text", ["👩‍👩‍👧‍👦", "\u202etxet", "Z̷̡̈a̶l̸g̵o̷", "／restart", "' OR 1=1 --", "{{7*7}}"]
)
def test_b5_strange_but_readable_text_is_kept_as_written(session, text):
    spoken = a_conversation(session)
    assert hear(session, spoken.id, uuid4(), text).turn.text == text


@pytest.mark.parametrize(
    ("text", "so_far", "expected"),
    [
        ("我要退款", "en", "zh"),
        ("订单 KD-4711 在哪里", "en", "zh"),
        ("Where is my order?", "zh", "en"),
        ("KD-4711", "zh", "zh"),
        ("4711", "zh", "zh"),
        ("👍", "zh", "zh"),
        ("refund please, 谢谢", "en", "zh"),
    ],
)
def test_the_language_of_a_message_is_that_of_its_words(text, so_far, expected):
    assert language_of(text, so_far) == expected


def test_a_quick_reply_carries_its_payload_and_keeps_the_language(session):
    spoken = a_conversation(session, language="zh")
    offer = [{"title": "OK", "payload": "/affirm"}]
    asked = say(session, spoken.id, "可以吗？", author=Author.BOT, quick_replies=offer)
    heard = hear(session, spoken.id, uuid4(), "OK", Choice(asked.id, 0))
    assert (heard.payload, spoken.language) == ("/affirm", "zh")


def test_a_quick_reply_of_another_conversation_is_refused(session):
    spoken, other = a_conversation(session), a_conversation(session)
    offer = [{"title": "Yes", "payload": "/affirm"}]
    asked = say(session, other.id, "Sure?", author=Author.BOT, quick_replies=offer)
    for choice in (Choice(asked.id, 0), Choice(uuid4(), 0)):
        with pytest.raises(NoSuchQuickReply):
            hear(session, spoken.id, uuid4(), "Yes", choice)
    with pytest.raises(NoSuchQuickReply):
        hear(session, other.id, uuid4(), "Yes", Choice(asked.id, 1))


YES_NO = [{"title": "Yes, please", "payload": "/affirm"}, {"title": "No", "payload": "/deny"}]


def says_the_bot(session, spoken, text, offer, cue_id=None, place=0):
    cue_id = cue_id or uuid4()
    told = {"cue_id": cue_id, "place": place, "quick_replies": offer}
    return say(session, spoken.id, text, author=Author.BOT, **told)


def clicks(session, spoken, turn, index):
    title = turn.quick_replies[index]["title"]
    return hear(session, spoken.id, uuid4(), title, Choice(turn.id, index)).payload


@pytest.mark.parametrize("index", [0, 1])
def test_an_old_yes_or_no_does_not_answer_a_new_question(session, index):
    spoken = a_conversation(session)
    old = says_the_bot(session, spoken, "Refund KD-4711?", YES_NO)
    new = says_the_bot(session, spoken, "Refund KD-4718?", YES_NO)
    assert clicks(session, spoken, old, index) == "/old_choice"
    assert clicks(session, spoken, new, index) == YES_NO[index]["payload"]


def test_a_yes_given_while_the_bot_owes_an_answer_does_not_wait_for_its_next_question(session):
    spoken = a_conversation(session)
    asked = says_the_bot(session, spoken, "Refund KD-4711?", YES_NO)
    receive(session, spoken.customer_id, spoken.id, uuid4(), "no, KD-4718")
    assert clicks(session, spoken, asked, 0) == "/old_choice"


def test_any_other_old_button_is_no_more_than_its_words(session):
    spoken = a_conversation(session)
    offer = [{"title": "Get a refund", "payload": "/refund"}]
    old = says_the_bot(session, spoken, "What can I do?", offer)
    says_the_bot(session, spoken, "Refund KD-4718?", YES_NO)
    assert clicks(session, spoken, old, 0) is None


def test_what_is_said_after_a_question_in_the_same_breath_leaves_it_open(session):
    spoken, cue_id = a_conversation(session), uuid4()
    asked = says_the_bot(session, spoken, "Does that solve it?", YES_NO, cue_id, 0)
    says_the_bot(session, spoken, "Take your time.", [], cue_id, 1)
    say(session, spoken.id, "This takes longer.", author=Author.SYSTEM)
    assert clicks(session, spoken, asked, 0) == "/affirm"


def test_the_desks_own_buttons_stay_valid(session):
    spoken = a_conversation(session)
    offer = [{"title": "Talk to a person", "payload": "desk:person"}]
    late = say(session, spoken.id, "It takes longer.", author=Author.SYSTEM, quick_replies=offer)
    says_the_bot(session, spoken, "Refund KD-4718?", YES_NO)
    assert clicks(session, spoken, late, 0) == "desk:person"


def test_speaking_again_reopens_what_was_resolved(session):
    spoken = a_conversation(session)
    resolve(session, spoken.id, by=Resolver.BOT)
    hear(session, spoken.id, uuid4(), "one more thing")
    assert spoken.status is Status.OPEN
    assert happened(session, spoken)[-2:] == ["conversation.reopened", "turn.created"]
