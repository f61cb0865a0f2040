"""The desk as a server of its own, for what only a real connection shows."""

import pytest

from tests.doors import a_server


@pytest.fixture
def server(database):
    with a_server() as address:
        yield f"{address}/api/v1"
