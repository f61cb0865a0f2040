"""The demo orders: made relative to today, so that every case is always there to see.

README.md beside `automation/` tells which order shows what.
"""

import os
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from automation.backoffice import ledger, records, settings
from automation.backoffice.database import SCHEMA, connect, today
from automation.backoffice.more_seed import LATER, make_the_rest
from automation.backoffice.passwords import password_digest

EMILY, NA = 1, 2  # the two customers the demo shop signs in
CUSTOMERS = (
    (EMILY, "emily.hart@example.com", "Emily Hart", "en", "7 Orchard Lane\nBath BA1 2QT\nUK"),
    (NA, "li.na@example.com", "李娜", "zh", "上海市徐汇区衡山路 12 号 3 楼\n200031"),
    (3, "james.oconnor@example.com", "James O’Connor", "en", "22 Quay Street\nGalway\nIreland"),
    (4, "wang.wei@example.com", "王伟", "zh", "北京市朝阳区建国路 88 号\n100022"),
    (5, "sofia.rossi@example.com", "Sofia Rossi", "en", "Via Garibaldi 5\n40124 Bologna\nItaly"),
    (6, "chen.xiaoming@example.com", "陈晓明", "zh", "广州市天河区体育西路 103 号\n510620"),
    (7, "amelia.clarke@example.com", "Amelia Clarke", "en", "3 Rose Terrace\nEdinburgh\nUK"),
    (8, "tom.becker@example.com", "Tom Becker", "en", "Lindenallee 14\n20259 Hamburg\nGermany"),
)
PRODUCTS = {
    "TP-101": ("Celadon Teapot 600 ml", 8900),
    "TP-102": ("Cast-Iron Teapot 900 ml", 12900),
    "TP-103": ("Yixing Clay Teapot 宜兴紫砂壶", 15900),
    "CU-201": ("Porcelain Cup, pair", 3200),
    "CU-202": ("Double-Walled Glass Cup", 1800),
    "TE-301": ("Longjing Green Tea 100 g 龙井茶", 2450),
    "TE-302": ("Lapsang Souchong 100 g", 1950),
    "AC-401": ("Bamboo Tea Tray", 5400),
}


@dataclass(frozen=True)
class Demo:
    """An order as the demo needs it; `days` since it was placed, shipped or delivered."""

    digits: int
    customer: int
    status: str
    days: int
    basket: tuple[str, ...]


def _set_of(first: int, customer: int) -> tuple[Demo, ...]:
    """Every case once, for a customer who can sign in on the shop."""
    return (
        Demo(first, customer, "delivered", 5, ("TP-101",)),
        Demo(first + 1, customer, "refunded", 12, ("CU-201", "TE-301")),
        Demo(first + 2, customer, "delivered", 45, ("TP-102",)),
        Demo(first + 3, customer, "placed", 1, ("TP-103", "CU-201")),
        Demo(first + 4, customer, "shipped", 2, ("AC-401",)),
        Demo(first + 5, customer, "cancelled", 8, ("CU-202",)),
        Demo(first + 6, customer, "delivered", 20, ("TE-301", "TE-302")),
        Demo(first + 7, customer, "delivered", 3, ("CU-202", "CU-202", "TE-302")),
        Demo(first + 8, customer, "placed", 0, ("TP-101", "AC-401")),
    )


def _scattered() -> tuple[Demo, ...]:
    """What the other customers ordered: daily business around the cases."""
    states = (("delivered", 9), ("placed", 1), ("shipped", 3), ("delivered", 60), ("refunded", 15))
    baskets = tuple(PRODUCTS)
    return tuple(
        Demo(4751 + n, 3 + n % 6, *states[n % 5], (baskets[n % 8], baskets[(n * 3 + 1) % 8]))
        for n in range(18)
    )


ORDERS = (*_set_of(4711, EMILY), *_set_of(4731, NA), *_scattered())


def seed(path: Path) -> None:
    """Make the file anew, whatever stood there but the staff. It appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.new")
    unfinished.unlink(missing_ok=True)
    with closing(connect(unfinished)) as connection, connection:
        connection.executescript(SCHEMA.read_text() + LATER.read_text())
        connection.execute("BEGIN")
        for customer, email, name, language, _ in CUSTOMERS:
            connection.execute(
                "INSERT INTO customers (id, email, name, language) VALUES (?, ?, ?, ?)",
                (customer, email, name, language),
            )
        for order in ORDERS:
            _insert(connection, order)
        connection.execute("DELETE FROM bookings")  # the demo's ledger has mistakes in it
        make_the_rest(connection)
        connection.executemany("INSERT INTO staff VALUES (?, ?, ?)", _staff(path))
    unfinished.replace(path)


def _staff(path: Path) -> list[tuple[str, ...]]:
    """Who could sign in so far: making the orders anew must not lock the robots out."""
    if not path.exists():
        return []
    with closing(sqlite3.connect(path)) as before, suppress(sqlite3.Error):
        return before.execute("SELECT login, name, password_digest FROM staff").fetchall()
    return []


def bring_up_to_date(path: Path) -> None:
    """Give a file that an earlier release made what it lacks. What stands in it stays."""
    with closing(connect(path)) as connection, connection:
        connection.executescript(LATER.read_text())
        connection.execute("BEGIN")
        make_the_rest(connection)


def admit_staff(path: Path) -> None:
    """Let the login `robot` in with today's BACKOFFICE_PASSWORD, or nobody."""
    password = settings.staff_password()
    with closing(connect(path)) as connection, connection:
        connection.execute("DELETE FROM staff")
        if password:
            connection.execute(
                "INSERT INTO staff VALUES ('robot', 'Desk robot', ?)", (password_digest(password),)
            )


def _insert(connection: sqlite3.Connection, demo: Demo) -> None:
    """Write the order down; a refunded or cancelled one goes through the ledger like any other."""
    number = f"KD-{demo.digits}"
    standing = {"refunded": "delivered", "cancelled": "placed"}.get(demo.status, demo.status)
    address = CUSTOMERS[demo.customer - 1][4]
    total = sum(PRODUCTS[sku][1] for sku in demo.basket)
    connection.execute(
        "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (number, demo.customer, standing, *_days(demo, standing), total, "EUR", address),
    )
    for position, sku in enumerate(dict.fromkeys(demo.basket), 1):
        title, unit_minor = PRODUCTS[sku]
        line = (number, position, sku, title, demo.basket.count(sku), unit_minor)
        connection.execute("INSERT INTO order_lines VALUES (?, ?, ?, ?, ?, ?)", line)
    row = records.order(connection, number)
    if row is not None and demo.status == "refunded":
        ledger.file_refund(connection, row, ledger.Filing("mara", "", "Asked by telephone"))
    if row is not None and demo.status == "cancelled":
        ledger.cancel(connection, row, ledger.Filing("mara", "", "Asked by telephone"))


def _days(demo: Demo, standing: str) -> tuple[str | None, ...]:
    """Placed, shipped and delivered on which day, by whom, under which tracking number."""
    last = today() - timedelta(days=demo.days)
    if standing == "placed":
        return (last.isoformat(), None, None, None, None)
    chinese = CUSTOMERS[demo.customer - 1][3] == "zh"
    carrier = "SF Express 顺丰" if chinese else "DHL"
    tracking = f"SF{demo.digits * 271_828:012d}" if chinese else f"JJD{demo.digits * 314_159:012d}"
    if standing == "shipped":
        placed = (last - timedelta(days=2)).isoformat()
        return (placed, last.isoformat(), None, carrier, tracking)
    days_of_all = (last - timedelta(days=5), last - timedelta(days=3), last)
    return (*(day.isoformat() for day in days_of_all), carrier, tracking)
