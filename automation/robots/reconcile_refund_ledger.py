"""Hold the finance department's ledger of refunds against the orders, and file what differs."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from robocorp.workitems import ApplicationException, BusinessException

from automation import progress
from automation.contracts import JobOutcome, Outcome, reference_of
from automation.robots.once import once
from automation.systems import workbooks
from automation.systems.finance import Finance, Refund

FILE = "reconciliation.xlsx"
MISSING, DOUBLED, WRONG = "missing", "doubled", "wrong_amount"
WITHOUT_REFUND = "without_refund"


@dataclass(frozen=True)
class Entry:
    """A line of the ledger. Money is in minor units."""

    line: int
    refund_number: str
    order_number: str
    amount_minor: int
    currency: str


@dataclass(frozen=True)
class Finding:
    """What differs: by `kind`, for which refund, and what either side says."""

    kind: str
    refund_number: str
    order_number: str
    by_orders_minor: int | None
    by_ledger_minor: int | None
    currency: str
    lines: tuple[int, ...]


def reconcile_refund_ledger(job: dict[str, Any], finance: Finance) -> JobOutcome:
    """Compare up to and with `day` (today without one), and file the findings once.

    The workbook is made anew on every run; what is filed is that of the first run that got there.
    """
    reference, day = reference_of(job["job_id"]), _day(job.get("day"))
    refunds = finance.refunds(day)
    entries = read_ledger(finance.ledger(day))
    found = findings(refunds, entries)
    workbook = _written(found, day, len(refunds), len(entries))
    progress.keep(FILE, workbook)
    progress.step("compared")
    given = once(
        lambda: finance.filed_under(reference),
        lambda: finance.file(reference, day, len(found), workbook),
        "filed",
    )
    return JobOutcome(Outcome.DONE, "LEDGER_RECONCILED", _facts(given, day, refunds, found))


def _day(asked: str | None) -> str:
    """The day in the form that all systems take; refuses one that has not come."""
    today = datetime.now().astimezone().date()
    try:
        day = today if asked is None else date.fromisoformat(asked)
    except ValueError as unread:
        raise ApplicationException(f"{asked} is no day.", "INPUT_UNKNOWN") from unread
    if day > today:
        raise BusinessException(f"{day} has not come yet.", "DAY_NOT_COME")
    return day.isoformat()


def _facts(given: str, day: str, refunds: list[Refund], found: list[Finding]) -> dict[str, Any]:
    counts = {kind: sum(one.kind == kind for one in found) for kind in (MISSING, DOUBLED, WRONG)}
    counts[WITHOUT_REFUND] = sum(one.kind == WITHOUT_REFUND for one in found)
    return {
        "reference": given,
        "day": day,
        "refunds": len(refunds),
        "findings": len(found),
        **counts,
        "files": [FILE],
    }


def read_ledger(workbook: bytes) -> list[Entry]:
    """The lines of the workbook's first sheet.

    Raises:
        WorkbookUnknown: it is none, lacks a column, or a cell is not what its column is for.
    """
    wanted = ("Refund", "Order", "Amount", "Currency")
    entries = []
    for line, row in workbooks.rows(workbook, wanted):
        number, order, amount, currency = (row[name] for name in wanted)
        minor = workbooks.minor_units(amount, line)
        entries.append(Entry(line, str(number), str(order), minor, str(currency)))
    return entries


def findings(refunds: list[Refund], entries: list[Entry]) -> list[Finding]:
    """What differs, by refund: the orders say what has to stand in the ledger, once."""
    booked: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        booked[entry.refund_number].append(entry)
    found = []
    for refund in refunds:
        found += _about(refund, booked.pop(refund.number, []))
    for number, lines in booked.items():
        first, total = lines[0], sum(entry.amount_minor for entry in lines)
        at = tuple(entry.line for entry in lines)
        found.append(
            Finding(WITHOUT_REFUND, number, first.order_number, None, total, first.currency, at)
        )
    return found


def _about(refund: Refund, lines: list[Entry]) -> list[Finding]:
    def finding(kind: str, by_ledger_minor: int | None) -> Finding:
        at = tuple(entry.line for entry in lines)
        by_orders = refund.amount_minor
        of = (refund.number, refund.order_number)
        return Finding(kind, *of, by_orders, by_ledger_minor, refund.currency, at)

    if not lines:
        return [finding(MISSING, None)]
    if len(lines) > 1:
        return [finding(DOUBLED, sum(entry.amount_minor for entry in lines))]
    entry = lines[0]
    if (entry.amount_minor, entry.currency) != (refund.amount_minor, refund.currency):
        return [finding(WRONG, entry.amount_minor)]
    return []


def _written(found: list[Finding], day: str, refunds: int, entries: int) -> bytes:
    summary: list[dict[str, Any]] = [
        {"What": "Up to and with", "Value": day},
        {"What": "Refunds by the orders", "Value": refunds},
        {"What": "Lines of the ledger", "Value": entries},
        {"What": "Findings", "Value": len(found)},
    ]
    lines: list[dict[str, Any]] = [
        {
            "Finding": one.kind,
            "Refund": one.refund_number,
            "Order": one.order_number,
            "By the orders": _major(one.by_orders_minor),
            "By the ledger": _major(one.by_ledger_minor),
            "Currency": one.currency,
            "Lines": ", ".join(map(str, one.lines)),
        }
        for one in found
    ]
    return workbooks.written({"Summary": summary, "Findings": lines})


def _major(minor: int | None) -> float | None:
    return None if minor is None else minor / 100
