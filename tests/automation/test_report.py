"""The week's figures go to supervisors once, in words, on paper and in a workbook."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest
from robocorp.workitems import BusinessException

from automation.contracts import Outcome
from automation.robots.service_report import service_report
from automation.systems import report
from automation.systems.figures import Figure, read_figures, shown, summary
from desk.integrations.robots import RobotBroke
from tests.automation.conftest import run
from tests.automation.running import Company
from tests.automation.test_standing_alone import sample

CONVERSATIONS = Figure(
    "Conversations", "count", 412, 356, None, False, (71, 64, 58, 62, 70, 48, 39)
)
REPLY = Figure("First reply", "seconds", 94, 100, 120, True, (94,) * 7)
WEEK: dict[str, Any] = {
    name: told for name, told in sample("service_report_done").items() if name != "job_id"
}


def test_the_summary_says_what_moved_what_was_missed_and_the_busiest_day() -> None:
    slow = replace(REPLY, value=150.0)
    assert summary([CONVERSATIONS, slow], "en") == [
        "First reply missed its target of 2:00 min: 2:30 min.",
        "Conversations: 412, up 16% on the week before (356).",
        "First reply: 2:30 min, up 50% on the week before (1:40 min).",
        "Busiest day: Mon, with 71 (Conversations).",
    ]


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (REPLY, ["All 1 targets were met.", "No figure moved by a tenth"]),
        (replace(REPLY, before=None, target=None), ["No figure moved by a tenth"]),
        (replace(REPLY, before=0.0), ["All 1 targets were met.", "No figure moved by a tenth"]),
        (replace(CONVERSATIONS, days=(0.0,) * 7, before=400.0), ["No figure moved by a tenth"]),
    ],
)
def test_a_calm_week_is_called_one(figure: Figure, said: list[str]) -> None:
    lines = summary([figure], "en")
    assert len(lines) == len(said)
    assert all(line.startswith(words) for line, words in zip(lines, said, strict=True))


def test_values_are_written_as_a_person_reads_them() -> None:
    told = [
        shown(1234, "count"),
        shown(0.5, "count"),
        shown(59.6, "seconds"),
        shown(87.5, "percent"),
    ]
    assert told == ["1,234", "0.5", "1:00 min", "87.5 %"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_report_holds_words_figures_and_a_chart_for_each(language: str) -> None:
    figures = [replace(CONVERSATIONS, title=f"会话 {n}") for n in range(9)]
    told = ("2026-W47", date(2026, 11, 16), language, figures)
    pages = pypdf.PdfReader(BytesIO(report.pdf(*told))).pages
    words = "".join(page.extract_text() for page in pages)
    assert len(pages) > 1
    assert ("周报" if language == "zh" else "Service report") in words
    assert words.count("会话") >= 2 * len(figures)  # in the table and over its chart
    *_, days = openpyxl.load_workbook(BytesIO(report.workbook(*told))).worksheets
    assert len(days._charts) == 9
    assert days.cell(2, 2).value == 71


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_day_without_a_figure_has_no_bar_and_no_number(language: str) -> None:
    rate = Figure("Resolved", "percent", 50, None, None, False, (None, 50.0, *[None] * 5))
    none = Figure("Calls", "count", 0, 0, None, False, (None,) * 7)
    told = ("2026-W47", date(2026, 11, 16), language, [rate, none])
    assert "50.0 %" in pypdf.PdfReader(BytesIO(report.pdf(*told))).pages[0].extract_text()
    *_, days = openpyxl.load_workbook(BytesIO(report.workbook(*told))).worksheets
    assert [days.cell(2, n).value for n in (2, 3, 4)] == [None, 50, None]


def test_a_week_is_mailed_once_whichever_job_asks(company: Company, robot_folder: Path) -> None:
    first, second = (run("service_report", job, **WEEK) for job in ("first", "second"))
    assert (first.outcome, first.code) == (Outcome.DONE, "REPORT_SENT")
    assert second == first
    (letter,) = company.letters()
    assert letter["To"] == "supervisor@demo.kaidesk"
    names = [part.get_filename() for part in letter.iter_attachments()]
    assert names == first.facts["files"]
    body = letter.get_body()
    assert body is not None
    assert "missed its target" in body.get_content()


@pytest.mark.usefixtures("robot_folder")
@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"week": "2999-W01"}, "WEEK_NOT_OVER"),
        ({"week": "2026-W60"}, "WEEK_UNKNOWN"),
        ({"figures": []}, "NO_FIGURES"),
    ],
)
def test_a_report_that_would_be_wrong_is_refused(
    company: Company, more: dict[str, Any], code: str
) -> None:
    with pytest.raises(BusinessException) as refused:
        service_report({"job_id": "1", **WEEK, **more}, None)
    assert refused.value.code == code
    assert not company.letters()


@pytest.mark.usefixtures("robot_folder")
def test_where_nobody_can_say_whether_a_letter_went_out_none_is_sent(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        company.without("automation.backoffice"),
        pytest.raises(RobotBroke, match="MAIL_SILENT"),
    ):
        run("service_report", **WEEK)
    assert not company.letters()


def test_figures_of_a_work_item_may_leave_out_what_is_not_known() -> None:
    told = {"title": "Calls", "unit": "count", "value": 1, "days": [1, 0, 0, 0, 0, 0, 0]}
    (figure,) = read_figures([told])
    assert (figure.before, figure.target, figure.change) == (None, None, None)
