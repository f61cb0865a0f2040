"""Start the bot: `python -m bot.run`. Rasa behind our channel only, on loopback only."""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.components.absent import leave_out_the_unused
from language import log_redaction

HERE = Path(__file__).parent
LOOPBACK = ("127.0.0.1", "localhost", "::1")
NEEDED = ("DESK_BOT_SECRET", "DESK_ACTIONS_URL", "DESK_ACTIONS_SECRET", "DESK_MODEL")


def main() -> None:
    """Serve until told to stop."""
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if missing:
        sys.exit(f"The bot cannot start: {', '.join(missing)} not set.")
    address = urlsplit(os.environ.get("DESK_BOT_URL", "http://127.0.0.1:5105"))
    if address.hostname not in LOOPBACK:
        sys.exit(f"The bot listens on loopback only, not on {address.hostname}.")
    quieten()
    work_alone()
    warnings.simplefilter("ignore")  # of frozen dependencies, which nobody will ever mend
    leave_out_the_unused()
    log_redaction.install()
    _app().run(host="127.0.0.1", port=address.port or 5105, workers=1, access_log=False)


def quieten() -> None:
    """No telemetry, no chatter of parts that are not used. Call it before anything of Rasa."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    os.environ.setdefault("MPLBACKEND", "agg")
    model = Path(os.environ.get("DESK_MODEL", "var/model/kaidesk.tar.gz"))
    os.environ.setdefault("DESK_BOT_TRACKERS", str(model.parent.parent / "trackers.db"))


def work_alone() -> None:
    """Reckon in one thread: for one message more of them wait for each other, and the machine has
    other work. Call it before numpy is loaded; a training does not."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def _app() -> Any:
    # Loading Rasa takes seconds, and must come after the settings above.
    import rasa.core.run as rasa_run  # noqa: PLC0415
    from rasa.core.utils import AvailableEndpoints  # noqa: PLC0415
    from rasa.utils.log_utils import configure_structlog  # noqa: PLC0415
    from sanic import response  # noqa: PLC0415

    from bot.components.action_server import (  # noqa: PLC0415
        ActionServer,
        check_answers_quickly,
    )
    from bot.components.desk_channel import DeskChannel  # noqa: PLC0415

    configure_structlog()
    check_answers_quickly()
    endpoints = AvailableEndpoints.read_endpoints(str(HERE / "endpoints.yml"))
    acts = endpoints.action
    endpoints.action = ActionServer(acts.url, headers=acts.headers, **acts.kwargs)
    (channel,) = rasa_run.create_http_input_channels(None, str(HERE / "credentials.yml"))
    assert isinstance(channel, DeskChannel)
    app = rasa_run.configure_app([channel], enable_api=False, endpoints=endpoints)
    app.config.ACCESS_LOG = False

    async def load(running: Any, loop: Any) -> None:
        agent = await rasa_run.agent.load_agent(os.environ["DESK_MODEL"], endpoints=endpoints)
        if not agent.is_ready():
            sys.exit(f"The bot cannot start: no model at {os.environ['DESK_MODEL']}.")
        running.ctx.agent = agent
        await channel.warm_up(agent)

    async def refuse_strangers(request: Any) -> Any:
        if channel.refuses(request):
            return response.json({"error": "forbidden"}, status=403)
        return None

    app.register_listener(load, "before_server_start")
    app.register_middleware(refuse_strangers, "request")
    return app


if __name__ == "__main__":
    main()
