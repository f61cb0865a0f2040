"""A mail server for one machine: takes every letter and lays it down as a file.

`python -m automation.backoffice.mail` listens at DESK_SMTP_HOST:DESK_SMTP_PORT.
"""

import asyncio
import hashlib
import logging
import signal
from email.parser import BytesHeaderParser
from pathlib import Path
from time import time_ns

from aiosmtpd.smtp import SMTP, Envelope, Session

from automation.backoffice import settings

log = logging.getLogger(__name__)
LARGEST_LETTER = 10_000_000  # bytes


class Letterbox:
    """Writes each letter to the folder under a name that sorts by arrival and tells its
    Message-ID."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Name and answer are aiosmtpd's; the letter is on the disk before it is accepted."""
        content = envelope.content or b""
        letter = content.encode() if isinstance(content, str) else content
        message_id = BytesHeaderParser().parsebytes(letter).get("Message-ID", "")
        path = self.folder / f"{time_ns()}-{digest_of(message_id)}.eml"
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(letter)
        unfinished.replace(path)
        log.info("letter of %d bytes for %d people", len(letter), len(envelope.rcpt_tos))
        return "250 Taken"


def digest_of(message_id: str) -> str:
    """How a letter with this Message-ID is found again among thousands."""
    return hashlib.sha256(message_id.strip().encode()).hexdigest()[:20]


async def listen(host: str, port: int, folder: Path) -> asyncio.Server:
    letterbox = Letterbox(folder)
    loop = asyncio.get_running_loop()
    return await loop.create_server(
        lambda: SMTP(letterbox, data_size_limit=LARGEST_LETTER, hostname="mail.local"), host, port
    )


async def _serve() -> None:
    host, port = settings.mail_address()
    server = await listen(host, port, settings.mail_folder())
    log.info("mail listens at %s:%d", *server.sockets[0].getsockname()[:2])
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    await stopped.wait()
    server.close()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="mail: %(message)s")
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # it would tell who gets which letter
    asyncio.run(_serve())
