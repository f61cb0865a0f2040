"""A lean HTTP client: what it costs itself must not show beside what it measures."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any


class Refused(Exception):
    """The server did not do what it was asked; status and words are in the message."""


class Wire:
    """One kept connection to one server on this machine."""

    def __init__(self, port: int, headers: Mapping[str, str] | None = None) -> None:
        self._port = port
        self._headers = {"Host": f"127.0.0.1:{port}", **(headers or {})}
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON of the answer.

        Raises:
            Refused: the status is 400 or more.
        """
        reader, writer = await self._open()
        writer.write(self._request(method, path, body))
        status, headers = await _head(reader)
        answer = await reader.readexactly(int(headers.get("content-length", "0")))
        if status >= 400:
            raise Refused(f"{method} {path}: {status} {answer.decode(errors='replace')}")
        return json.loads(answer) if answer else None

    async def frames(self, path: str, headers: Mapping[str, str]) -> AsyncIterator[dict[str, str]]:
        """The fields of each frame of an event stream, comments left out, as they arrive.

        Raises:
            Refused: the stream was not opened.
        """
        reader, writer = await self._open()
        writer.write(self._request("GET", path, None, headers))
        status, _ = await _head(reader)
        if status != 200:
            raise Refused(f"GET {path}: {status}")
        kept = b""
        while size := int(await reader.readline(), 16):
            kept += (await reader.readexactly(size + 2))[:-2]
            *whole, kept = kept.split(b"\n\n")
            for frame in whole:
                lines = (line.split(": ", 1) for line in frame.decode().split("\n"))
                if fields := {name: value for name, value in lines if name}:
                    yield fields

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is None or self._streams[0].at_eof():  # idle for long: the server hung up
            self.close()
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        return self._streams

    def _request(
        self, method: str, path: str, body: Any, more: Mapping[str, str] | None = None
    ) -> bytes:
        payload = b"" if body is None else json.dumps(body).encode()
        headers = {**self._headers, **(more or {}), "Content-Length": str(len(payload))}
        if payload:
            headers["Content-Type"] = "application/json"
        lines = [f"{method} {path} HTTP/1.1", *(f"{k}: {v}" for k, v in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode() + payload


async def _head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    return int(first.split(" ")[1]), {k.lower(): v.strip() for k, _, v in pairs}
