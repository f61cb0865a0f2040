"""Once, whatever happens: workers that look together, answers beside a look, a leaping clock."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from desk.conversations.commands import say
from desk.conversations.models import Author
from desk.durable import reading, transaction
from desk.escalations.commands import accept
from desk.people.models import Role
from desk.promises import queries
from desk.promises.commands import look, take_in
from desk.promises.models import What
from desk.promises.workflows import follow, keep_promises
from tests.builders import a_conversation_in_the_queue
from tests.promises.builders import a_policy, promised, somebody, told

FIRST = What.FIRST_REPLY


@pytest.fixture
def handed_off(database, wall):
    sam = transaction(somebody, "Sam", Role.SUPERVISOR)
    transaction(a_policy, sam)
    return [transaction(a_conversation_in_the_queue) for _ in range(6)]


def told_of(conversations):
    return [reading(told, spoken.id, FIRST) for spoken in conversations]


def test_workers_that_look_at_once_neither_lose_nor_double_a_thing(handed_off, wall):
    with ThreadPoolExecutor(4) as workers:
        for minutes in (0, 23, 8, 15):
            wall.passes(minutes=minutes)
            for done in [workers.submit(keep_promises) for _ in range(4)]:
                done.result()
    whole = ["made", "warned", "broken", "escalated", "escalated"]
    assert told_of(handed_off) == [whole] * len(handed_off)


def test_an_answer_beside_a_look_is_either_in_time_or_too_late_and_never_both(handed_off, wall):
    keep_promises()
    wall.passes(minutes=30, seconds=1)
    alex = transaction(somebody)

    def answer(spoken):
        say_it = {"author": Author.AGENT, "agent_id": alex.id}
        transaction(accept, spoken.id, alex)
        transaction(say, spoken.id, "Hello", **say_it)

    with ThreadPoolExecutor(4) as workers:
        doing = [workers.submit(answer, spoken) for spoken in handed_off]
        doing += [workers.submit(keep_promises) for _ in range(3)]
        for done in doing:
            done.result()
    keep_promises()
    for story in told_of(handed_off):
        assert story.count("broken") == story.count("met") == 1
        assert "escalated" not in story[story.index("met") :]


def test_whoever_dies_between_reading_and_marking_is_repeated_without_harm(handed_off, wall):
    for spoken in handed_off:
        transaction(take_in, spoken.id)  # and no mark was made
    for _ in range(2):
        follow()
    assert told_of(handed_off) == [["made"]] * len(handed_off)


@pytest.mark.fault("F15")
def test_a_wall_clock_that_leaps_loses_and_doubles_nothing(handed_off, wall):
    keep_promises()
    wall.passes(hours=1)  # forwards: told at once
    keep_promises()
    wall.passes(hours=-2)  # and back, before it all began
    keep_promises()
    alex = transaction(somebody)
    for spoken in handed_off[:3]:
        transaction(accept, spoken.id, alex)
        transaction(say, spoken.id, "Hello", author=Author.AGENT, agent_id=alex.id)
    keep_promises()
    wall.passes(hours=5)
    keep_promises()
    whole = ["made", "warned", "broken", "escalated", "escalated"]
    assert told_of(handed_off) == [[*whole, "met"]] * 3 + [whole] * 3
    spent = [reading(promised, spoken, FIRST).used_microseconds for spoken in handed_off]
    assert min(spent) >= 0


@pytest.mark.fault("F15")
def test_a_wall_clock_set_back_makes_late_and_never_lost(handed_off, wall):
    keep_promises()
    wall.passes(hours=-1)
    keep_promises()
    assert told_of(handed_off) == [["made"]] * len(handed_off)
    wall.passes(hours=2)
    keep_promises()
    assert all(story[1:3] == ["warned", "broken"] for story in told_of(handed_off))


def test_a_look_at_what_somebody_else_has_told_of_tells_nothing(handed_off, wall):
    keep_promises()
    wall.passes(minutes=31)
    seen = reading(queries.due)
    for _ in range(2):
        for promise_id in seen:  # a second worker that had read the same list
            transaction(look, promise_id)
    assert told_of(handed_off) == [["made", "warned", "broken", "escalated"]] * len(handed_off)
