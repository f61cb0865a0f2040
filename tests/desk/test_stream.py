"""F17, F13: what a screen shows is the state plus the events after it, however often it is cut."""

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from uuid import uuid4

import httpx
from limits import RateLimitItemPerMinute

from desk.durable import transaction
from desk.errors import NotFound
from desk.http import customers, stream
from desk.people.commands import set_password
from tests.builders import PASSWORD, a_conversation, an_agent, says
from tests.whole_desk import wait_until


class Browser:
    """One customer's tab: state first, then events upserted into it."""

    def __init__(self, server):
        self.http = httpx.Client(base_url=server, timeout=10, trust_env=False)
        token = self.http.post("/sessions", json={"website_token": "test-site"}).json()["token"]
        self.http.headers["Authorization"] = f"Bearer {token}"
        begun = self.http.post("/conversations", json={"client_id": str(uuid4())}).json()
        self.address = f"/conversations/{begun['id']}"
        self.place, self.turns = begun["position"], {}

    def send(self, text):
        body = {"client_id": str(uuid4()), "text": text}
        while (answer := self.http.post(f"{self.address}/turns", json=body)).status_code == 429:
            time.sleep(0.2)
        assert answer.status_code == 202

    def is_let_in(self):
        with self.http.stream("GET", f"{self.address}/stream") as stream:
            return stream.status_code == 200

    def state(self):
        return {t["id"]: t for t in self.http.get(self.address).json()["turns"]}

    def read(self, until, frames=None):
        with self.http.stream(
            "GET", f"{self.address}/stream", headers={"Last-Event-ID": self.place}
        ) as stream:
            for frame in events(stream.iter_lines()):
                self.place = frame["position"]
                if "turn" in frame:
                    self.turns[frame["turn"]["id"]] = frame["turn"]
                if until():
                    return


def events(lines: Iterator[str]) -> Iterator[dict]:
    for line in lines:
        if line.startswith("data:"):
            yield json.loads(line[5:])


@contextmanager
def staff_stream(server):
    person = transaction(an_agent)
    with httpx.Client(base_url=server, timeout=10, trust_env=False) as http:
        http.post("/sign-in", json={"email": person.email, "password": PASSWORD})
        place = http.get("/desk/queue").json()["position"]
        with http.stream("GET", "/desk/stream", headers={"Last-Event-ID": place}) as stream:
            yield events(stream.iter_lines())


def test_f17_a_stream_cut_after_every_event_resumes_without_gap_or_double(server):
    tab = Browser(server)
    for number in range(6):
        tab.send(f"message {number}")
    wait_until(lambda: len(tab.state()) == 12, 20)
    while len(tab.turns) < 12:
        seen = len(tab.turns)
        tab.read(lambda seen=seen: len(tab.turns) > seen)
    assert tab.turns == tab.state()
    assert sorted(t["sequence"] for t in tab.turns.values()) == list(range(1, 13))


def test_f17_state_plus_events_is_the_new_state_while_messages_arrive(server):
    tab = Browser(server)
    with ThreadPoolExecutor() as others:
        reading = others.submit(tab.read, lambda: len(tab.turns) == 16)
        for number in range(8):
            tab.send(f"message {number}")
        reading.result(timeout=30)
    assert tab.turns == tab.state()


def test_f13_twenty_deliveries_at_once_are_one_message(server):
    tab = Browser(server)
    body = {"client_id": str(uuid4()), "text": "only once"}

    def deliver(_):
        answer = tab.http.post(f"{tab.address}/turns", json=body)
        return answer.status_code, answer.json().get("id")

    with ThreadPoolExecutor(20) as senders:
        answers = set(senders.map(deliver, range(20)))
    assert len({turn for status, turn in answers if status == 202}) == 1
    assert {status for status, _ in answers} <= {202, 429}
    wait_until(lambda: len(tab.state()) == 2, 10)


def test_the_console_hears_of_everybody_with_what_the_bot_understood(server):
    with staff_stream(server) as frames:
        spoken = transaction(a_conversation)
        transaction(says, spoken, "where is my order")
        first, second = next(frames), next(frames)
    assert (first["kind"], second["kind"]) == ("conversation.created", "turn.created")
    assert second["conversation"]["last_turn"]["text"] == "where is my order"
    assert "intent" in second["turn"]


def test_a17_a_customer_hears_nothing_that_is_for_the_staff(server):
    tab = Browser(server)
    tab.send("hello")
    wait_until(lambda: len(tab.state()) == 2, 10)
    kinds = []
    with tab.http.stream("GET", f"{tab.address}/stream", headers={"Last-Event-ID": "0.0"}) as s:
        for frame in events(s.iter_lines()):
            kinds.append(frame["kind"])
            assert "intent" not in frame.get("turn", {})
            if len(kinds) == 3:
                break
    assert kinds == ["conversation.created", "turn.created", "turn.created"]


def test_typing_is_shown_and_is_not_an_event(server):
    tab = Browser(server)
    with staff_stream(server) as frames:
        tab.http.post(f"{tab.address}/typing")
        assert next(frames)["author"] == "customer"
    assert tab.state() == {}


def test_m1_a_reader_that_joins_while_the_log_is_read_misses_nothing(server, monkeypatch):
    tab = Browser(server)
    reads, is_reading, may_read = stream._views_after, threading.Event(), threading.Event()

    def waits(session, place, wanted):
        is_reading.set()  # `wanted` is fixed: whoever joins from here on is not in it
        may_read.wait(20)
        return reads(session, place, wanted)

    monkeypatch.setattr(stream, "_views_after", waits)
    assert is_reading.wait(20)
    with ThreadPoolExecutor() as others:
        reading = others.submit(tab.read, lambda: len(tab.turns) == 2)
        time.sleep(0.5)  # long enough to join and catch up
        tab.send("hello")
        wait_until(lambda: len(tab.state()) == 2, 20)
        may_read.set()
        reading.result(timeout=30)
    assert tab.turns == tab.state()


def test_a9_a_changed_password_ends_what_was_open(server, monkeypatch):
    monkeypatch.setattr(stream, "WELCOME_SECONDS", 0.2)
    person = transaction(an_agent)
    with httpx.Client(base_url=server, timeout=10, trust_env=False) as http:
        http.post("/sign-in", json={"email": person.email, "password": PASSWORD})
        with http.stream("GET", "/desk/stream") as open_stream:
            transaction(set_password, person.id, "another password")
            assert list(events(open_stream.iter_lines())) is not None  # it ends by itself


def test_one_event_that_cannot_be_shown_hides_no_other(server, monkeypatch):
    tab = Browser(server)
    shows = stream.event_view

    def breaks_once(session, event, for_staff):
        if event.facts.get("sequence") == 1:
            raise NotFound("the row is gone")
        return shows(session, event, for_staff=for_staff)

    monkeypatch.setattr(stream, "event_view", breaks_once)
    tab.send("hello")
    tab.read(lambda: len(tab.turns) == 1)
    assert [turn["sequence"] for turn in tab.turns.values()] == [2]


def test_b20_a_seventh_tab_is_refused_until_another_is_closed(server):
    tab = Browser(server)
    address = f"{tab.address}/stream"
    with ExitStack() as tabs:
        for _ in range(6):
            opened = tabs.enter_context(tab.http.stream("GET", address))
            assert opened.status_code == 200
        refused = tab.http.get(address)
        assert (refused.status_code, refused.json()["code"]) == (429, "TooMany")
        assert refused.headers["Retry-After"] == "15"
        assert Browser(server).is_let_in()
    wait_until(tab.is_let_in, 10)


def test_b20_a_customer_who_looks_again_and_again_is_asked_to_wait(server, monkeypatch):
    monkeypatch.setattr(customers, "LOOKS_PER_CUSTOMER", RateLimitItemPerMinute(3))
    monkeypatch.setattr(customers, "OPENINGS_PER_CUSTOMER", RateLimitItemPerMinute(2))
    tab = Browser(server)
    looks = [tab.http.get(tab.address).status_code for _ in range(4)]
    assert looks == [200, 200, 200, 429]
    assert [tab.is_let_in() for _ in range(3)] == [True, True, False]
