"""To a person and back: one queue, one agent at a time, nothing lost between them."""

import pytest

from desk.conversations.commands import settle_solved
from desk.conversations.models import Answerer, Status
from desk.escalations import queries
from desk.escalations.commands import (
    AlreadyEscalated,
    IsResolved,
    NotYours,
    WithAnotherAgent,
    accept,
    escalate,
    finish,
    hand_back,
)
from desk.escalations.models import Kind, Reason
from desk.escalations.rules import Packet
from tests.builders import (
    a_conversation,
    a_conversation_in_the_queue,
    a_conversation_with,
    an_agent,
    happened,
)


def test_asking_twice_for_a_person_does_not_queue_the_customer_twice(session):
    waiting = a_conversation_in_the_queue(session)
    with pytest.raises(AlreadyEscalated):
        escalate(session, waiting.id, kind=Kind.REQUESTED, reason=Reason.ASKED_FOR_A_PERSON)


def test_the_packet_brings_what_is_known_and_names_what_is_missing(session):
    spoken = a_conversation(session)
    told = Packet(goal="refund", slots={"order_number": "KD-4711", "email": None}, tried=["form"])
    handoff = escalate(
        session, spoken.id, kind=Kind.OFFERED, reason=Reason.NOT_UNDERSTOOD, packet=told
    )
    assert handoff.packet == {
        "goal": "refund",
        "slots": {"order_number": "KD-4711"},
        "tried": ["form"],
        "identity_level": "anonymous",
        "sentiment_trend": [],
        "upset": None,
        "open_jobs": [],
        "missing": ["sentiment_trend"],
    }


def test_customers_wait_in_the_order_in_which_they_asked(session):
    first, second = (a_conversation_in_the_queue(session) for _ in range(2))
    assert queries.queue_position(session, first.id) == 1
    assert queries.queue_position(session, second.id) == 2
    accept(session, first.id, an_agent(session))
    assert queries.queue_position(session, first.id) is None
    assert queries.queue_position(session, second.id) == 1


def test_field_3_two_agents_cannot_take_one_conversation(session):
    waiting = a_conversation_in_the_queue(session)
    accept(session, waiting.id, an_agent(session, "Alex"))
    with pytest.raises(WithAnotherAgent):
        accept(session, waiting.id, an_agent(session, "Ming"))


def test_taking_it_twice_is_harmless(session):
    waiting, agent = a_conversation_in_the_queue(session), an_agent(session)
    assert accept(session, waiting.id, agent) is accept(session, waiting.id, agent)
    assert happened(session, waiting).count("conversation.handoff_accepted") == 1


def test_taking_it_from_the_bot_is_a_takeover(session):
    spoken = a_conversation(session)
    assert accept(session, spoken.id, an_agent(session)).kind is Kind.TAKEOVER
    assert spoken.answered_by is Answerer.AGENT


def test_only_the_agent_who_has_it_may_hand_it_back_or_resolve_it(session):
    taken = a_conversation_with(session, an_agent(session, "Alex"))
    other = an_agent(session, "Ming")
    for act in (hand_back, finish):
        with pytest.raises(NotYours):
            act(session, taken.id, other)


def test_field_2_the_end_of_the_human_stretch_is_written_down(session):
    agent = an_agent(session)
    taken = a_conversation_with(session, agent)
    hand_back(session, taken.id, agent, "nothing open")
    assert taken.answered_by is Answerer.BOT
    assert happened(session, taken)[-1] == "conversation.handed_back"
    assert queries.open_escalation(session, taken.id) is None


def test_field_8_what_an_agent_resolves_is_credited_to_the_agent(session):
    agent = an_agent(session)
    taken = a_conversation_with(session, agent)
    finish(session, taken.id, agent)
    assert taken.status is Status.RESOLVED
    last = queries.escalations_of(session, taken.id)[-1]
    assert (last.agent_id, last.closed_at is not None) == (agent.id, True)


def test_a_late_yes_does_not_resolve_what_a_person_was_asked_for(session):
    waiting = a_conversation_in_the_queue(session)
    settle_solved(session, waiting.id, solved=True, key="late")
    assert (waiting.status, waiting.answered_by) == (Status.OPEN, Answerer.QUEUE)


def test_what_is_resolved_cannot_be_taken(session):
    agent = an_agent(session)
    taken = a_conversation_with(session, agent)
    finish(session, taken.id, agent)
    with pytest.raises(IsResolved):
        accept(session, taken.id, agent)
