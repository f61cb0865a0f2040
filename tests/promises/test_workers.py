"""Workers of their own, one of them killed: what falls due is told once."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest

from desk import clock
from desk.durable import reading, transaction
from desk.people.models import Role
from desk.promises.models import What
from tests.builders import a_conversation_in_the_queue
from tests.conftest import ROOT
from tests.promises.builders import a_policy, somebody, told
from tests.whole_desk import wait_until

WORKER = """
import time
from desk.promises.workflows import keep_promises
print("looking", flush=True)
while True:
    keep_promises()
    time.sleep(0.05)
"""
WHOLE = ["made", "warned", "broken", "escalated", "escalated"]


def a_worker() -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WORKER]
    return subprocess.Popen(command, cwd=ROOT, env=os.environ, stdout=subprocess.PIPE, text=True)


def promised_since_yesterday(session, sam) -> None:
    a_policy(session, sam, first_reply_seconds=600).created_at -= timedelta(days=1)


@pytest.mark.fault("F15")
def test_three_workers_of_which_one_is_killed_tell_of_everything_once(database, monkeypatch):
    transaction(promised_since_yesterday, transaction(somebody, "Sam", Role.SUPERVISOR))
    workers = [a_worker() for _ in range(3)]
    try:
        assert [worker.stdout.readline() for worker in workers] == ["looking\n"] * 3
        spoken = []
        for late in (20, 620, 920) * 8:  # before anything, after the breach, after the whole chain
            with monkeypatch.context() as earlier:
                then = clock.now() - timedelta(seconds=late)
                earlier.setattr(clock, "now", lambda at=then: at)
                spoken.append(transaction(a_conversation_in_the_queue))
            if len(spoken) == 12:
                workers[0].send_signal(signal.SIGKILL)
        wait_until(lambda: stories(spoken[2::3]) == [WHOLE] * 8, 30)
        wait_until(lambda: stories(spoken[1::3]) == [WHOLE[:4]] * 8, 10)
        assert stories(spoken[::3]) == [["made"]] * 8
    finally:
        for worker in workers:
            worker.kill()
            worker.communicate()


def stories(conversations) -> list[list[str]]:
    return [reading(told, one.id, What.FIRST_REPLY) for one in conversations]
