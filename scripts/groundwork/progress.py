"""What the owner sees while the set-up works: a line when a step begins, its seconds when done."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


def say(line: str) -> None:
    print(line, flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Show that `title` has begun, and how long it took. On a screen both share one line."""
    on_a_screen = sys.stdout.isatty()
    back = "\r" if on_a_screen else ""
    print(f"  …  {title}", end="" if on_a_screen else "\n", flush=True)
    began = time.monotonic()
    try:
        yield
    except BaseException:
        say(f"{back}  ✗  {title}")
        raise
    took = time.monotonic() - began
    say(f"{back}  ✓  {title} ({took:.1f} s)")


def table(rows: list[tuple[str, ...]], indent: str = "  ") -> str:
    """The rows as text, each column as wide as its widest cell."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    padded = (zip(row, widths, strict=True) for row in rows)
    lines = ("  ".join(cell.ljust(width) for cell, width in row) for row in padded)
    return "\n".join(f"{indent}{line}".rstrip() for line in lines)
