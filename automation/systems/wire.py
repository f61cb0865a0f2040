"""Systems that speak HTTP and JSON: asked with the login from the vault, and nothing cached."""

import base64
import json
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

from automation.systems import vault
from automation.systems.answers import Broken, RecordUnknown, Refused

SILENCE_SECONDS = 15
LARGEST_ANSWER = 50_000_000  # bytes
NOT_FOUND, CONFLICT = 404, 409
_open = build_opener(ProxyHandler({})).open  # our systems are never behind a proxy


class Wire:
    """One system. What it says no with becomes Refused or RecordUnknown, all else `silent`."""

    def __init__(self, path: str, entry: str, silent: type[Broken]) -> None:
        login, password = vault.login(entry)
        told = base64.b64encode(f"{login}:{password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {told}", "Content-Type": "application/json"}
        self._address = vault.backoffice_url() + path
        self._silent = silent

    def read(self, path: str, **asked: str) -> Any:
        """What the system knows, as JSON."""
        return self._decoded(self.fetch(path, **asked))

    def fetch(self, path: str, **asked: str) -> bytes:
        """A file of the system's."""
        query = f"?{urlencode(asked)}" if asked else ""
        return self._exchange(Request(self._address + path + query, headers=self._headers))

    def write(self, path: str, **told: Any) -> Any:
        """Have the system do something. Returns its answer."""
        body = json.dumps(told).encode()
        return self._decoded(
            self._exchange(Request(self._address + path, data=body, headers=self._headers))
        )

    def _exchange(self, request: Request) -> bytes:
        try:
            with _open(request, timeout=SILENCE_SECONDS) as answer:
                return bytes(answer.read(LARGEST_ANSWER))
        except HTTPError as said:
            raise self._no(said) from said
        except (URLError, OSError) as failed:
            raise self._silent(f"It does not answer: {failed}") from failed

    def _no(self, said: HTTPError) -> Exception:
        with said:
            if said.code == NOT_FOUND:
                return RecordUnknown("There is no such record.")
            if said.code != CONFLICT:
                return self._silent(f"It answered with status {said.code}.")
            told = self._decoded(said.read(LARGEST_ANSWER))
            return Refused(str(told.get("number")), str(told.get("text")))

    def _decoded(self, answer: bytes) -> Any:
        try:
            return json.loads(answer)
        except ValueError as broken:
            raise self._silent("Its answer is not JSON.") from broken
