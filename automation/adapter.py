"""Work items in files, with the release written down: for tasks, and for Robot Framework suites.

Both standard file adapters keep the release state in memory, so a parent process could not tell a
refusal (business) from a breakdown (application).
"""

import json
from pathlib import Path
from typing import Any

from robocorp.workitems import FileAdapter, State


class ReportingFileAdapter(FileAdapter):
    """The standard adapter, and `<output>.release.json` beside the output items."""

    def release_input(
        self, item_id: str, state: State, exception: dict[str, Any] | None = None
    ) -> None:
        super().release_input(item_id, state, exception)
        report(self.output_path, state.value, exception)


def report(output: Path, state: str, exception: dict[str, Any] | None) -> None:
    """Write the release down, whole or not at all."""
    file = output.with_suffix(".release.json")
    unfinished = file.with_suffix(".part")
    unfinished.write_text(json.dumps({"state": state, "exception": exception}))
    unfinished.replace(file)
