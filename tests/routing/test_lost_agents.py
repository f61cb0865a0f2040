"""Agents who leave, or say nothing, lose nobody."""

from datetime import timedelta

import pytest

from desk import clock
from desk.conversations.commands import say
from desk.conversations.models import Answerer, Author
from desk.durable import reading, transaction
from desk.escalations.commands import (
    finish,
)
from desk.escalations.models import Escalation, Reason
from desk.escalations.queries import escalations_of, open_escalation, queue_position
from desk.events.queries import events_of
from desk.routing import queries
from desk.routing.commands import (
    close_offer,
    drop_unseen,
    offer,
    put_back,
    set_capacity,
    set_presence,
    show_up,
    take,
)
from desk.routing.models import Presence, Standing
from desk.routing.workflows import (
    close_offers,
    drop_the_unseen,
    put_back_the_ignored,
    route_what_waits,
)
from tests.builders import (
    a_conversation_in_the_queue,
    an_agent,
    happened,
    says,
)
from tests.routing.agents import an_agent_online, backdate, count_open, offered_to, rewind

pytestmark = pytest.mark.usefixtures("no_passwords")


def test_field_4_an_agent_who_drops_offline_loses_none_of_what_was_offered(database):
    alex, ming = transaction(an_agent_online), transaction(an_agent_online, "Ming", 0)
    waiting = [transaction(a_conversation_in_the_queue) for _ in range(3)]
    assert route_what_waits() == 3
    transaction(rewind, alex, minutes=5)
    drop_the_unseen()
    close_offers(late_ones=False)
    assert reading(offered_to, alex) == []
    transaction(set_capacity, ming.id, ming, 5)
    assert route_what_waits() == 3
    assert set(reading(offered_to, ming)) == {spoken.id for spoken in waiting}


def test_whoever_goes_offline_by_choice_gives_back_at_once(database):
    alex = transaction(an_agent_online)
    spoken = transaction(a_conversation_in_the_queue)
    route_what_waits()
    transaction(set_presence, alex, Presence.OFFLINE)
    close_offers(late_ones=False)
    assert reading(happened, spoken)[-1] == "offer.withdrawn"
    assert reading(count_open) == 0


def test_field_4_a_customer_who_waits_for_an_agent_that_is_gone_gets_another(database):
    alex, ming = transaction(an_agent_online), transaction(an_agent_online, "Ming")
    waits, content, fresh = (transaction(a_conversation_in_the_queue) for _ in range(3))
    for spoken in (waits, content, fresh):
        transaction(take, spoken.id, alex)
    for spoken in (waits, content):
        transaction(say, spoken.id, "hello", author=Author.AGENT, agent_id=alex.id)
    transaction(says, waits, "are you there?")
    others = transaction(a_conversation_in_the_queue)  # who asked for a person only now
    transaction(rewind, alex, minutes=5)
    transaction(drop_unseen, alex.id)
    put_back_the_ignored()
    assert reading(open_escalation, waits.id).agent_id == alex.id  # within the grace
    transaction(rewind, alex, minutes=5)
    transaction(backdate, (waits, content, fresh), minutes=4)
    for _ in range(2):
        put_back_the_ignored()
    again = reading(open_escalation, waits.id)
    assert (again.reason, again.agent_id) == (Reason.AGENT_LEFT, None)
    # Whoever never had a word has waited since they first asked.
    twice = reading(escalations_of, fresh.id)
    assert [one.reason for one in twice] == [Reason.ASKED_FOR_A_PERSON, Reason.AGENT_LEFT]
    assert twice[1].created_at - twice[0].created_at < timedelta(milliseconds=1)
    assert reading(open_escalation, content.id).agent_id == alex.id  # waits for nothing
    assert reading(queue_position, others.id) == 3
    told = reading(happened, waits)
    assert told.count("conversation.put_back") == 1
    transaction(show_up, alex)  # back, and not first for what they left lying
    assert route_what_waits() == 3
    assert {waits.id, fresh.id} <= set(reading(offered_to, ming))


def test_field_4_an_agent_who_is_there_and_says_nothing_does_not_keep_it_for_ever(session):
    alex = an_agent_online(session)
    spoken = a_conversation_in_the_queue(session)
    take(session, spoken.id, alex)
    say(session, spoken.id, "one moment", author=Author.AGENT, agent_id=alex.id)
    says(session, spoken, "still here")
    backdate(session, [spoken], minutes=29)
    put_back(session, spoken.id)
    assert spoken.answered_by is Answerer.AGENT
    backdate(session, [spoken], minutes=2)
    put_back(session, spoken.id)
    assert (spoken.answered_by, spoken.agent_id) == (Answerer.QUEUE, None)
    put_back(session, spoken.id)  # another process, at the same moment
    assert happened(session, spoken).count("conversation.put_back") == 1


def test_field_8_what_was_put_back_is_credited_to_whoever_resolves_it(session):
    alex, ming = an_agent_online(session), an_agent_online(session, "Ming")
    spoken = a_conversation_in_the_queue(session)
    take(session, spoken.id, alex)
    backdate(session, [spoken], minutes=31)
    put_back(session, spoken.id)
    take(session, spoken.id, ming)
    finish(session, spoken.id, ming)
    (resolved,) = [e for e in events_of(session, spoken.id) if e.kind == "conversation.resolved"]
    assert resolved.facts["agent_id"] == str(ming.id)
    (back,) = [e for e in events_of(session, spoken.id) if e.kind == "conversation.put_back"]
    assert back.facts["agent_id"] == str(alex.id)


def test_agents_who_never_open_a_console_keep_what_they_took(session):
    alex = an_agent(session)
    spoken = a_conversation_in_the_queue(session)
    take(session, spoken.id, alex)
    backdate(session, [spoken], minutes=20)
    put_back(session, spoken.id)
    assert spoken.agent_id == alex.id


def test_an_offer_whose_customer_was_served_past_us_is_closed(session):
    alex = an_agent_online(session)
    spoken = a_conversation_in_the_queue(session)
    made = offer(session, spoken.id, alex.id)
    handoff = session.get_one(Escalation, made.escalation_id)
    handoff.accepted_at, handoff.agent_id = clock.now(), alex.id
    session.flush()
    assert queries.offers_to(session, alex.id) == []
    assert queries.offers_to_close(session, late_ones=False) == [made.id]
    close_offer(session, made.id)
    assert made.standing is Standing.WITHDRAWN
