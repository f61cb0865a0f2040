"""What staff look up."""

import sqlite3

ORDER = """
    SELECT o.*, c.name AS customer_name, c.email FROM orders o
    JOIN customers c ON c.id = o.customer_id
"""
LONGEST_LIST = 100


def order(connection: sqlite3.Connection, number: str) -> sqlite3.Row | None:
    found = connection.execute(f"{ORDER} WHERE o.number = ?", (number.strip().upper(),))
    row: sqlite3.Row | None = found.fetchone()
    return row


def orders(connection: sqlite3.Connection, words: str, status: str) -> list[sqlite3.Row]:
    """Newest first, by number, name, e-mail or tracking number; at most a hundred."""
    like = f"%{words.strip()}%"
    return connection.execute(
        f"{ORDER} WHERE (o.number LIKE ?1 OR c.name LIKE ?1 OR c.email LIKE ?1"
        " OR o.tracking_number LIKE ?1) AND (?2 = '' OR o.status = ?2)"
        " ORDER BY o.placed_on DESC, o.number DESC LIMIT ?3",
        (like, status, LONGEST_LIST),
    ).fetchall()


def lines(connection: sqlite3.Connection, number: str) -> list[sqlite3.Row]:
    return connection.execute(
        "SELECT * FROM order_lines WHERE order_number = ? ORDER BY position", (number,)
    ).fetchall()


def refund(connection: sqlite3.Connection, number: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = connection.execute(
        "SELECT * FROM refunds WHERE order_number = ?", (number,)
    ).fetchone()
    return row


def journal(connection: sqlite3.Connection, number: str) -> list[sqlite3.Row]:
    return connection.execute(
        "SELECT * FROM journal WHERE order_number = ? ORDER BY id DESC", (number,)
    ).fetchall()


def customer(connection: sqlite3.Connection, customer_id: int) -> sqlite3.Row | None:
    row: sqlite3.Row | None = connection.execute(
        "SELECT * FROM customers WHERE id = ?", (customer_id,)
    ).fetchone()
    return row


def subscription(connection: sqlite3.Connection, customer_id: int) -> sqlite3.Row | None:
    row: sqlite3.Row | None = connection.execute(
        "SELECT * FROM subscriptions WHERE customer_id = ?", (customer_id,)
    ).fetchone()
    return row


def customers(connection: sqlite3.Connection, words: str) -> list[sqlite3.Row]:
    return connection.execute(
        "SELECT c.*, (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) AS orders"
        " FROM customers c WHERE c.name LIKE ?1 OR c.email LIKE ?1 ORDER BY c.id LIMIT ?2",
        (f"%{words.strip()}%", LONGEST_LIST),
    ).fetchall()


def customer_journal(connection: sqlite3.Connection, customer_id: int) -> list[sqlite3.Row]:
    return connection.execute(
        "SELECT * FROM journal WHERE customer_id = ? AND order_number IS NULL ORDER BY id DESC",
        (customer_id,),
    ).fetchall()


def invoices_sent(connection: sqlite3.Connection) -> list[sqlite3.Row]:
    return connection.execute(
        "SELECT * FROM journal WHERE kind = 'INVOICE' ORDER BY id DESC LIMIT ?", (LONGEST_LIST,)
    ).fetchall()
