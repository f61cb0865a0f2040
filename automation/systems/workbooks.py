"""Excel workbooks, read and written as a person at a desk does."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from automation.systems.answers import Broken

FIRST_LINE = 2  # the one below the headings


class WorkbookUnknown(Broken):
    """This is no workbook, or not one with the columns that we know."""

    code = "WORKBOOK_UNKNOWN"


def rows(workbook: bytes, wanted: tuple[str, ...]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The lines of the first sheet that are not empty, each with its number in the sheet.

    Raises:
        WorkbookUnknown: it cannot be opened, or lacks one of the wanted columns.
    """
    with TemporaryDirectory(prefix="workbook-") as folder:
        path = Path(folder) / "ledger.xlsx"
        path.write_bytes(workbook)
        headings, lines = _read(path)
    missing = set(wanted) - set(headings)
    if missing:
        raise WorkbookUnknown(f"The workbook has no column {', '.join(sorted(missing))}.")
    for number, line in enumerate(lines, FIRST_LINE):
        if any(line.get(name) is not None for name in wanted):
            yield number, line


def _read(path: Path) -> tuple[list[str], list[dict[str, Any]]]:
    from RPA.Excel.Files import Files  # noqa: PLC0415  # imported late: it costs half a second

    excel = Files()
    try:
        excel.open_workbook(str(path))
        grid: list[dict[str, Any]] = excel.read_worksheet(header=False)
    except Exception as failed:  # a broken file fails in as many ways as it can be broken
        raise WorkbookUnknown("The workbook cannot be read.") from failed
    finally:
        excel.close_workbook()
    if not grid:
        return [], []
    headings = {column: str(title) for column, title in grid[0].items() if title is not None}
    lines = [{title: line.get(at) for at, title in headings.items()} for line in grid[1:]]
    return list(headings.values()), lines


def minor_units(amount: object, line: int) -> int:
    """Cents of what a cell says, be it a number or a text such as `1,234.50`.

    Raises:
        WorkbookUnknown: it says no amount of money.
    """
    try:
        cents = Decimal(str(amount).replace(",", "").strip()) * 100
    except InvalidOperation as unread:
        raise WorkbookUnknown(f"Line {line} of the workbook holds no amount.") from unread
    if not cents.is_finite() or cents != cents.to_integral_value():
        raise WorkbookUnknown(f"Line {line} of the workbook holds no amount.")
    return int(cents)


def written(sheets: dict[str, list[dict[str, Any]]]) -> bytes:
    """A workbook of these sheets, each with the headings of its first line."""
    from RPA.Excel.Files import Files  # noqa: PLC0415  # imported late: it costs half a second

    excel = Files()
    with TemporaryDirectory(prefix="workbook-") as folder:
        path = Path(folder) / "made.xlsx"
        first, *others = sheets
        excel.create_workbook(str(path), fmt="xlsx", sheet_name=first)
        for name in others:
            excel.create_worksheet(name)
        for name, lines in sheets.items():
            if lines:
                excel.append_rows_to_worksheet(lines, name=name, header=True)
            excel.auto_size_columns("A", "H")
        excel.save_workbook()
        excel.close_workbook()
        return path.read_bytes()
