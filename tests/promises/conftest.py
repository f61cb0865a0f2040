"""A clock that stands where a test puts it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from desk import clock

MONDAY = datetime(2027, 3, 1, 9, 0, tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)


class WallClock:
    """What the desk takes for the time."""

    def __init__(self) -> None:
        self.now = MONDAY

    def passes(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Iterator[WallClock]:
    """Monday, nine in the morning in Berlin."""
    shown = WallClock()
    monkeypatch.setattr(clock, "now", lambda: shown.now)
    return shown
