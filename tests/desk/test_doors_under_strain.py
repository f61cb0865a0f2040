"""Doors under strain: odd tokens, too many requests, too many streams, a bot that hangs."""

import base64
import hashlib
import hmac
import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime

import jwt
import pytest
from limits import RateLimitItemPerMinute
from pydantic import ValidationError

from desk.http.health import Readiness
from desk.integrations.bot import RasaBot
from desk.people.routes import TooMany, _limiter, limit
from desk.people.rules import IdentityRefused, identity_of
from desk.settings import Settings

KEY = "a secret between shop and desk, in tests"
NOW = int(datetime.now(UTC).timestamp())


def identity(**claims):
    told = {"sub": "customer-1", "aud": "kaidesk", "email": "mei@example.org", "name": "Mei"}
    return jwt.encode(told | {"iat": NOW, "exp": NOW + 3_300} | claims, KEY, "HS256")


def signed(header, payload):
    """A token with a right signature over whatever stands in it; PyJWT would not write these."""
    parts = [base64.urlsafe_b64encode(part.encode()).rstrip(b"=") for part in (header, payload)]
    seal = hmac.digest(KEY.encode(), b".".join(parts), hashlib.sha256)
    return b".".join([*parts, base64.urlsafe_b64encode(seal).rstrip(b"=")]).decode()


PLAIN = json.dumps({"alg": "HS256", "typ": "JWT"})


@pytest.mark.parametrize(
    "token",
    [
        identity(iat=str(NOW)),
        identity(exp=str(NOW + 3_300)),
        identity(iat=None),
        identity(exp=NOW + 3601),
        identity(name="a\x00b"),
        identity(name="x" * 201),
        identity(name=7),
        identity(email="a\x00@example.org"),
        identity(email="x" * 320 + "@example.org"),
        identity(email=" "),
        identity(sub="\x00"),
        identity(sub="x" * 201),
        identity(name="\ud800"),
        signed(PLAIN, '{"sub":"c","aud":"kaidesk","email":"a@b","name":"M","iat":1,"exp":1e999}'),
        signed("[" * 1_000, "{}"),
        signed(PLAIN, "[" * 1_000),
        "\ud800.a.b",
        "",
    ],
)
def test_a3_an_identity_that_nobody_can_have_is_refused(token):
    with pytest.raises(IdentityRefused):
        identity_of(token, KEY)


def test_a3_an_identity_without_a_name_is_one():
    assert identity_of(identity(name="", email=" Mei@Example.org "), KEY).email == "mei@example.org"


def test_who_is_too_fast_is_told_when_to_come_again(monkeypatch):
    item, at = RateLimitItemPerMinute(2), datetime.now(UTC).timestamp()
    monkeypatch.setattr("time.time", lambda: at)
    _limiter.storage.reset()
    limit(item, "somebody")
    monkeypatch.setattr("time.time", lambda: at + 40)
    limit(item, "somebody")
    waits = []
    for seconds in (45, 59.9):
        monkeypatch.setattr("time.time", lambda seconds=seconds: at + seconds)
        with pytest.raises(TooMany) as refused:
            limit(item, "somebody")
        waits.append(refused.value.retry_after_seconds)
    assert waits == [15, 1]


@pytest.mark.parametrize("seconds", ["0", "-1", "10.5", "nan"])
def test_the_bot_cannot_be_given_more_time_than_the_customer_was_promised(
    sqlite_database, monkeypatch, seconds
):
    monkeypatch.setenv("DESK_BOT_TIMEOUT_SECONDS", seconds)
    with pytest.raises(ValidationError, match="at most 10: customers are promised a word"):
        Settings()


def test_what_is_wrong_with_the_settings_is_said_without_any_secret(sqlite_database, monkeypatch):
    monkeypatch.setenv("DESK_PORT", "a secret in the wrong line")
    monkeypatch.delenv("DESK_BOT_SECRET")
    with pytest.raises(ValidationError) as wrong:
        Settings()
    assert "secret in" not in str(wrong.value)


def test_a_part_that_hangs_holds_up_one_who_asks_whether_the_desk_is_ready():
    hangs, looks = threading.Event(), []

    def look():
        looks.append(1)
        return len(looks) == 1 or hangs.wait(5)

    readiness = Readiness({"bot": look})
    with ThreadPoolExecutor(8) as probes:
        first = [probes.submit(readiness.found) for _ in range(8)]
        assert all(probe.result() == {"bot": True} for probe in first)
        readiness._stale_at = 0.0
        later = [probes.submit(readiness.found) for _ in range(8)]
        assert sum(not probe.done() for probe in wait(later, 0.5).not_done) == 1
        hangs.set()
    assert len(looks) == 2


@pytest.mark.alone
def test_a_bot_that_takes_the_call_and_says_nothing_is_not_ready():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        bot = RasaBot(f"http://127.0.0.1:{silent.getsockname()[1]}", "a secret", 6.0)
        assert not bot.is_ready()
    assert time.monotonic() - began < 4
