"""What customers write of themselves stands in no log, also when things go wrong."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.journeys.customer import Customer
from tests.whole_desk import RunningDesk, a_running_desk, wait_until

pytestmark = pytest.mark.journey

PERSONAL = (
    "my name is Anna Kernbach, my card 4111 1111 1111 1111 was charged twice, "
    "call 020 7946 0958 or write to anna.kernbach@example.com"
)
CHINESE = "我叫沈佳琪，卡号6222021234567890128，电话13812345678，我要投诉"
NEEDLES = (
    *("Anna", "Kernbach", "kernbach@", "沈佳琪", "6222021234567890128", "13812345678"),
    # Four digits alone stand in many an id and a port.
    *("card 4111", "4111 1111", "41111111", "1111 1111", "020 7946", "7946 0958", "79460958"),
)
# Makes the database complain in the customer's own words: the path is no path.
COMPLAIN = (
    "CREATE TRIGGER {table}_fails BEFORE INSERT ON {table} "
    "BEGIN SELECT json_extract('{{}}', NEW.{words}); END"
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    folder = tmp_path_factory.mktemp("logs")
    with a_running_desk(
        folder, "mail", "backoffice", "actions", "bot", "desk", "worker"
    ) as running:
        yield running


def test_nothing_personal_reaches_a_log_even_with_the_databases_failing(desk: RunningDesk) -> None:
    customer = Customer(desk)
    customer.asks(PERSONAL)
    customer.asks("I want to complain: " + PERSONAL)
    Customer(desk).asks(CHINESE)

    trackers = Path(desk.settings["DESK_BOT_TRACKERS"])
    with failing(trackers, "trackers", "events"):
        assert customer.send(PERSONAL).status_code == 202
        wait_until(lambda: "JSON path error" in desk.log("bot"), 30, "an error of the bot")
    with failing(_desk_database(desk), "turns", "text"):
        assert customer.send(PERSONAL).status_code >= 500
        wait_until(lambda: "JSON path error" in desk.log("desk"), 30, "an error of the desk")
    desk.kill("actions")
    customer.send("I want to complain. " + CHINESE)
    wait_until(lambda: "left out" in desk.log("bot"), 30, "the bot missing the actions")

    for name in ("actions", "bot", "desk", "worker", "backoffice", "mail"):
        said = desk.log(name)
        assert not [needle for needle in NEEDLES if needle in said], name
    assert "[card]" in desk.log("desk")


@contextmanager
def failing(database: Path, table: str, words: str) -> Iterator[None]:
    """A table that cannot be written to for a while, and says why in the customer's words."""
    _execute(database, COMPLAIN.format(table=table, words=words))
    try:
        yield
    finally:
        _execute(database, f"DROP TRIGGER {table}_fails")


def _execute(database: Path, statement: str) -> None:
    with closing(sqlite3.connect(database, timeout=10)) as connection, connection:
        connection.execute(statement)


def _desk_database(desk: RunningDesk) -> Path:
    return Path(desk.settings["DESK_DATABASE_URL"].removeprefix("sqlite:///"))
