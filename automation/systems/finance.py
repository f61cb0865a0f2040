"""The finance department's system: its ledger as a workbook, and where findings are filed."""

import base64
from dataclasses import dataclass

from automation.systems.answers import Broken
from automation.systems.wire import Wire


class FinanceSilent(Broken):
    """It did not answer, or not as it does."""

    code = "FINANCE_SILENT"


@dataclass(frozen=True)
class Refund:
    """A refund that stands in the orders. Money is in minor units."""

    number: str
    order_number: str
    amount_minor: int
    currency: str
    day: str


class Finance:
    """One conversation with it."""

    def __init__(self) -> None:
        self._wire = Wire("/finance", "finance", FinanceSilent)

    def refunds(self, until: str) -> list[Refund]:
        """What was refunded up to and on that day, by the orders, oldest first."""
        return [Refund(**told) for told in self._wire.read("/refunds", until=until)["refunds"]]

    def ledger(self, until: str) -> bytes:
        """The ledger of refunds paid up to and on that day, as an Excel workbook."""
        return self._wire.fetch("/ledger.xlsx", until=until)

    def filed_under(self, reference: str) -> str | None:
        """The number of the reconciliation that was filed under our reference, if any."""
        number = self._wire.read("/reconciliations", reference=reference)["number"]
        return None if number is None else str(number)

    def file(self, reference: str, day: str, findings: int, workbook: bytes) -> str:
        """File a reconciliation. Returns its number."""
        told = self._wire.write(
            "/reconciliations",
            reference=reference,
            day=day,
            findings=findings,
            workbook=base64.b64encode(workbook).decode(),
        )
        return str(told["number"])
