"""F4, F6, F18: whichever way a worker goes, its jobs are seen through by the next one, once."""

import signal
import time

import psutil
import pytest

from desk.jobs.models import Ending, JobStatus
from tests.jobs.conftest import Shop, until

PLACES = ("after open_attempt 1", "after run 1", "before settle 1")  # all of them: tests/soak
TAKEOVER_SECONDS = 15


def is_dead(worker: psutil.Process) -> bool:
    return not worker.is_running()


@pytest.mark.fault("F4")
def test_f4_a_worker_killed_anywhere_loses_no_job_and_does_none_twice(shop: Shop) -> None:
    killed_at_every_one_of(PLACES, shop)


def killed_at_every_one_of(places: tuple[str, ...], shop: Shop) -> None:
    """One worker after the other dies at its place, with all that the earlier ones left; the
    last one lives, and finds everything done once."""
    jobs = {}
    for number, place in enumerate(places):
        dying = shop.worker(f"dying-{number}", KILL_AT=place, GRACE="1", COLD="1")
        jobs[place] = shop.ask(rests="acted", seconds=0.5)
        assert until(lambda dying=dying: is_dead(dying), 40), (place, shop.words())
    shop.worker("living", GRACE="1", COLD="1")
    for place, job_id in jobs.items():
        assert shop.settled(job_id).status is JobStatus.DONE, place
        assert (shop.effects(job_id), shop.told(job_id)) == (1, 1), place


@pytest.mark.fault("F4")
def test_f4_a_dead_workers_job_is_taken_over_within_15_seconds(postgres_shop: Shop) -> None:
    """On PostgreSQL, where a lost lock may be a lost connection, and time must be given."""
    shop = postgres_shop
    victim = shop.worker("victim")
    job_id = shop.ask("single", rests="looked", seconds=60)
    assert until(lambda: shop.attempts(job_id), 30), shop.words()
    shop.worker("living")
    assert until(lambda: "living (" in shop.words(), 30), shop.words()
    victim.kill()
    began = time.monotonic()
    assert until(lambda: len(shop.attempts(job_id)) == 2, TAKEOVER_SECONDS), shop.words()
    assert time.monotonic() - began < TAKEOVER_SECONDS
    first, second = shop.attempts(job_id)
    assert (first.ending, first.code) == (Ending.LOST, "WORKER_LOST")
    assert second.worker != first.worker


@pytest.mark.fault("F4")
def test_f4_an_answer_that_a_dead_worker_did_not_read_is_not_asked_for_again(
    sqlite_shop: Shop,
) -> None:
    """Also where nobody can look up whether it was done: the robot had said so."""
    shop = sqlite_shop
    dying = shop.worker("dying", KILL_AT="after run 1")
    job_id = shop.ask("blind")
    assert until(lambda: is_dead(dying), 30), shop.words()
    shop.worker("living")
    assert shop.settled(job_id).status is JobStatus.DONE
    assert (shop.effects(job_id), len(shop.attempts(job_id))) == (1, 1)


@pytest.mark.fault("F4")
def test_f4_an_outcome_that_nobody_can_look_up_goes_to_a_person_and_is_not_tried_again(
    sqlite_shop: Shop,
) -> None:
    shop = sqlite_shop
    dying = shop.worker("dying")
    lost, broke = shop.ask("blind", rests="acted", seconds=60), shop.ask("blind", breaks=1)
    assert shop.settled(broke).status is JobStatus.NEEDS_REVIEW
    assert until(lambda: shop.effects(lost) == 1, 30), shop.words()
    dying.kill()
    shop.worker("living")
    assert shop.settled(lost).code == "UNKNOWN_OUTCOME"
    for job_id in (lost, broke):
        assert (shop.effects(job_id), shop.told(job_id)) == (1, 1)
        assert len(shop.attempts(job_id)) == 1


@pytest.mark.fault("F6")
def test_f6_a_worker_that_was_frozen_does_no_later_step_twice(postgres_shop: Shop) -> None:
    """Frozen for longer than its robots' leash, so they end and are counted; nobody takes its
    jobs over while it holds its slot, and it sees them through once it thaws."""
    shop = postgres_shop
    frozen = shop.worker("frozen")
    job_id = shop.ask(rests="acted", seconds=3)
    assert until(lambda: shop.job(job_id).last_step == "acted", 30), shop.words()
    frozen.send_signal(signal.SIGSTOP)
    shop.worker("other")
    time.sleep(9)
    assert len(shop.attempts(job_id)) == 1
    frozen.send_signal(signal.SIGCONT)
    assert shop.settled(job_id).status is JobStatus.DONE
    assert (shop.effects(job_id), shop.told(job_id)) == (1, 1)


@pytest.mark.fault("F19")
def test_f19_a_job_that_kills_its_workers_is_given_up_and_the_others_go_on(
    sqlite_shop: Shop,
) -> None:
    shop = sqlite_shop
    poison = shop.ask("single", rests="looked", seconds=60)
    for number in range(2):
        victim = shop.worker(f"victim-{number}", COLD="1")
        assert until(
            lambda number=number: (
                len(shop.attempts(poison)) == number + 1
                and shop.attempts(poison)[-1].ending is None
            ),
            40,
        ), shop.words()
        victim.kill()
    shop.worker("living", COLD="1")
    healthy = shop.ask()
    assert shop.settled(healthy).status is JobStatus.DONE
    assert shop.settled(poison).status is JobStatus.GAVE_UP
    assert [run.ending for run in shop.attempts(poison)] == [Ending.LOST] * 2
    assert shop.told(poison) == 1


@pytest.mark.fault("L8")
def test_l8_two_workers_share_the_jobs_and_run_none_twice(shop: Shop) -> None:
    for name in ("one", "two"):
        shop.worker(name)
    assert until(lambda: shop.words().count("is ready") == 2, 30), shop.words()
    # They end at different moments, so that not the same worker is always the next to look.
    jobs = [shop.ask(rests="acted", seconds=number % 8 / 10) for number in range(24)]
    for job_id in jobs:
        assert shop.settled(job_id, 90).status is JobStatus.DONE
        assert (shop.effects(job_id), shop.told(job_id)) == (1, 1)
        assert len(shop.attempts(job_id)) == 1
    assert {shop.attempts(job_id)[0].worker for job_id in jobs} == {"one", "two"}
