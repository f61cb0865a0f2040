"""The label that a customer sticks on a parcel to us."""

from io import BytesIO

from automation.systems.backoffice import Sender
from automation.systems.paper import BLACK, BOLD, GREEN, GREY, LEFT, RIGHT, Sheet, canvas_of

WAREHOUSE = ("Kiln & Dew, Returns", "1 Kiln Yard", "Stoke-on-Trent ST1 4HF", "UNITED KINGDOM")
BAR_POINTS, BAR_HEIGHT = 1.6, 90
FOLD = 400  # where the sheet is folded: the label is its upper half


def return_label_pdf(number: str, order_number: str, sender: Sender) -> bytes:
    """One sheet: from whom, to where, and the return's number in Code 128, as scanners read it."""
    from reportlab.graphics.barcode.code128 import Code128  # noqa: PLC0415  only for labels

    written = BytesIO()
    canvas = canvas_of(written, f"Return {number}")
    sheet = Sheet(canvas)
    _head(sheet, order_number)
    _people(sheet, sender)
    bars = Code128(number, barWidth=BAR_POINTS, barHeight=BAR_HEIGHT, quiet=True)
    bars.drawOn(canvas, LEFT, sheet.y - BAR_HEIGHT)
    sheet.down(BAR_HEIGHT + 24)
    sheet.words(LEFT + 20, number, size=18, font=BOLD)
    _fold(sheet)
    canvas.save()
    return written.getvalue()


def _head(sheet: Sheet, order_number: str) -> None:
    sheet.ink(GREEN)
    sheet.words(LEFT, "Kiln & Dew", size=22, font=BOLD)
    sheet.words(RIGHT, "RETURN 退货", size=16, font=BOLD, to_the_right=True)
    sheet.ink(GREY)
    sheet.down(16)
    sheet.words(LEFT, f"Order 订单 {order_number} · postage paid 邮资已付", size=9)
    sheet.down(40)


def _people(sheet: Sheet, sender: Sender) -> None:
    middle = (LEFT + RIGHT) / 2
    sheet.words(LEFT, "From 寄件人", size=9)
    sheet.words(middle, "To 收件人", size=9)
    sheet.ink(BLACK)
    left = [sender.name, *sender.address.splitlines()]
    for n in range(max(len(left), len(WAREHOUSE))):
        sheet.down(18)
        sheet.words(LEFT, left[n] if n < len(left) else "", size=12)
        sheet.words(middle, WAREHOUSE[n] if n < len(WAREHOUSE) else "", size=12, font=BOLD)
    sheet.down(34)


def _fold(sheet: Sheet) -> None:
    """A line to fold along, where an address of many lines left room for it."""
    sheet.y = min(sheet.y - 30, FOLD)
    sheet.canvas.setDash(4, 4)
    sheet.rule(GREY)
    sheet.down(20)
    sheet.ink(GREY)
    sheet.words(
        LEFT, "Fold here and put the label into the pouch. 沿虚线折叠，放入面单袋。", size=9
    )
