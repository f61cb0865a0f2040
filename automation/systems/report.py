"""The service report on paper and in a workbook."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

from automation.systems.figures import DAYS, Figure, shown, summary
from automation.systems.paper import BLACK, BOLD, GREEN, GREY, LEFT, RIGHT, Sheet, canvas_of

WORDS = {
    "en": {
        "title": "Service report",
        "summary": "In words",
        "figures": "Figures",
        "heads": ("Figure", "This week", "Week before", "Change", "Target"),
        "charts": "Day by day",
    },
    "zh": {
        "title": "服务周报",
        "summary": "概述",
        "figures": "指标",
        "heads": ("指标", "本周", "前一周", "变化", "目标"),
        "charts": "每日走势",
    },
}
COLUMNS = (LEFT, 330, 405, 465, RIGHT)  # the first from its left edge, the others to their right
RED = (0.70, 0.15, 0.12)
CHART_WIDTH, CHART_HEIGHT, CHART_GAP = 225, 110, 25
MOST_LETTERS = 74  # on a line of words
MOST_CHINESE = 42


def pdf(week: str, monday: date, language: str, figures: list[Figure]) -> bytes:
    """Title, summary, table, and a chart of the days for every figure."""
    say = WORDS[language]
    written = BytesIO()
    canvas = canvas_of(written, f"{say['title']} {week}")
    sheet = Sheet(canvas)
    _head(sheet, say, week, monday)
    _chapter(sheet, str(say["summary"]))
    for sentence in summary(figures, language):
        for n, line in enumerate(_folded(sentence)):
            sheet.words(LEFT, ("• " if n == 0 else "   ") + line, size=11)
            sheet.down(18)
    sheet.down(14)
    _chapter(sheet, str(say["figures"]))
    _table(sheet, say, figures)
    sheet.down(20)
    _charts(sheet, say, language, figures)
    canvas.save()
    return written.getvalue()


def _head(sheet: Sheet, say: dict[str, Any], week: str, monday: date) -> None:
    sheet.ink(GREEN)
    sheet.words(LEFT, f"{say['title']} {week}", size=22, font=BOLD)
    sheet.ink(GREY)
    sheet.down(20)
    sheet.words(LEFT, f"{monday} – {monday + timedelta(days=6)}", size=11)
    sheet.down(40)


def _chapter(sheet: Sheet, title: str) -> None:
    sheet.ink(GREEN)
    sheet.words(LEFT, title, size=14, font=BOLD)
    sheet.ink(BLACK)
    sheet.down(24)


def _folded(sentence: str) -> list[str]:
    """Lines that fit: broken at a blank where there is one, else where the paper ends."""
    most = MOST_CHINESE if any("\u4e00" <= letter <= "\u9fff" for letter in sentence) else None
    most = most or MOST_LETTERS
    lines = []
    while len(sentence) > most:
        cut = sentence.rfind(" ", 1, most + 1)
        cut = most if cut <= 0 else cut
        lines.append(sentence[:cut].rstrip())
        sentence = sentence[cut:].lstrip()
    return [*lines, sentence]


def _table(sheet: Sheet, say: dict[str, Any], figures: list[Figure]) -> None:
    sheet.ink(GREY)
    _row(sheet, say["heads"])
    for figure in figures:
        sheet.ink(RED if figure.misses_its_target else BLACK)
        _row(sheet, _cells(figure))
    sheet.ink(BLACK)


def _cells(figure: Figure) -> tuple[str, ...]:
    def of(value: float | None) -> str:
        return "–" if value is None else shown(value, figure.unit)

    change = "–" if figure.change is None else f"{figure.change:+.0%}"
    return figure.title, of(figure.value), of(figure.before), change, of(figure.target)


def _row(sheet: Sheet, cells: tuple[str, ...]) -> None:
    for n, (x, cell) in enumerate(zip(COLUMNS, cells, strict=True)):
        sheet.words(x, cell, to_the_right=n > 0)
    sheet.down(8)
    sheet.rule(GREY)
    sheet.down(16)


def _charts(sheet: Sheet, say: dict[str, Any], language: str, figures: list[Figure]) -> None:
    needed = CHART_HEIGHT + 2 * CHART_GAP
    sheet.room_for(needed + 24)
    _chapter(sheet, str(say["charts"]))
    for n, figure in enumerate(figures):
        on_the_left = n % 2 == 0
        if on_the_left:
            sheet.room_for(needed)
        x = LEFT if on_the_left else LEFT + CHART_WIDTH + CHART_GAP
        _chart(sheet, x, figure, language)
        if not on_the_left:
            sheet.down(needed)


def _chart(sheet: Sheet, x: float, figure: Figure, language: str) -> None:
    from reportlab.graphics.charts.barcharts import VerticalBarChart  # noqa: PLC0415  only here
    from reportlab.graphics.shapes import Drawing  # noqa: PLC0415
    from reportlab.lib.colors import Color  # noqa: PLC0415

    bars = VerticalBarChart()
    bars.x, bars.y, bars.width, bars.height = 30, 20, CHART_WIDTH - 40, CHART_HEIGHT - 20
    bars.data = [list(figure.days)]
    bars.bars[0].fillColor = Color(*GREEN)
    bars.bars.strokeColor = None
    bars.valueAxis.valueMin = 0
    bars.valueAxis.valueMax = max([1, *(day for day in figure.days if day is not None)]) * 1.05
    bars.categoryAxis.categoryNames = list(DAYS[language])
    for labels in (bars.categoryAxis.labels, bars.valueAxis.labels):
        labels.fontSize = 7
        labels.fontName = "STSong-Light" if language == "zh" else "Helvetica"
    drawing = Drawing(CHART_WIDTH, CHART_HEIGHT)
    drawing.add(bars)
    sheet.words(x, figure.title, size=9, font=BOLD)
    drawing.drawOn(sheet.canvas, x, sheet.y - CHART_HEIGHT - 14)


def workbook(week: str, monday: date, language: str, figures: list[Figure]) -> bytes:
    """The summary, the table and the days, the days with a chart for every figure."""
    from openpyxl import Workbook  # noqa: PLC0415  only for this; RPA.Excel.Files draws no charts

    say = WORDS[language]
    book = Workbook()
    first = book.active
    first.title = str(say["summary"])
    for line in (f"{say['title']} {week}", *summary(figures, language)):
        first.append([line])
    table = book.create_sheet(str(say["figures"]))
    table.append(list(say["heads"]))
    for figure in figures:
        table.append([figure.title, figure.value, figure.before, figure.change, figure.target])
        table.cell(table.max_row, 4).number_format = "+0%;-0%"
    _days(book.create_sheet(str(say["charts"])), monday, figures)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _days(sheet: Any, monday: date, figures: list[Figure]) -> None:
    from openpyxl.chart import BarChart, Reference  # noqa: PLC0415

    sheet.append(["", *(monday + timedelta(days=n) for n in range(7))])
    days = Reference(sheet, min_col=2, max_col=8, min_row=1)
    for n, figure in enumerate(figures, 2):
        sheet.append([figure.title, *figure.days])
        chart = BarChart()
        chart.title, chart.legend, chart.height, chart.width = figure.title, None, 7, 14
        chart.add_data(
            Reference(sheet, min_col=1, max_col=8, min_row=n), from_rows=True, titles_from_data=True
        )
        chart.set_categories(days)
        sheet.add_chart(chart, f"A{len(figures) + 3 + (n - 2) * 15}")
    for column in "ABCDEFGH":
        sheet.column_dimensions[column].width = 14
