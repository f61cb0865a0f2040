"""The figures that count, out of the parts' details, beside what was aimed at."""

from __future__ import annotations

from typing import Any

# key of the result -> (set, figure)
OF_A_TRAINING = {
    "banking77_full": ("banking77_full", "accuracy"),
    "banking77_10shot": ("banking77_10shot", "accuracy"),
    "clinc150": ("clinc150", "accuracy"),
    "clinc150_at_threshold": ("clinc150", "at_threshold"),
    "oos_recall": ("clinc150", "oos_recall"),
    "oos_auroc": ("clinc150", "oos_auroc"),
}
RATIOS = ("parse_ratio", "train_ratio", "start_ratio", "memory_ratio")
AT_LEAST = {
    "quick_banking77_full": 0.942,
    "quick_banking77_10shot": 0.865,
    "quick_clinc150": 0.960,
    "quick_clinc150_at_threshold": 0.92,
    "quick_oos_recall": 0.88,
    "quick_oos_auroc": 0.978,
    "deep_banking77_full": 0.948,
    "deep_banking77_10shot": 0.88,
    "deep_clinc150": 0.968,
    "deep_clinc150_at_threshold": 0.93,
    "deep_oos_recall": 0.90,
    "holdout_en": 0.95,
    "holdout_zh": 0.95,
}
AT_MOST = {"parse_ratio": 0.5, "train_ratio": 0.1, "start_ratio": 0.5, "memory_ratio": 0.6}


def headline(parts: dict[str, Any]) -> dict[str, float]:
    """Only what was measured; a part that never ran has no figure here."""
    found: dict[str, float] = {}
    for way in ("quick", "deep"):
        if way in parts:
            found |= {
                f"{way}_{key}": _of(parts[way], *at)
                for key, at in OF_A_TRAINING.items()
                if at[0] in parts[way]
            }
    for language in ("en", "zh"):
        if "holdout" in parts:
            found[f"holdout_{language}"] = parts["holdout"][language]["acted_upon"]
    if "speed" in parts:
        found |= {name: parts["speed"][name] for name in RATIOS}
    return {name: round(value, 4) for name, value in found.items()}


def table(found: dict[str, float]) -> str:
    """For a reader at the terminal: every figure, its target, and whether it is met."""
    lines = [f"{'':32}{'reached':>10}{'target':>10}"]
    for name, value in found.items():
        least, most = AT_LEAST.get(name), AT_MOST.get(name)
        met = (least is None or value >= least) and (most is None or value <= most)
        sign = "≥" if least is not None else "≤"
        target = least if least is not None else most
        told = f"{sign} {target:.3f}" if target is not None else "–"
        lines.append(f"{name:32}{value:10.4f}{told:>10}   {'' if met else 'missed'}".rstrip())
    return "\n".join(lines)


def _of(way: dict[str, Any], measured: str, figure: str) -> float:
    """Of several seeds their median, of one its own."""
    details = way[measured]
    return float(details.get("median", details)[figure])
