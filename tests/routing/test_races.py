"""Several routers and agents at once, on both databases."""

import threading

import pytest
from sqlalchemy import func, select

from desk.conversations.models import Conversation
from desk.durable import reading, transaction
from desk.escalations.commands import (
    WithAnotherAgent,
)
from desk.routing import queries
from desk.routing.commands import (
    OfferGone,
    accept_offer,
    close_offer,
    leave,
    offer,
    show_up,
    take,
)
from desk.routing.models import Agent, Presence, Standing
from desk.routing.workflows import (
    route_what_waits,
)
from tests.builders import (
    a_conversation_in_the_queue,
    an_agent,
)
from tests.routing.agents import an_agent_online, count_open, offered_to, run_out

pytestmark = pytest.mark.usefixtures("no_passwords")


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


def test_field_3_an_accept_a_taking_and_a_lapse_that_race_leave_one_agent_with_it(database):
    for _ in range(2):
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
