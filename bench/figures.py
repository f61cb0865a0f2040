"""From rounds to ratios. Every ratio is ours over stock's."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from groundwork.places import Places

SIDES = ("ours", "stock")
# ratio, customers at once, figure
FROM_ROUNDS = (
    ("p50_ratio", "1", "p50_ms"),
    ("p95_ratio", "1", "p95_ms"),
    ("throughput_ratio_1", "1", "turns_per_second"),
    ("throughput_ratio_8", "8", "turns_per_second"),
    ("throughput_ratio_32", "32", "turns_per_second"),
)
# ratio, (our figure, stock's figure)
FROM_STARTS = (
    ("start_ratio", "bot"),
    ("start_ratio_all", "everything"),
)
IN_THE_DESK = ("fastapi", "sqlalchemy", "dbos", "rasa-sdk")
IN_THE_BOT = ("rasa", "tensorflow")

Round = dict[str, dict[str, dict[str, float]]]  # customers at once -> side -> figures
Start = dict[str, dict[str, float]]  # what was started -> side -> seconds
Memory = dict[str, dict[str, dict[str, float]]]  # side -> process -> figures


def ratios(rounds: list[Round], starts: list[Start], memory: Memory) -> dict[str, float]:
    """Median over median."""
    found = {
        name: _median(rounds, at_once, "ours", figure) / _median(rounds, at_once, "stock", figure)
        for name, at_once, figure in FROM_ROUNDS
    }
    for name, what in FROM_STARTS:
        ours, stock = ([each[what][side] for each in starts] for side in SIDES)
        found[name] = statistics.median(ours) / statistics.median(stock)
    found["memory_ratio"] = memory["ours"]["bot"]["pss_mib"] / memory["stock"]["rasa"]["pss_mib"]
    found["memory_ratio_all"] = total(memory["ours"], "pss_mib") / total(memory["stock"], "pss_mib")
    return {name: round(value, 3) for name, value in found.items()}


def spread(rounds: list[Round], starts: list[Start]) -> dict[str, list[float]]:
    """The lowest and the highest ratio that one round alone would have given."""
    alone = {
        name: [each[at_once]["ours"][figure] / each[at_once]["stock"][figure] for each in rounds]
        for name, at_once, figure in FROM_ROUNDS
    }
    for name, what in FROM_STARTS:
        alone[name] = [each[what]["ours"] / each[what]["stock"] for each in starts]
    return {name: [round(min(of), 3), round(max(of), 3)] for name, of in alone.items()}


def medians(rounds: list[Round], starts: list[Start], side: str) -> dict[str, Any]:
    """One side's own figures."""
    talking = {
        at_once: {f: round(_median(rounds, at_once, side, f), 2) for f in rounds[0][at_once][side]}
        for at_once in rounds[0]
    }
    waiting = {what: statistics.median(each[what][side] for each in starts) for what in starts[0]}
    return {"customers_at_once": talking, "start_seconds": waiting}


def total(processes: dict[str, dict[str, float]], figure: str) -> float:
    return round(sum(process[figure] for process in processes.values()), 1)


def machine() -> dict[str, Any]:
    """Where and with what the figures were taken."""
    model = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "processor": model[0] if model else platform.machine(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load_average_before": [round(each, 2) for each in os.getloadavg()],
        "versions": {name: version(name) for name in IN_THE_DESK} | _versions_in_the_bot(),
    }


def _versions_in_the_bot() -> dict[str, str]:
    named = f"{{name: metadata.version(name) for name in {IN_THE_BOT}}}"
    asked = f"import json; from importlib import metadata; print(json.dumps({named}))"
    told = subprocess.run(
        [str(Places().bot_python), "-c", asked], capture_output=True, text=True, check=True
    )
    found: dict[str, str] = json.loads(told.stdout)
    return found


def table(result: dict[str, Any]) -> str:
    """The result for a reader at the terminal."""
    ours, stock = (result[side]["customers_at_once"] for side in SIDES)
    lines = [f"{'':28}{'ours':>10}{'stock':>10}{'ratio':>8}   lowest and highest round"]
    for name, at_once, figure in FROM_ROUNDS:
        label = f"{figure}, {at_once} at once"
        lines.append(_line(result, name, label, ours[at_once][figure], stock[at_once][figure]))
    for name, what in FROM_STARTS:
        seconds = [result[side]["start_seconds"][what] for side in SIDES]
        lines.append(_line(result, name, f"start of {what}, s", *seconds))
    memory = {side: result[side]["memory"] for side in SIDES}
    bots = (memory["ours"]["bot"]["pss_mib"], memory["stock"]["rasa"]["pss_mib"])
    lines.append(_line(result, "memory_ratio", "memory of the bot, MiB", *bots))
    sums = (total(memory[side], "pss_mib") for side in SIDES)
    lines.append(_line(result, "memory_ratio_all", "memory of everything, MiB", *sums))
    return "\n".join(lines)


def _line(result: dict[str, Any], name: str, label: str, ours: float, stock: float) -> str:
    low_high = result["spread"].get(name)
    told = f"   {low_high[0]:.2f} to {low_high[1]:.2f}" if low_high else ""
    return f"{label:28}{ours:10.2f}{stock:10.2f}{result[name]:8.2f}{told}"


def _median(rounds: list[Round], at_once: str, side: str, figure: str) -> float:
    return statistics.median(each[at_once][side][figure] for each in rounds)
