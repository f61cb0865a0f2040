"""Make the trained part: `python -m language.entities`. Does nothing while it fits its sources."""

from __future__ import annotations

import argparse
from pathlib import Path

from language.entities.trained import is_current, made_once, train


def main() -> None:
    """Train where needed; say in one line what was done."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--out", type=Path, default=made_once())
    asked.add_argument("--force", action="store_true", help="train even if nothing changed")
    told = asked.parse_args()
    if is_current(told.out) and not told.force:
        print(f"The entity pipelines in {told.out} fit their sources.")  # noqa: T201
        return
    train(told.out)
    print(f"Trained {told.out}.")  # noqa: T201


if __name__ == "__main__":
    main()
