"""The desk as a server of its own, for what only a real connection shows."""

import threading

import pytest
import uvicorn

from desk.http.app import create_app
from desk.integrations.bot import ScriptedBot
from desk.people import routes
from tests.whole_desk import free_port, wait_until


@pytest.fixture
def server(database):
    routes._limiter.storage.reset()
    port = free_port()
    config = uvicorn.Config(create_app(ScriptedBot()), port=port, log_level="error")
    config.timeout_graceful_shutdown = 1
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run)
    thread.start()
    wait_until(lambda: running.started, 20)
    yield f"http://127.0.0.1:{port}/api/v1"
    running.should_exit = True
    thread.join()
