"""The week's figures as a PDF and a workbook, mailed to supervisors once."""

from datetime import date, datetime, timedelta, timezone
from typing import Any

from robocorp.workitems import BusinessException

from automation import progress
from automation.contracts import JobOutcome, Outcome
from automation.robots.once import once
from automation.systems import mail, report
from automation.systems.figures import Figure, read_figures, summary

SUBJECTS = {"en": "Service report {week}", "zh": "服务周报 {week}"}
FIRST_ZONE = timezone(timedelta(hours=14))  # where a day begins before it does anywhere else
EXCEL = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def service_report(job: dict[str, Any], _: None) -> JobOutcome:
    """Make the report of `week` (such as 2026-W47) of the figures in the job, and mail it.

    A week is reported once, whichever job asks: its letter has the week in its Message-ID.
    """
    week, language = job["week"], job.get("language", "en")
    monday = _monday_of(week)
    figures = read_figures(job["figures"])
    if not figures:
        raise BusinessException("There are no figures of that week.", "NO_FIGURES")
    papers = _papers(week, monday, language, figures)
    for paper in papers:
        progress.keep(paper.name, paper.content)
    progress.step("printed")
    letter = mail.Letter(
        key=f"service-report-{week}",
        to=", ".join(job["recipients"]),
        subject=SUBJECTS[language].format(week=week),
        body="\n".join(summary(figures, language)) + "\n",
        papers=papers,
    )
    _mail(letter)
    facts = {"reference": week, "files": [paper.name for paper in papers]}
    return JobOutcome(Outcome.DONE, "REPORT_SENT", facts)


def _mail(letter: mail.Letter) -> None:
    def look() -> str | None:
        return letter.key if mail.was_taken(letter.message_id) else None

    def act() -> str:
        mail.send_once(letter)
        return letter.key

    once(look, act, "mailed")


def _monday_of(week: str) -> date:
    """The first day of an ISO week; refuses one that is not over anywhere: the desk's days may
    be those of another time zone than this machine's."""
    try:
        monday = datetime.strptime(f"{week}-1", "%G-W%V-%u").date()  # noqa: DTZ007  a day, no time
    except ValueError as unknown:
        raise BusinessException(f"{week} is no week of a year.", "WEEK_UNKNOWN") from unknown
    if monday + timedelta(days=7) > datetime.now(FIRST_ZONE).date():
        raise BusinessException(f"{week} is not over yet.", "WEEK_NOT_OVER")
    return monday


def _papers(
    week: str, monday: date, language: str, figures: list[Figure]
) -> tuple[mail.Paper, mail.Paper]:
    printed = report.pdf(week, monday, language, figures)
    counted = report.workbook(week, monday, language, figures)
    return (
        mail.Paper(f"service-report-{week}.pdf", printed),
        mail.Paper(f"service-report-{week}.xlsx", counted, EXCEL),
    )
