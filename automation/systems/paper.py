"""Paper that the robots make."""

from collections.abc import Iterator
from io import BytesIO
from itertools import groupby
from typing import Any

from automation.systems.backoffice import Invoice

# A CID font: every reader brings the glyphs for it, so no font file has to be on this machine.
CHINESE = "STSong-Light"
LATIN, BOLD = "Helvetica", "Helvetica-Bold"
LEFT, RIGHT, TOP, BOTTOM = 60, 535, 780, 90  # points on an A4 page
QUANTITY, AMOUNT = 380, RIGHT  # right edges of the columns
GREEN, GREY, BLACK = (0.20, 0.38, 0.33), (0.45, 0.45, 0.45), (0.1, 0.1, 0.1)


def invoice_pdf(invoice: Invoice) -> bytes:
    """The invoice, in letters that know Chinese."""
    written = BytesIO()
    canvas = canvas_of(written, f"Invoice {invoice.number}")
    sheet = Sheet(canvas)
    _head(sheet, invoice)
    _table(sheet, invoice)
    canvas.save()
    return written.getvalue()


def canvas_of(written: BytesIO, title: str) -> Any:
    """An empty document on A4. The same words make the same bytes, on every run."""
    # Imported late: half of the robots never make paper.
    from reportlab.lib.pagesizes import A4  # noqa: PLC0415
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # noqa: PLC0415
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415

    pdfmetrics.registerFont(UnicodeCIDFont(CHINESE))
    canvas = Canvas(written, pagesize=A4, invariant=True)
    canvas.setTitle(title)
    canvas.setAuthor("Kiln & Dew Teaware")
    return canvas


class Sheet:
    """A page being written from the top; `y` is the base line of the next words."""

    def __init__(self, canvas: Any) -> None:
        self.canvas = canvas
        self.y = TOP

    def words(
        self, x: float, text: str, *, size: int = 10, font: str = LATIN, to_the_right: bool = False
    ) -> None:
        """Write on the present line, each run in a font that has its letters."""
        runs = [("".join(letters), chosen) for chosen, letters in _runs(text, font)]
        widths = [self.canvas.stringWidth(letters, chosen, size) for letters, chosen in runs]
        start = x - sum(widths) if to_the_right else x
        for (letters, chosen), width in zip(runs, widths, strict=True):
            self.canvas.setFont(chosen, size)
            self.canvas.drawString(start, self.y, letters)
            start += width

    def down(self, points: int) -> None:
        """Go down, onto a new page where this one ends."""
        self.y -= points
        if self.y < BOTTOM:
            self.canvas.showPage()
            self.y = TOP

    def room_for(self, points: float) -> None:
        """Go on a new page unless this one has that much left."""
        if self.y - points < BOTTOM:
            self.canvas.showPage()
            self.y = TOP

    def rule(self, colour: tuple[float, float, float]) -> None:
        self.canvas.setStrokeColorRGB(*colour)
        self.canvas.line(LEFT, self.y, RIGHT, self.y)

    def ink(self, colour: tuple[float, float, float]) -> None:
        self.canvas.setFillColorRGB(*colour)


def _runs(text: str, font: str) -> Iterator[tuple[str, Iterator[str]]]:
    return groupby(text, key=lambda letter: font if _is_latin(letter) else CHINESE)


def _is_latin(letter: str) -> bool:
    try:
        letter.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _head(sheet: Sheet, invoice: Invoice) -> None:
    sheet.ink(GREEN)
    sheet.words(LEFT, "Kiln & Dew", size=22, font=BOLD)
    sheet.words(RIGHT, "INVOICE 发票", size=16, font=BOLD, to_the_right=True)
    sheet.ink(GREY)
    sheet.down(16)
    sheet.words(LEFT, "Teaware · 1 Kiln Yard, Stoke-on-Trent ST1 4HF, UK", size=9)
    sheet.down(54)
    sheet.ink(BLACK)
    left = [invoice.customer, *invoice.address.splitlines()]
    right = [
        f"Invoice no. {invoice.number}",
        f"Date {invoice.day}",
        f"Order {invoice.order_number}",
    ]
    for n in range(max(len(left), len(right))):
        sheet.words(LEFT, left[n] if n < len(left) else "", size=11)
        sheet.words(RIGHT, right[n] if n < len(right) else "", to_the_right=True)
        sheet.down(16)
    sheet.down(34)


def _table(sheet: Sheet, invoice: Invoice) -> None:
    sheet.ink(GREY)
    _row(sheet, "Description 品名", "Qty 数量", "Amount 金额")
    sheet.ink(BLACK)
    for quantity, title, amount in invoice.lines:
        _row(sheet, title, quantity, amount)
    sheet.words(LEFT, "Total 合计", size=12, font=BOLD)
    sheet.words(AMOUNT, invoice.total, size=12, font=BOLD, to_the_right=True)
    sheet.down(48)
    sheet.ink(GREY)
    sheet.words(LEFT, "Paid. Thank you for your order. 已付款，感谢您的惠顾。", size=9)


def _row(sheet: Sheet, title: str, quantity: str, amount: str) -> None:
    sheet.words(LEFT, title)
    sheet.words(QUANTITY, quantity, to_the_right=True)
    sheet.words(AMOUNT, amount, to_the_right=True)
    sheet.down(8)
    sheet.rule(GREY)
    sheet.down(18)
