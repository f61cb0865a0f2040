"""The file adapter of `RPA.Robocorp.WorkItems`, with the release written down as for tasks."""

from typing import Any

from RPA.Robocorp.WorkItems import FileAdapter, State

from automation.adapter import report


class ReportingSuiteAdapter(FileAdapter):
    """The standard adapter, and `<output>.release.json` beside the output items."""

    def release_input(
        self, item_id: str, state: State, exception: dict[str, Any] | None = None
    ) -> None:
        super().release_input(item_id, state, exception)
        report(self.output_path, state.value, exception)
