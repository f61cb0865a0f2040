"""Demo data of the systems beside the order system: carrier, directory, subscriptions, finance.

Made from the orders and customers that are there, so that it can also be given to a file of an
earlier release.
"""

import sqlite3
from datetime import date, timedelta
from pathlib import Path

from automation.backoffice.database import today

LATER = Path(__file__).with_name("later.sql")
LOCKED, CLOSED = {1, 2}, {6}  # customers; all others' accounts are open
PLANS = {1: "two_teas", 2: "one_tea", 3: "four_teas", 5: "ended", 7: "paused"}
DEPOTS = {"DHL": ("Stoke-on-Trent", "Birmingham", "Bristol"), "SF": ("上海", "杭州", "广州")}
# What went wrong in the ledger, by order: README.md beside `automation/` tells.
DOUBLED, MISSING, WRONG = "KD-4755", "KD-4760", "KD-4765"
WITHOUT_REFUND = ("RF-9999", "KD-4799", 4200)


def make_the_rest(connection: sqlite3.Connection) -> None:
    """Fill the tables of `later.sql` that are empty. Safe to repeat."""
    for table, fill in (
        ("accounts", _accounts),
        ("subscriptions", _subscriptions),
        ("parcels", _parcels),
        ("bookings", _bookings),
    ):
        if connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is None:
            fill(connection)


def _accounts(connection: sqlite3.Connection) -> None:
    for row in connection.execute("SELECT id, email FROM customers").fetchall():
        state = "locked" if row["id"] in LOCKED else "closed" if row["id"] in CLOSED else "open"
        account = (row["email"], row["id"], state)
        connection.execute("INSERT INTO accounts VALUES (?, ?, ?)", account)


def _subscriptions(connection: sqlite3.Connection) -> None:
    since = (today() - timedelta(days=40)).isoformat()
    for row in connection.execute("SELECT id FROM customers").fetchall():
        if row["id"] in PLANS:
            subscription = (row["id"], PLANS[row["id"]], since)
            connection.execute("INSERT INTO subscriptions VALUES (?, ?, ?)", subscription)


def _parcels(connection: sqlite3.Connection) -> None:
    sent = connection.execute("SELECT * FROM orders WHERE tracking_number IS NOT NULL").fetchall()
    for order in sent:
        shipped = date.fromisoformat(order["shipped_on"])
        expected = shipped + timedelta(days=4)
        parcel = (order["tracking_number"], order["carrier"], expected.isoformat())
        connection.execute("INSERT INTO parcels VALUES (?, ?, ?)", parcel)
        for scan in _scans(order, shipped):
            connection.execute("INSERT INTO scans VALUES (?, ?, ?, ?)", scan)


def _scans(order: sqlite3.Row, shipped: date) -> list[tuple[str, ...]]:
    depots = DEPOTS["SF" if order["carrier"].startswith("SF") else "DHL"]
    seen = [(shipped, "16:20", depots[0], "picked_up"), (shipped, "23:05", depots[1], "in_transit")]
    if order["delivered_on"]:
        arrived = date.fromisoformat(order["delivered_on"])
        seen += [
            (arrived, "08:10", depots[2], "out_for_delivery"),
            (arrived, "11:45", depots[2], "delivered"),
        ]
    number = order["tracking_number"]
    return [(number, f"{day} {clock}", place, state) for day, clock, place, state in seen]


def _bookings(connection: sqlite3.Connection) -> None:
    refunds = connection.execute(
        "SELECT r.*, o.currency FROM refunds r JOIN orders o ON o.number = r.order_number"
    ).fetchall()
    for refund in refunds:
        times = {DOUBLED: 2, MISSING: 0}.get(refund["order_number"], 1)
        amount = refund["amount_minor"] + (1000 if refund["order_number"] == WRONG else 0)
        number = f"RF-{refund['id']}"
        for _ in range(times):
            book(connection, number, refund["order_number"], amount, refund["currency"])
    number, order, amount = WITHOUT_REFUND
    book(connection, number, order, amount, "EUR")


def book(
    connection: sqlite3.Connection, number: str, order: str, amount_minor: int, currency: str
) -> None:
    """Write a refund into the finance department's ledger."""
    connection.execute(
        "INSERT INTO bookings (day, refund_number, order_number, amount_minor, currency)"
        " VALUES (?, ?, ?, ?, ?)",
        (today().isoformat(), number, order, amount_minor, currency),
    )
