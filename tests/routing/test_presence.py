"""Coming and going on both databases: a wish, and signs of life."""

import pytest
from sqlalchemy import select

from desk.people.models import Role
from desk.routing import queries
from desk.routing.commands import (
    drop_unseen,
    leave,
    set_presence,
    show_up,
)
from desk.routing.models import Presence
from desk.settings import settings
from tests.builders import (
    an_agent,
)
from tests.routing.agents import rewind

pytestmark = pytest.mark.usefixtures("no_passwords")


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
