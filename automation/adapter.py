"""Work items in files, with the release written down.

Robocorp's own FileAdapter keeps the release state in memory, so a parent process could not
tell a refusal (business) from a breakdown (application).
"""

import json
from typing import Any

from robocorp.workitems import FileAdapter, State


class ReportingFileAdapter(FileAdapter):
    """The standard adapter, and `<output>.release.json` beside the output items."""

    def release_input(
        self, item_id: str, state: State, exception: dict[str, Any] | None = None
    ) -> None:
        super().release_input(item_id, state, exception)
        report = self.output_path.with_suffix(".release.json")
        unfinished = report.with_suffix(".part")
        unfinished.write_text(json.dumps({"state": state.value, "exception": exception}))
        unfinished.replace(report)
