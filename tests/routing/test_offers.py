"""Offers on both databases: one conversation for one agent, never more than fits, nobody lost."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from desk import clock
from desk.conversations.commands import say
from desk.conversations.models import Answerer, Author, Conversation
from desk.durable import reading, transaction
from desk.escalations.commands import (
    IsResolved,
    NobodyWaits,
    WithAnotherAgent,
    escalate,
    finish,
    set_priority,
)
from desk.escalations.models import Escalation, Kind, Priority, Reason
from desk.escalations.queries import open_escalation, queue_position
from desk.events.queries import events_of
from desk.people.models import Role
from desk.routing import commands, queries
from desk.routing.commands import (
    OfferGone,
    accept_offer,
    close_offer,
    decline_offer,
    drop_unseen,
    leave,
    offer,
    put_back,
    set_capacity,
    set_presence,
    set_skills,
    set_topic_need,
    show_up,
    take,
    take_if_offered,
)
from desk.routing.models import Agent, Offer, Presence, Standing
from desk.routing.queries import NoSuchOffer
from desk.routing.workflows import (
    close_offers,
    drop_the_unseen,
    put_back_the_ignored,
    route_what_waits,
)
from desk.settings import settings
from tests.builders import (
    a_conversation,
    a_conversation_in_the_queue,
    an_agent,
    happened,
    says,
)


def an_agent_online(session, name="Alex", capacity=None, skills=(), role=Role.AGENT):
    agent = an_agent(session, name, role)
    set_presence(session, agent, Presence.ONLINE)
    if capacity is not None:
        set_capacity(session, agent.id, agent, capacity)
    if skills:
        set_skills(session, agent.id, agent, list(skills))
    return agent


def rewind(session, agent, **span):
    """Have the last sign of an agent, and since when they are what they are, lie in the past."""
    known = queries.agent(session, agent.id)
    known.seen_at = known.since = clock.now() - timedelta(**span)


def run_out(session, offered):
    session.get_one(Offer, offered.id).expires_at = clock.now() - timedelta(seconds=1)


def offered_to(session, agent):
    return [one.conversation_id for one in queries.offers_to(session, agent.id)]


def count_open(session):
    return session.scalar(select(func.count()).where(Offer.standing == Standing.OPEN))


# Presence


def test_an_agent_is_online_once_a_console_shows_up_and_a_supervisor_away(session):
    alex, sam = an_agent(session), an_agent(session, "Sam", Role.SUPERVISOR)
    assert queries.agent(session, alex.id) is None
    assert show_up(session, alex).presence is Presence.ONLINE
    assert show_up(session, sam).presence is Presence.AWAY


def test_what_somebody_wished_to_be_holds_after_a_closed_laptop_a_restart_and_several_tabs(session):
    alex = an_agent(session)
    show_up(session, alex)
    set_presence(session, alex, Presence.AWAY)
    rewind(session, alex, minutes=5)
    drop_unseen(session, alex.id)
    assert queries.agent(session, alex.id).presence is Presence.OFFLINE
    for _ in range(3):  # three tabs
        assert show_up(session, alex).presence is Presence.AWAY
    set_presence(session, alex, Presence.OFFLINE)
    assert show_up(session, alex).presence is Presence.OFFLINE  # an open console is no wish


def test_a_console_that_gives_signs_is_never_taken_for_closed(session):
    alex = an_agent(session)
    show_up(session, alex)
    drop_unseen(session, alex.id)
    assert queries.agent(session, alex.id).presence is Presence.ONLINE
    assert queries.unseen(session) == []
    rewind(session, alex, seconds=settings().offline_after_seconds + 1)
    assert queries.unseen(session) == [alex.id]


def test_coming_and_going_are_events_and_giving_signs_is_none(session):
    from desk.events.models import Event  # noqa: PLC0415

    alex = an_agent(session)
    for _ in range(3):
        show_up(session, alex)
    set_presence(session, alex, Presence.AWAY)
    set_presence(session, alex, Presence.AWAY)
    leave(session, alex)
    told = select(Event.kind, Event.facts).where(Event.stream == alex.id).order_by(Event.number)
    kinds = [(kind, facts.get("code")) for kind, facts in session.execute(told)][1:]
    assert kinds == [
        ("agent.online", "showed_up"),
        ("agent.away", "chosen"),
        ("agent.offline", "left"),
    ]


# Offers


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


# Nobody is lost


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
    assert reading(open_escalation, fresh.id).reason is Reason.AGENT_LEFT  # never had a word
    assert reading(open_escalation, content.id).agent_id == alex.id  # waits for nothing
    assert reading(queue_position, others.id) == 3
    told = reading(happened, waits)
    assert told.count("conversation.put_back") == 1
    transaction(show_up, alex)  # back, and not first for what they left lying
    assert route_what_waits() == 3
    assert {waits.id, fresh.id} <= set(reading(offered_to, ming))


def backdate(session, conversations, **span):
    """Have everything of these conversations lie further back."""
    from desk.conversations.models import Turn  # noqa: PLC0415

    for spoken in conversations:
        handoff = open_escalation(session, spoken.id)
        handoff.created_at -= timedelta(**span)
        handoff.accepted_at = handoff.accepted_at and handoff.accepted_at - timedelta(**span)
        for turn in session.scalars(select(Turn).where(Turn.conversation_id == spoken.id)):
            turn.created_at -= timedelta(**span)


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


# Priority


def test_a_vip_is_offered_first_and_stands_first_and_staff_may_say_who_is_urgent(database):
    def vip(session):
        spoken = a_conversation(session)
        spoken.customer.segment = "vip"
        escalate(session, spoken.id, kind=Kind.REQUESTED, reason=Reason.COMPLAINT)
        return spoken

    alex = transaction(an_agent_online, capacity=1)
    first, second = (transaction(a_conversation_in_the_queue) for _ in range(2))
    important = transaction(vip)
    transaction(set_priority, second.id, alex, Priority.HIGH)
    transaction(set_priority, second.id, alex, Priority.HIGH)
    assert [reading(queue_position, one.id) for one in (important, second, first)] == [1, 2, 3]
    assert reading(happened, second).count("conversation.priority_set") == 1
    assert route_what_waits() == 1
    (made,) = reading(queries.offers_to, alex.id)
    assert (made.conversation_id, made.passed) == (important.id, True)
    transaction(accept_offer, made.id, alex)
    with pytest.raises(NobodyWaits):
        transaction(set_priority, important.id, alex, Priority.HIGH)


def test_the_guard_counts_across_routers_and_restarts(database):
    alex = transaction(an_agent_online, capacity=50)
    old = transaction(a_conversation_in_the_queue)
    transaction(set_presence, alex, Presence.AWAY)
    before = reading(queries.board).credit

    def vip_passed(session):
        spoken = a_conversation_in_the_queue(session)
        set_presence(session, alex, Presence.ONLINE)
        offer(session, spoken.id, alex.id, passed=True)

    for _ in range(3):
        transaction(vip_passed)
    left = reading(queries.board)
    assert before == 0.0  # nothing to decide while nobody is there
    assert (left.credit, [one.id for one in left.line]) == (0.0, [old.id])


# Two routers at once


def test_routers_that_race_never_offer_one_conversation_twice_nor_more_than_fits(database):
    agents = [transaction(an_agent_online, f"Agent{n}", 2) for n in range(3)]
    waiting = [transaction(a_conversation_in_the_queue) for _ in range(9)]
    together = threading.Barrier(4)
    made, failed = [], []

    def route():
        together.wait()
        try:
            for _ in range(4):
                made.append(route_what_waits())
        except Exception as wrong:
            failed.append(wrong)

    threads = [threading.Thread(target=route) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sum(made) == 6
    held = [reading(offered_to, agent) for agent in agents]
    assert [len(one) for one in held] == [2, 2, 2]
    assert len({known for one in held for known in one}) == 6
    assert reading(count_open) == 6
    assert {spoken.id for spoken in waiting} > {known for one in held for known in one}


def test_an_accept_a_taking_and_a_lapse_that_race_leave_one_agent_with_it(database):
    for _ in range(4):
        alex, ming = transaction(an_agent_online), transaction(an_agent, "Ming")
        spoken = transaction(a_conversation_in_the_queue)
        made = transaction(offer, spoken.id, alex.id)
        transaction(run_out, made)
        together = threading.Barrier(3)
        won, lost = [], []

        def race(act, *given, together=together, won=won, lost=lost):
            together.wait()
            try:
                won.append(transaction(act, *given))
            except (OfferGone, WithAnotherAgent) as refused:
                lost.append(refused)

        threads = [
            threading.Thread(target=race, args=given)
            for given in (
                (accept_offer, made.id, alex),
                (take, spoken.id, ming),
                (close_offer, made.id),
            )
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        has_it = reading(lambda session, known: session.get_one(Conversation, known), spoken.id)
        assert has_it.agent_id in (alex.id, ming.id)
        assert (len(won), len(lost)) == (2, 1)
        assert reading(queries.offer, made.id).standing is not Standing.OPEN
        transaction(leave, alex)


def test_two_tabs_that_show_up_at_once_make_one_agent(database):
    alex = transaction(an_agent)
    together = threading.Barrier(4)
    seen = []

    def show():
        together.wait()
        seen.append(transaction(show_up, alex).presence)

    threads = [threading.Thread(target=show) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [Presence.ONLINE] * 4
    assert reading(lambda session: session.scalar(select(func.count()).select_from(Agent))) == 1


# Expected waits


def test_an_expected_wait_is_told_from_recent_waits_and_not_where_nobody_is_there(session):
    alex = an_agent_online(session)
    assert queries.pace(session) is None
    for _ in range(5):
        spoken = a_conversation_in_the_queue(session)
        take(session, spoken.id, alex)
        handoff = open_escalation(session, spoken.id)
        handoff.created_at = handoff.accepted_at - timedelta(seconds=90)
    session.flush()
    assert queries.pace(session) == pytest.approx(90 * 5 / (1 + 2 + 3 + 4 + 5), rel=0.4)
    set_presence(session, alex, Presence.AWAY)
    assert queries.pace(session) is None


def test_a_report_shows_what_is_needed_against_who_has_it(session):
    an_agent_online(session, "Alex", skills=[("refund", "en", 2)])
    an_agent(session, "Ming")  # takes everything, offline
    an_agent(session, "Sam", Role.SUPERVISOR)  # serves nobody
    for topic, language, times in (("refund", "en", 2), ("refund", "zh", 1), ("person", "en", 1)):
        for _ in range(times):
            spoken = a_conversation(session, language=language)
            spoken.topic = topic
            escalate(session, spoken.id, kind=Kind.REQUESTED, reason=Reason.NOT_SOLVED)
    found = queries.skill_demand(session, 30)
    assert [(d.topic, d.language, d.asked, d.waiting, d.agents, d.online) for d in found] == [
        ("refund", "en", 2, 2, 2, 1),
        (None, "en", 1, 1, 2, 1),
        ("refund", "zh", 1, 1, 1, 0),
    ]


def test_skills_are_set_as_a_whole_and_each_once(session):
    alex, sam = an_agent(session), an_agent(session, "Sam", Role.SUPERVISOR)
    set_skills(session, alex.id, sam, [("refund", "en", 2), ("*", "zh", 1)])
    with pytest.raises(commands.SkillTwice):
        set_skills(session, alex.id, sam, [("refund", "en", 2), ("refund", "en", 3)])
    set_skills(session, alex.id, sam, [("refund", "en", 3)])
    (mate,) = [one for one in queries.team(session) if one.person.id == alex.id]
    assert [(s.topic, s.language, s.level) for s in mate.skills] == [("refund", "en", 3)]
    with pytest.raises(queries.NoSuchOffer):
        queries.offer(session, uuid4())
