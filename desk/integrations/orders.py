"""An order's state, read while the customer waits.

Whatever changes an order goes through a robot; here is only looking.
"""

import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from desk.settings import settings

BUSY_SECONDS = 2.0
_ORDER = """
    SELECT o.number, c.email, o.status, o.placed_on, o.delivered_on, o.carrier, o.tracking_number,
           o.total_minor, o.currency, o.address,
           (SELECT 'RF-' || r.id FROM refunds r WHERE r.order_number = o.number)
    FROM orders o JOIN customers c ON c.id = o.customer_id
    WHERE o.number = ?
"""
_ITEMS = "SELECT quantity, title FROM order_lines WHERE order_number = ? ORDER BY position"


@dataclass(frozen=True)
class Order:
    """An order as it stands now. Dates are days where the company is; money is in minor units."""

    number: str
    email: str
    status: str  # placed, shipped, delivered, cancelled or refunded
    placed_on: date
    delivered_on: date | None
    carrier: str | None
    tracking_number: str | None
    total_minor: int
    currency: str
    items: tuple[str, ...]
    address: str
    refund_reference: str | None


class OrdersUnreachable(Exception):
    """The orders cannot be read just now; another try may go better."""


class Orders(Protocol):
    def find(self, number: str) -> Order | None:
        """The order with this number however the customer wrote it, or None.

        Raises:
            OrdersUnreachable: nobody can say.
        """


class BackOfficeOrders:
    """The sample company's orders, in the SQLite file of its back office, opened read-only."""

    def __init__(self, database: Path) -> None:
        self._address = f"{database.absolute().as_uri()}?mode=ro"

    def find(self, number: str) -> Order | None:
        try:
            with closing(self._connect()) as connection:
                return _order(connection, written_plainly(number))
        except sqlite3.Error as failed:
            raise OrdersUnreachable(str(failed)) from failed

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._address, uri=True, timeout=BUSY_SECONDS)


class FakeOrders:
    """A handful of orders in memory; `down` makes every look fail."""

    def __init__(self, known: Iterable[Order] = (), *, down: bool = False) -> None:
        self.known = {order.number: order for order in known}
        self.down = down

    def find(self, number: str) -> Order | None:
        if self.down:
            raise OrdersUnreachable("The fake is down.")
        return self.known.get(written_plainly(number))


def written_plainly(number: str) -> str:
    """`kd 4711`, `ＫＤ－４７１１` and `4711` all mean `KD-4711`."""
    plain = unicodedata.normalize("NFKC", number).strip().upper().lstrip("#")
    digits = plain.removeprefix("KD").lstrip("-–— ")
    return f"KD-{digits}" if digits.isdecimal() and digits.isascii() else plain


_stand_in: Orders | None = None


def orders() -> Orders:
    """Where this desk looks orders up, as DESK_ORDERS_DATABASE says.

    Raises:
        OrdersUnreachable: the desk was not told where they are.
    """
    if _stand_in is not None:
        return _stand_in
    database = settings().orders_database
    if database is None:
        raise OrdersUnreachable("DESK_ORDERS_DATABASE is not set.")
    return BackOfficeOrders(database)


@contextmanager
def answered_by(stand_in: Orders) -> Iterator[None]:
    """Let `orders()` be `stand_in` inside the block, in the whole process."""
    global _stand_in
    before, _stand_in = _stand_in, stand_in
    try:
        yield
    finally:
        _stand_in = before


def _order(connection: sqlite3.Connection, number: str) -> Order | None:
    row = connection.execute(_ORDER, (number,)).fetchone()
    if row is None:
        return None
    lines = connection.execute(_ITEMS, (number,)).fetchall()
    return Order(
        number=row[0],
        email=row[1],
        status=row[2],
        placed_on=date.fromisoformat(row[3]),
        delivered_on=date.fromisoformat(row[4]) if row[4] else None,
        carrier=row[5],
        tracking_number=row[6],
        total_minor=row[7],
        currency=row[8],
        address=row[9],
        refund_reference=row[10],
        items=tuple(f"{quantity} × {title}" for quantity, title in lines),
    )
