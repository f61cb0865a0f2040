"""What the bot understands, and at what price, through its own Rasa pipeline beside stock's.

    .venv/bin/python bench/nlu.py                      all parts; writes bench/results/nlu.json
    .venv/bin/python bench/nlu.py --part quick         one part, merged into that file; of quick
                                                       and deep also one --set
    .venv/bin/python bench/nlu.py --kept-stock         do not train stock anew if that was done
    .venv/bin/python bench/nlu.py --stock-epochs 10    stock's training cut short: the time of
                                                       100 rounds is then reckoned from it
    .venv/bin/python bench/nlu.py --quick              a trial on few messages; writes nothing

Parts: quick, deep, stock, holdout, speed. How it measures, and what the figures mean:
docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from bench import accuracy, figures, sets, speed  # noqa: E402  the lines above make them known
from bench.nlu_figures import headline, table  # noqa: E402
from bench.strangers import Others, commit  # noqa: E402

RESULT = ROOT / "bench/results/nlu.json"
KEPT = ROOT / "var/bench/nlu"


@dataclass(frozen=True)
class Plan:
    """How much is measured, and where what takes long is kept."""

    public: dict[str, sets.Measured]
    holdout: dict[str, tuple[sets.Line, ...]]
    kept: Path
    seeds: int = 5
    jobs: int = 1  # trainings at once, where only what is understood counts
    stock_epochs: int = 100
    deep_epochs: int | None = None  # as language.deep chooses
    messages: int = 300
    starts: int = 3
    kept_stock: bool = False


PARTS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "quick": accuracy.quick,
    "holdout": accuracy.on_our_holdout,
    "deep": accuracy.deep,
    "stock": accuracy.of_stock,
    "speed": speed.measure,
}


def main() -> None:
    """Measure part by part; what is finished is kept even if a later part fails."""
    given = _arguments()
    plan = _plan(given)
    out = given.out or (None if given.quick else RESULT)
    details: dict[str, Any] = {}
    for name in given.part or PARTS:
        print(f"— {name} —", flush=True)
        found = measured(PARTS[name], plan)
        if out is not None and out.exists():  # another run may have written meanwhile
            details = json.loads(out.read_text())["parts"]
        details[name] = details.get(name, {}) | found
        if out is not None:
            out.parent.mkdir(parents=True, exist_ok=True)
            result = headline(details) | {"parts": details}
            out.write_text(json.dumps(result, indent=2) + "\n")
    print(table(headline(details)))


def measured(part: Callable[[Any], dict[str, Any]], plan: Plan) -> dict[str, Any]:
    """The part's figures, and when, where and in what company they were taken."""
    machine = figures.machine()
    others = Others()
    began = datetime.now(UTC)
    found = part(plan)
    machine["cores_busy_with_other_work"] = others.cores()
    minutes = round((datetime.now(UTC) - began).total_seconds() / 60, 1)
    return found | {"commit": commit(), "minutes": minutes, "machine": machine}


def _arguments() -> argparse.Namespace:
    asked = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    asked.add_argument("--part", action="append", choices=PARTS, help="may be given again")
    asked.add_argument("--data", type=Path, default=sets.DATA, help="the public sets' folder")
    asked.add_argument("--kept-stock", action="store_true", help="use the stock model kept here")
    asked.add_argument("--set", action="append", help="of quick and deep only this set")
    asked.add_argument("--seeds", type=int, default=Plan.seeds)
    asked.add_argument("--jobs", type=int, default=1, help="trainings at once in `quick`")
    asked.add_argument("--stock-epochs", type=int, default=Plan.stock_epochs)
    asked.add_argument("--quick", action="store_true", help="a trial of minutes, not kept")
    asked.add_argument("--out", type=Path, default=None, help=f"by default {RESULT.name}")
    return asked.parse_args()


def _plan(given: argparse.Namespace) -> Plan:
    public = sets.public(given.data)
    ours = {language: sets.holdout(language) for language in sets.LANGUAGES}
    if not given.quick:
        epochs = given.stock_epochs
        kept, jobs = given.kept_stock, given.jobs
        return Plan(
            {name: each for name, each in public.items() if name in (given.set or public)},
            ours,
            KEPT,
            seeds=given.seeds,
            jobs=jobs,
            stock_epochs=epochs,
            kept_stock=kept,
        )
    return Plan(
        {name: sets.some(measured, 150) for name, measured in public.items()},
        ours,
        KEPT / "trial",
        seeds=1,
        stock_epochs=2,
        deep_epochs=1,
        messages=20,
        starts=1,
        kept_stock=given.kept_stock,
    )


if __name__ == "__main__":
    main()
