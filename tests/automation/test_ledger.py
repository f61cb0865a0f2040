"""What differs between the orders and the ledger of refunds is found, line by line."""

from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import openpyxl
import pytest

from automation.contracts import Outcome
from automation.robots.reconcile_refund_ledger import Entry, findings, read_ledger
from automation.systems.finance import Refund
from automation.systems.workbooks import WorkbookUnknown
from tests.automation.conftest import run
from tests.automation.running import Company, staff

HEADINGS = ("Refund", "Order", "Amount", "Currency")


def a_refund(number: str = "RF-1", amount_minor: int = 8900) -> Refund:
    return Refund(number, "KD-4711", amount_minor, "EUR", "2026-11-27")


def an_entry(
    line: int = 2, *, number: str = "RF-1", minor: int = 8900, currency: str = "EUR"
) -> Entry:
    return Entry(line, number, "KD-4711", minor, currency)


def a_workbook(*lines: tuple[Any, ...]) -> bytes:
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


@pytest.mark.parametrize(
    ("entries", "kinds"),
    [
        ([an_entry()], []),
        ([], ["missing"]),
        ([an_entry(), an_entry(3)], ["doubled"]),
        ([an_entry(minor=8901)], ["wrong_amount"]),
        ([an_entry(currency="USD")], ["wrong_amount"]),
        ([an_entry(), an_entry(3, number="RF-2")], ["without_refund"]),
        ([an_entry(2, number="RF-2"), an_entry(3, number="RF-2")], ["missing", "without_refund"]),
    ],
)
def test_what_differs_is_found_by_its_kind(entries: list[Entry], kinds: list[str]) -> None:
    assert [found.kind for found in findings([a_refund()], entries)] == kinds


def test_a_finding_tells_both_sides_and_the_lines_to_look_at() -> None:
    (found,) = findings([a_refund()], [an_entry(2), an_entry(7)])
    assert (found.by_orders_minor, found.by_ledger_minor, found.lines) == (8900, 17800, (2, 7))


def test_amounts_are_read_to_the_cent_however_they_were_typed() -> None:
    rows = [("RF-1", "KD-1", amount, "EUR") for amount in (0.29, "1,234.50", 1e3, " 7 ", -5)]
    read = read_ledger(a_workbook(HEADINGS, *rows, (None, None, None, None)))
    assert [entry.amount_minor for entry in read] == [29, 123_450, 100_000, 700, -500]


@pytest.mark.parametrize(
    "workbook",
    [
        b"",
        b"not a workbook",
        a_workbook(),
        a_workbook(("Refund", "Order", "Sum", "Currency"), ("RF-1", "KD-1", 1, "EUR")),
        a_workbook(HEADINGS, ("RF-1", "KD-1", "a lot", "EUR")),
        a_workbook(HEADINGS, ("RF-1", "KD-1", 0.001, "EUR")),
        a_workbook(HEADINGS, ("RF-1", "KD-1", "nan", "EUR")),
        a_workbook(HEADINGS, ("RF-1", "KD-1", None, "EUR")),
    ],
)
def test_a_workbook_that_cannot_be_trusted_breaks_the_robot(workbook: bytes) -> None:
    with pytest.raises(WorkbookUnknown):
        read_ledger(workbook)


@pytest.mark.usefixtures("robot_folder")
def test_a_refund_filed_today_is_in_the_ledger_and_no_finding(company: Company) -> None:
    with staff(company) as visit:
        visit.post("/orders/KD-4711/refund", data={"reason": "By hand"}).raise_for_status()
    outcome = run("reconcile_refund_ledger")
    assert (outcome.facts["refunds"], outcome.facts["findings"]) == (6, 4)


def test_the_findings_are_filed_once_with_a_workbook_that_tells_them(
    company: Company, robot_folder: Path
) -> None:
    job = str(uuid4())
    first = run("reconcile_refund_ledger", job)
    assert (first.outcome, first.code) == (Outcome.DONE, "LEDGER_RECONCILED")
    kinds = ("missing", "doubled", "wrong_amount", "without_refund")
    assert [first.facts[kind] for kind in kinds] == [1, 1, 1, 1]
    assert run("reconcile_refund_ledger", job) == first
    (filed,) = company.rows("SELECT * FROM reconciliations")
    assert filed["findings"] == 4
    kept = openpyxl.load_workbook(robot_folder / job / "1" / "reconciliation.xlsx")
    told = [tuple(row)[:3] for row in kept["Findings"].iter_rows(values_only=True)]
    assert ("doubled", "RF-10003", "KD-4755") in told
    assert ("without_refund", "RF-9999", "KD-4799") in told
    assert openpyxl.load_workbook(BytesIO(filed["workbook"])).sheetnames == kept.sheetnames


@pytest.mark.usefixtures("robot_folder")
def test_a_day_that_has_not_come_is_refused() -> None:
    outcome = run("reconcile_refund_ledger", day="2999-12-31")
    assert (outcome.outcome, outcome.code) == (Outcome.REFUSED, "DAY_NOT_COME")
