"""A real mail server that keeps what it takes, for tests that read letters."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.whole_desk import free_port


class Box:
    """Takes letters, or answers as `answers` says, one after the other."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.answers: list[str] = []
        self.tries = 0
        self.port = free_port()
        self._lock = threading.Lock()

    async def handle_RCPT(  # noqa: N802
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Name and answer are aiosmtpd's."""
        with self._lock:
            self.tries += 1
            answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Name and answer are aiosmtpd's."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        self.letters.append(message_from_bytes(content, policy=policy.default))
        return "250 Taken"


@contextmanager
def a_mailbox(**how: Any) -> Iterator[Box]:
    """A server on a port of its own, gone afterwards; `how` is for aiosmtpd."""
    box = Box()
    server = Controller(box, hostname="127.0.0.1", port=box.port, **how)
    server.start()
    try:
        yield box
    finally:
        server.stop()
