"""A wire between robot and back office that a test can hold at an exact moment."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.automation.running import free_port

CHUNK = 65_536


class Wire:
    """Passes bytes on, until a request holds `words`.

    That request is passed on as well, unless `before` it is asked to stop; its answer is not.
    """

    def __init__(self, towards: int, words: bytes, *, before: bool = False) -> None:
        self.port = free_port()
        self.held = threading.Event()
        self._towards = towards
        self._words = words
        self._before = before
        self._door = socket.create_server(("127.0.0.1", self.port))
        self._open: list[socket.socket] = [self._door]
        threading.Thread(target=self._take_calls, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        for end in self._open:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _take_calls(self) -> None:
        with suppress(OSError):
            while True:
                robot, _ = self._door.accept()
                office = socket.create_connection(("127.0.0.1", self._towards))
                self._open += [robot, office]
                silent = threading.Event()
                for work in (self._ask, self._answer):
                    threading.Thread(target=work, args=(robot, office, silent), daemon=True).start()

    def _ask(self, robot: socket.socket, office: socket.socket, silent: threading.Event) -> None:
        with suppress(OSError):
            while asked := robot.recv(CHUNK):
                found = self._words in asked
                if found:
                    silent.set()
                if not (found and self._before):
                    office.sendall(asked)
                if found and self._before:
                    self.held.set()

    def _answer(self, robot: socket.socket, office: socket.socket, silent: threading.Event) -> None:
        with suppress(OSError):
            while answer := office.recv(CHUNK):
                if silent.is_set():
                    self.held.set()  # the office has done it, and nobody will hear
                else:
                    robot.sendall(answer)


@contextmanager
def wire(towards: int, words: bytes, *, before: bool = False) -> Iterator[Wire]:
    """A wire to the port, held for good at the first request with these words in it."""
    laid = Wire(towards, words, before=before)
    try:
        yield laid
    finally:
        laid.close()
