"""Offers on both databases: one conversation for one agent, never more than fits."""

import pytest

from desk.conversations.models import Answerer
from desk.durable import reading, transaction
from desk.escalations.commands import (
    IsResolved,
    WithAnotherAgent,
    escalate,
    finish,
)
from desk.escalations.models import Kind, Reason
from desk.escalations.queries import open_escalation, queue_position
from desk.events.queries import events_of
from desk.routing import queries
from desk.routing.commands import (
    OfferGone,
    accept_offer,
    close_offer,
    decline_offer,
    offer,
    set_capacity,
    set_presence,
    set_topic_need,
    show_up,
    take,
    take_if_offered,
)
from desk.routing.models import Presence, Standing
from desk.routing.queries import NoSuchOffer
from desk.routing.workflows import (
    close_offers,
    route_what_waits,
)
from desk.settings import settings
from tests.builders import (
    a_conversation,
    a_conversation_in_the_queue,
    an_agent,
    happened,
)
from tests.routing.agents import an_agent_online, offered_to, run_out

pytestmark = pytest.mark.usefixtures("no_passwords")


def test_a_waiting_conversation_is_offered_to_one_agent_and_theirs_once_they_accept(database):
    alex = transaction(an_agent_online)
    spoken = transaction(a_conversation_in_the_queue)
    assert (route_what_waits(), route_what_waits()) == (1, 0)
    (made,) = reading(queries.offers_to, alex.id)
    assert spoken.id == made.conversation_id
    for _ in range(2):  # a second click
        assert transaction(accept_offer, made.id, alex).standing is Standing.ACCEPTED
    taken = reading(open_escalation, spoken.id)
    assert taken.agent_id == alex.id
    told = [kind for kind in reading(happened, spoken) if kind.startswith(("offer", "conv"))]
    assert told[-3:] == ["offer.made", "conversation.handoff_accepted", "offer.accepted"]


def test_an_offer_is_nobody_elses_and_an_event_holds_ids_only(session):
    alex, ming = an_agent_online(session), an_agent(session, "Ming")
    spoken = a_conversation_in_the_queue(session)
    made = offer(session, spoken.id, alex.id)
    for act in (accept_offer, decline_offer):
        with pytest.raises(NoSuchOffer):
            act(session, made.id, ming)
    (told,) = [e for e in events_of(session, spoken.id) if e.kind == "offer.made"]
    assert set(told.facts) == {"offer_id", "escalation_id", "person_id"}
    assert told.audience == "staff"


def test_a_first_reply_accepts_what_is_offered_and_nothing_else(session):
    alex, ming = an_agent_online(session), an_agent_online(session, "Ming")
    spoken = a_conversation_in_the_queue(session)
    made = offer(session, spoken.id, alex.id)
    take_if_offered(session, spoken.id, ming)
    assert spoken.answered_by is Answerer.QUEUE
    take_if_offered(session, spoken.id, alex)
    assert (spoken.agent_id, made.standing) == (alex.id, Standing.ACCEPTED)


def test_somebody_else_may_still_take_it_and_the_offer_is_over(session):
    alex, ming = an_agent_online(session), an_agent(session, "Ming")
    spoken = a_conversation_in_the_queue(session)
    made = offer(session, spoken.id, alex.id)
    take(session, spoken.id, ming)
    assert made.standing is Standing.WITHDRAWN
    with pytest.raises(OfferGone):
        accept_offer(session, made.id, alex)
    with pytest.raises(WithAnotherAgent):
        take(session, spoken.id, alex)
    finish(session, spoken.id, ming)
    with pytest.raises(IsResolved):
        take(session, spoken.id, alex)


def test_without_agents_online_or_with_offers_switched_off_all_is_as_it_was(database, monkeypatch):
    alex = transaction(an_agent)
    spoken = transaction(a_conversation_in_the_queue)
    assert route_what_waits() == 0
    transaction(show_up, alex)
    monkeypatch.setenv("DESK_OFFER_SECONDS", "0")
    settings.cache_clear()
    assert route_what_waits() == 0
    assert transaction(take, spoken.id, alex).agent_id == alex.id
    assert not any(kind.startswith("offer") for kind in reading(happened, spoken))


def test_nobody_is_offered_more_than_fits_with_what_they_took_themselves(database):
    alex = transaction(an_agent_online, capacity=2)
    mine = transaction(a_conversation_in_the_queue)
    transaction(take, mine.id, alex)
    waiting = [transaction(a_conversation_in_the_queue) for _ in range(3)]
    assert route_what_waits() == 1
    assert reading(offered_to, alex) == [waiting[0].id]
    for spoken in waiting[1:]:
        assert transaction(offer, spoken.id, alex.id) is None  # a router that knew less
    transaction(finish, mine.id, alex)
    assert route_what_waits() == 1


def test_skills_and_what_a_topic_needs_decide_who_is_asked(database):
    novice = transaction(an_agent_online, "Alex", skills=[("refund", "en", 1)])
    expert = transaction(an_agent_online, "Ming", skills=[("refund", "*", 3)])
    transaction(set_topic_need, "refund", expert, 2)

    def about_refunds(session, language):
        spoken = a_conversation(session, language=language)
        spoken.topic = "refund"
        told = {"kind": Kind.REQUESTED, "reason": Reason.ASKED_FOR_A_PERSON}
        escalate(session, spoken.id, **told)
        return spoken

    hard = transaction(about_refunds, "zh")
    assert route_what_waits() == 1
    assert reading(offered_to, expert) == [hard.id]
    transaction(set_presence, expert, Presence.AWAY)
    stays = transaction(about_refunds, "en")
    assert route_what_waits() == 0  # in the queue, where anybody may take it
    assert reading(queue_position, stays.id) == 2
    transaction(set_topic_need, "refund", expert, 1)
    assert route_what_waits() == 1
    assert reading(offered_to, novice) == [stays.id]


def test_a_returning_customer_is_offered_to_their_last_agent_also_under_a_new_session(database):
    def begins(session, name):
        spoken = a_conversation(session)
        spoken.customer.external_id = name
        escalate(session, spoken.id, kind=Kind.REQUESTED, reason=Reason.NOT_SOLVED)
        return spoken

    alex, ming = transaction(an_agent_online), transaction(an_agent_online, "Ming")
    first = transaction(begins, "customer-7")
    transaction(take, first.id, ming)
    for _ in range(2):  # Ming is the busier one
        transaction(take, transaction(a_conversation_in_the_queue).id, ming)
    transaction(set_capacity, ming.id, ming, 9)
    transaction(finish, first.id, ming)
    again, other = transaction(begins, "customer-7"), transaction(begins, "customer-8")
    assert route_what_waits() == 2
    assert (reading(offered_to, ming), reading(offered_to, alex)) == ([again.id], [other.id])


def test_field_4_what_nobody_accepts_in_time_goes_on_and_who_misses_often_is_away(database):
    alex, ming = transaction(an_agent_online), transaction(an_agent_online, "Ming")
    spoken = transaction(a_conversation_in_the_queue)
    asked = []
    for _ in range(2 * settings().missed_offers):
        assert route_what_waits() == 1
        who, made = next(
            (one, made) for one in (alex, ming) for made in reading(queries.offers_to, one.id)
        )
        asked.append(who.id)
        close_offers()
        assert reading(queries.offer, made.id).standing is Standing.OPEN  # it is not late yet
        transaction(run_out, made)
        close_offers(late_ones=False)  # a desk that has just started
        assert reading(queries.offer, made.id).standing is Standing.OPEN
        close_offers()
        assert reading(queries.offer, made.id).standing is Standing.MISSED
    assert sorted(map(str, asked[:2])) == sorted(map(str, (alex.id, ming.id)))  # the next one
    assert asked[0::2] == [asked[0]] * 3
    for one in (alex, ming):
        assert reading(queries.agent, one.id).presence is Presence.AWAY
    assert route_what_waits() == 0
    transaction(set_presence, alex, Presence.ONLINE)
    assert route_what_waits() == 1
    assert reading(happened, spoken).count("offer.missed") == 6


def test_an_accepted_offer_makes_up_for_what_was_missed(session):
    alex = an_agent_online(session)
    for _ in range(4):
        missed = offer(session, a_conversation_in_the_queue(session).id, alex.id)
        run_out(session, missed)
        close_offer(session, missed.id)
        good = offer(session, a_conversation_in_the_queue(session).id, alex.id)
        accept_offer(session, good.id, alex)
        finish(session, good.conversation_id, alex)
    assert queries.agent(session, alex.id).presence is Presence.ONLINE


def test_what_somebody_declines_is_not_offered_to_them_again(database):
    alex = transaction(an_agent_online)
    spoken = transaction(a_conversation_in_the_queue)
    route_what_waits()
    (made,) = reading(queries.offers_to, alex.id)
    for _ in range(2):
        assert transaction(decline_offer, made.id, alex).standing is Standing.DECLINED
    assert route_what_waits() == 0
    assert transaction(take, spoken.id, alex).agent_id == alex.id  # they may change their mind
