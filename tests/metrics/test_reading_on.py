"""Facts follow the log: in any batches, twice, from several processes, and anew from the start."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from desk import durable
from desk.durable import reading, transaction
from desk.metrics.commands import catch_up, read_on, rebuild
from desk.metrics.models import ConversationFacts, ReadingMark
from desk.metrics.queries import is_behind, judged
from desk.metrics.rules import GroupBy, Window, escalation, groups_of, resolution
from tests.metrics import oracle
from tests.metrics.histories import Teller, invented, write

ZONES = ("UTC", "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe")
ALL = Window(datetime(1990, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC), ZoneInfo("UTC"))


def every_fact(session: Session) -> dict:
    """All columns but the moment the row was made."""
    names = [c.key for c in ConversationFacts.__table__.columns if c.key != "created_at"]
    rows = session.scalars(select(ConversationFacts))
    return {facts.id: [getattr(facts, name) for name in names] for facts in rows}


def write_in_batches(history, chance: random.Random) -> None:
    """Write some, read some, and so on: what is read stops anywhere in a conversation."""
    rest = list(history)
    while rest:
        size = chance.randint(1, 12)
        transaction(write, rest[:size])
        rest = rest[size:]
        if chance.random() < 0.6:
            transaction(read_on, chance.randint(1, 9))
    while transaction(read_on, 7):
        pass


def without_zeros(figures) -> dict:
    told = dict(vars(figures))
    del told["provisional"]
    for split in ("kinds", "reasons"):
        told[split] = {str(name): n for name, n in told[split].items() if n}
    return told


def test_figures_are_those_of_the_plain_definition_whatever_happens(database):
    for seed in range(60):
        chance = random.Random(seed)
        era = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(days=200 * seed)
        history = invented(seed, era)
        write_in_batches(history, chance)
        everything = oracle.conversations(history)
        zone = chance.choice(ZONES)
        since = era + timedelta(days=chance.choice([-1, 0, 2]))
        window = Window(since, since + timedelta(days=chance.choice([3, 12])), ZoneInfo(zone))
        at = era + timedelta(days=chance.choice([6, 12, 40]))
        inside = [s for s in everything if window.since <= s.started_at < window.until]

        found = reading(judged, window, at)
        assert {one.facts.id: (one.outcome, one.left_out) for one in found} == {
            seen.events[0].conversation_id: (
                None if seen.left_out else seen.outcome(everything, at),
                seen.left_out,
            )
            for seen in inside
        }, seed
        assert vars(resolution(found)) == oracle.resolution(inside, everything, at), seed
        assert without_zeros(escalation(found)) == oracle.escalation(inside, at), seed
        for group_by in GroupBy:
            groups = groups_of(found, group_by, window)
            for key, part in groups.items():
                ours = [s for s in inside if oracle.key(s, group_by, zone) == key]
                assert vars(resolution(part)) == oracle.resolution(ours, everything, at), seed
            assert sum(resolution(part).engaged for part in groups.values()) == (
                resolution(found).engaged
            )


def test_reading_the_log_again_changes_nothing(database):
    write_in_batches(invented(4, datetime(2026, 3, 1, tzinfo=UTC)), random.Random(4))
    before = reading(every_fact)
    assert before
    catch_up()
    assert reading(every_fact) == before
    transaction(lambda session: session.execute(update(ReadingMark).values(tx=0, number=0)))
    catch_up()
    assert reading(every_fact) == before
    transaction(rebuild)
    assert reading(every_fact) == before
    assert not reading(is_behind)


def test_a_rebuild_forgets_what_the_log_does_not_tell(database):
    write_in_batches(invented(5, datetime(2026, 3, 1, tzinfo=UTC)), random.Random(5))
    before = reading(every_fact)
    spoilt = update(ConversationFacts).values(confirmed=True, bot_turns=99)
    transaction(lambda session: session.execute(spoilt))
    assert transaction(rebuild) == len(invented(5, datetime(2026, 3, 1, tzinfo=UTC)))
    assert reading(every_fact) == before


def test_processes_that_read_at_once_take_turns(database):
    history = [e for seed in range(5) for e in invented(seed, datetime(2026, 3, 1, tzinfo=UTC))]
    transaction(write, history)
    with ThreadPoolExecutor(6) as crowd:
        for done in [crowd.submit(transaction, read_on, 10) for _ in range(40)]:
            done.result()
        for done in [crowd.submit(catch_up) for _ in range(6)]:
            done.result()
    together = reading(every_fact)
    transaction(rebuild)
    assert reading(every_fact) == together
    assert len(together) == len(oracle.conversations(history))


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_an_event_that_commits_late_with_a_lower_number_is_not_passed_over(database):
    early = Teller(datetime(2026, 3, 1, tzinfo=UTC)).customer("refund").bot()
    prompt = Teller(datetime(2026, 3, 1, tzinfo=UTC)).customer("refund").bot()
    with Session(durable.engine()) as slow:
        write(slow, early.events)  # numbered, but not committed
        transaction(write, prompt.events)
        catch_up()
        assert set(reading(every_fact)) == set()
        slow.commit()
    catch_up()
    assert set(reading(every_fact)) == {early.id, prompt.id}


def test_a_window_holds_its_first_moment_and_not_its_last(database):
    since, until = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 8, tzinfo=UTC)
    moment = timedelta(microseconds=1)
    inside = [Teller(at).customer("refund").bot() for at in (since, until - moment)]
    outside = [Teller(at).customer("refund").bot() for at in (since - moment, until)]
    for told in inside + outside:
        transaction(write, told.events)
    catch_up()
    found = reading(judged, Window(since, until, ZoneInfo("UTC")), until)
    assert {one.facts.id for one in found} == {told.id for told in inside}


def test_a_day_is_one_of_the_accounts_zone(database):
    shanghai = ZoneInfo("Asia/Shanghai")
    late = Teller(datetime(2026, 3, 1, 15, 59, tzinfo=UTC)).customer("refund").bot()
    early = Teller(datetime(2026, 3, 1, 16, 0, tzinfo=UTC)).customer("refund").bot()
    for told in (late, early):
        transaction(write, told.events)
    catch_up()
    window = Window(
        datetime(2026, 3, 1, tzinfo=shanghai), datetime(2026, 3, 4, tzinfo=shanghai), shanghai
    )
    groups = groups_of(reading(judged, window, ALL.until), GroupBy.DAY, window)
    assert {day: [one.facts.id for one in part] for day, part in groups.items()} == {
        "2026-03-01": [late.id],
        "2026-03-02": [early.id],
        "2026-03-03": [],
    }


def test_a_day_with_25_hours_is_one_day():
    zone = ZoneInfo("America/New_York")
    window = Window(datetime(2026, 11, 1, tzinfo=zone), datetime(2026, 11, 2, tzinfo=zone), zone)
    assert window.until.astimezone(UTC) - window.since.astimezone(UTC) == timedelta(hours=25)
    assert window.days() == ["2026-11-01"]


def test_a_person_who_comes_back_after_the_window_still_counts_as_coming_back(database):
    reached = Teller(datetime(2026, 3, 1, tzinfo=UTC)).customer("refund").bot()
    reached.then("conversation.goal_reached", goal="refund")
    customer_id = reached.events[0].facts["customer_id"]
    again = Teller(datetime(2026, 3, 3, tzinfo=UTC), customer_id=customer_id).customer("refund")
    window = Window(reached.events[0].at, reached.at, ZoneInfo("UTC"))
    transaction(write, reached.events)
    catch_up()
    assert [one.outcome for one in reading(judged, window, ALL.until)] == ["assumed"]
    transaction(write, again.events)
    catch_up()
    assert [one.outcome for one in reading(judged, window, ALL.until)] == ["abandoned"]
