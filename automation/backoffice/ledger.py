"""What staff may do to an order, by the back office's own rules."""

import sqlite3
from dataclasses import dataclass, replace
from datetime import date, timedelta

from automation.backoffice.database import this_minute, today
from automation.backoffice.more_seed import book

RETURN_DAYS = 30
SHORTEST_ADDRESS = 10  # characters; Chinese says the same in fewer
SHORTEST_CHINESE_ADDRESS = 6
PREFIXES = {
    "CANCELLATION": "CN",
    "ADDRESS": "AC",
    "INVOICE": "IN",
    "RESET": "RL",
    "NOTE": "NT",
    "SUBSCRIPTION": "SB",
}
PLANS = ("one_tea", "two_teas", "four_teas", "paused", "ended")


class Refused(Exception):
    """The rules say no. `number` is what the red box on the page shows, as it always has."""

    def __init__(self, number: str, text: str) -> None:
        super().__init__(text)
        self.number = number


@dataclass(frozen=True)
class Filing:
    """Who writes something down, under which reference of their own, and in what words."""

    who: str
    reference: str
    text: str


def refusal_of_refund(order: sqlite3.Row) -> Refused | None:
    if order["status"] == "cancelled":
        return Refused("E101", "Order is cancelled.")
    if order["status"] == "refunded":
        return Refused("E102", "Order has already been refunded.")
    if order["delivered_on"] is None:
        return Refused("E103", "Order has not been delivered yet.")
    if today() > date.fromisoformat(order["delivered_on"]) + timedelta(days=RETURN_DAYS):
        return Refused("E104", f"Return period of {RETURN_DAYS} days is over.")
    return None


def refusal_of_change(order: sqlite3.Row) -> Refused | None:
    """Why the order can be neither cancelled nor sent elsewhere, if so."""
    if order["status"] == "cancelled":
        return Refused("E101", "Order is cancelled.")
    if order["status"] != "placed":
        return Refused("E105", "Order has already been shipped.")
    return None


def file_refund(connection: sqlite3.Connection, order: sqlite3.Row, filing: Filing) -> str:
    """Refund the whole order. Returns the confirmation number."""
    _raise(refusal_of_refund(order))
    filed = connection.execute(
        "INSERT INTO refunds (order_number, amount_minor, reason, external_reference, filed_by,"
        " filed_on) VALUES (?, ?, ?, ?, ?, ?)",
        (
            order["number"],
            order["total_minor"],
            filing.text,
            filing.reference,
            filing.who,
            today().isoformat(),
        ),
    )
    _set_status(connection, order, "refunded")
    number = f"RF-{filed.lastrowid}"
    book(connection, number, order["number"], order["total_minor"], order["currency"])
    return note(connection, "REFUND", filing, order=order, number=number)


def file_return(connection: sqlite3.Connection, order: sqlite3.Row, filing: Filing) -> str:
    """Register that the order comes back. Returns the number for the label."""
    _raise(refusal_of_refund(order))
    try:
        filed = connection.execute(
            "INSERT INTO returns (order_number, reason, external_reference, filed_by, filed_on)"
            " VALUES (?, ?, ?, ?, ?)",
            (order["number"], filing.text, filing.reference, filing.who, today().isoformat()),
        )
    except sqlite3.IntegrityError as twice:
        raise Refused("E107", "A return of this order is registered already.") from twice
    number = f"RT-{30_000 + (filed.lastrowid or 0)}"
    return note(connection, "RETURN", filing, order=order, number=number)


def add_note(connection: sqlite3.Connection, order: sqlite3.Row, filing: Filing) -> str:
    """Write a remark into the order's history."""
    if not filing.text:
        raise Refused("E108", "The remark is empty.")
    return note(connection, "NOTE", filing, order=order)


def change_plan(connection: sqlite3.Connection, customer: sqlite3.Row, filing: Filing) -> str:
    """Put the customer's subscription on the plan in the filing's text."""
    held = connection.execute(
        "SELECT plan FROM subscriptions WHERE customer_id = ?", (customer["id"],)
    ).fetchone()
    _raise(refusal_of_plan(held["plan"] if held else None, filing.text))
    connection.execute(
        "UPDATE subscriptions SET plan = ?, changed_on = ? WHERE customer_id = ?",
        (filing.text, today().isoformat(), customer["id"]),
    )
    changed = replace(filing, text=f"{held['plan']} -> {filing.text}")
    return note(connection, "SUBSCRIPTION", changed, customer_id=customer["id"])


def refusal_of_plan(held: str | None, wanted: str) -> Refused | None:
    """Why the plan cannot be changed, if so; `held` is None for who has no subscription."""
    if held is None:
        return Refused("E401", "Customer has no subscription.")
    if held == "ended":
        return Refused("E403", "Subscription has ended.")
    if held == wanted:
        return Refused("E402", "Subscription is on this plan already.")
    if wanted not in PLANS:
        return Refused("E404", "There is no such plan.")
    return None


def cancel(connection: sqlite3.Connection, order: sqlite3.Row, filing: Filing) -> str:
    _raise(refusal_of_change(order))
    _set_status(connection, order, "cancelled")
    return note(connection, "CANCELLATION", filing, order=order)


def change_address(connection: sqlite3.Connection, order: sqlite3.Row, filing: Filing) -> str:
    """Send the order to the address in the filing's text."""
    _raise(refusal_of_change(order))
    if not is_complete(filing.text):
        raise Refused("E106", "Address is incomplete: street with number, and town.")
    connection.execute(
        "UPDATE orders SET address = ? WHERE number = ?", (filing.text.strip(), order["number"])
    )
    was = "was: " + " / ".join(order["address"].splitlines())
    return note(connection, "ADDRESS", replace(filing, text=was), order=order)


def note_invoice(connection: sqlite3.Connection, order: sqlite3.Row, filing: Filing) -> str:
    """Write down that the invoice was mailed; this system never mailed invoices itself."""
    return note(connection, "INVOICE", filing, order=order)


def is_complete(address: str) -> bool:
    """A street with a number and a town; Chinese addresses are written without commas."""
    plain = address.strip()
    if not any(character.isdigit() for character in plain):
        return False
    if any("\u4e00" <= character <= "\u9fff" for character in plain):
        return len("".join(plain.split())) >= SHORTEST_CHINESE_ADDRESS
    parts = [part for part in plain.replace("\n", ",").split(",") if part.strip()]
    return len(plain) >= SHORTEST_ADDRESS and len(parts) > 1


def _raise(refusal: Refused | None) -> None:
    if refusal is not None:
        raise refusal


def _set_status(connection: sqlite3.Connection, order: sqlite3.Row, status: str) -> None:
    connection.execute("UPDATE orders SET status = ? WHERE number = ?", (status, order["number"]))


def note(
    connection: sqlite3.Connection,
    kind: str,
    filing: Filing,
    *,
    order: sqlite3.Row | None = None,
    customer_id: int | None = None,
    number: str = "",
) -> str:
    """Add a line to the journal. What has no register of its own is numbered by the journal."""
    added = connection.execute(
        "INSERT INTO journal (order_number, customer_id, at, who, kind, number,"
        " external_reference, remark) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            order["number"] if order else None,
            order["customer_id"] if order else customer_id,
            this_minute(),
            filing.who,
            kind,
            number,
            filing.reference,
            filing.text,
        ),
    )
    if number:
        return number
    given = f"{PREFIXES[kind]}-{added.lastrowid}"
    connection.execute("UPDATE journal SET number = ? WHERE id = ?", (given, added.lastrowid))
    return given
