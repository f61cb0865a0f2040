"""Starting what the clock says."""

import logging

from automation.contracts import JobRequest
from desk.approvals.queries import worth_of
from desk.durable import reading, transaction
from desk.errands import commands, queries
from desk.errors import Invalid, NotFound
from desk.metrics.commands import catch_up
from desk.reports.rules import REPORT

log = logging.getLogger(__name__)


def start_what_is_due() -> None:
    """Start every schedule whose time has come. Safe to repeat, by any number of workers."""
    found = reading(queries.due)
    if any(kind == REPORT for _, _, kind, _ in found):
        catch_up()
    for schedule_id, due, kind, inputs in found:
        worth = worth_of(JobRequest(kind, inputs))
        try:
            transaction(commands.start_due, schedule_id, due, worth=worth)
        except (Invalid, NotFound) as broken:
            log.warning("Schedule %s is paused: %s", schedule_id, type(broken).__name__)
            code = type(broken).__name__
            transaction(commands.stop_broken, schedule_id, due, code)
