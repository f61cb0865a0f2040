"""Who is before whom, how long it takes, and what is needed."""

from datetime import timedelta
from uuid import uuid4

import pytest

from desk.durable import reading, transaction
from desk.escalations.commands import (
    NobodyWaits,
    escalate,
    set_priority,
)
from desk.escalations.models import Kind, Priority, Reason
from desk.escalations.queries import open_escalation, queue_position
from desk.http.views import conversation_view
from desk.people.models import Role
from desk.routing import commands, queries
from desk.routing.commands import (
    accept_offer,
    offer,
    set_presence,
    set_skills,
    take,
)
from desk.routing.models import Presence
from desk.routing.workflows import (
    route_what_waits,
)
from tests.builders import (
    a_conversation,
    a_conversation_in_the_queue,
    an_agent,
    happened,
)
from tests.routing.agents import an_agent_online

pytestmark = pytest.mark.usefixtures("no_passwords")


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


def test_field_11_where_nobody_is_there_a_customer_keeps_a_place_and_is_promised_no_time(session):
    spoken = a_conversation_in_the_queue(session)
    told = conversation_view(session, spoken.id)
    assert (told.queue_position, told.expected_wait_seconds) == (1, None)


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
