"""Order and proof: where a reader stands in the log, and how each fact seals the one before."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from desk.errors import Invalid

FIRST_HASH = "0" * 64


class NoSuchPosition(Invalid):
    """A reader named a place that the log cannot have."""


@dataclass(frozen=True, order=True)
class Position:
    """A place in the log: everything at or before it has been read."""

    tx: int = 0
    number: int = 0

    def __str__(self) -> str:
        return f"{self.tx}.{self.number}"

    @classmethod
    def parse(cls, text: str) -> "Position":
        """Read back what `str` wrote.

        Raises:
            NoSuchPosition: it is not two whole numbers with a dot between them.
        """
        tx, _, number = text.partition(".")
        if not (tx.isascii() and tx.isdigit() and number.isascii() and number.isdigit()):
            raise NoSuchPosition("A position looks like 0.42: two whole numbers and a dot.")
        if len(tx) > 19 or len(number) > 18:
            raise NoSuchPosition("That position lies beyond the end of any log.")
        return cls(int(tx), int(number))


def seal(
    previous: str, kind: str, stream: UUID, number: int, at: datetime, facts: dict[str, Any]
) -> str:
    """SHA-256, as 64 hex digits, over one fact and the seal of the fact before it."""
    told = json.dumps(
        [previous, kind, str(stream), number, at.isoformat(timespec="microseconds"), facts],
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return hashlib.sha256(told.encode()).hexdigest()
