"""The lowest point of a smooth, convex cost in millions of numbers: L-BFGS in single precision.

scipy's own keeps bounds for every number in Python's lists and its state in double precision,
which took longer than the cost itself (`docs/performance.md`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float32]
Cost = Callable[[Numbers], tuple[float, Numbers]]
KEPT = 6  # steps that the shape of the cost is guessed from
ENOUGH = 1e-4  # of the descent that the slope promises; Armijo's rule
HALVINGS = 20
STILL = 1e-7  # a step that gains less than this share of the cost is the last


def lowest(cost: Cost, start: Numbers, iterations: int) -> Numbers:
    """Where `cost` (value and slope) is lowest, or as low as so many iterations come.

    Source: J. Nocedal, Mathematics of Computation 35 (1980) 773-782.
    """
    at = start
    value, slope = cost(at)
    steps: deque[tuple[Numbers, Numbers, float]] = deque(maxlen=KEPT)
    for _ in range(iterations):
        way = _way(slope, steps)
        found = _walk(cost, at, value, slope, way, first=not steps)
        if found is None:
            break
        there, lower, steeper = found
        step, bend = there - at, steeper - slope
        gained, at, value, slope = value - lower, there, lower, steeper
        if (curve := float(step @ bend)) > 0:
            steps.append((step, bend, curve))
        if gained <= STILL * max(1.0, abs(value)):
            break
    return at


def _way(slope: Numbers, steps: deque[tuple[Numbers, Numbers, float]]) -> Numbers:
    """Downhill, bent as the last steps have shown the cost to be."""
    way = -slope
    shares: list[float] = []
    for step, bend, curve in reversed(steps):
        shares.append(float(step @ way) / curve)
        way -= np.float32(shares[-1]) * bend
    if steps:
        _, bend, curve = steps[-1]
        way *= np.float32(curve / float(bend @ bend))
    for (step, bend, curve), share in zip(steps, reversed(shares), strict=True):
        way += np.float32(share - float(bend @ way) / curve) * step
    return way


def _walk(
    cost: Cost, at: Numbers, value: float, slope: Numbers, way: Numbers, *, first: bool
) -> tuple[Numbers, float, Numbers] | None:
    """A point far enough down this way, with its cost; None where there is none."""
    promised = float(slope @ way)
    if promised >= 0:
        return None
    length = 1 / float(np.sqrt(way @ way)) if first else 1.0
    for _ in range(HALVINGS):
        there = at + np.float32(length) * way
        lower, steeper = cost(there)
        if lower <= value + ENOUGH * length * promised:
            return there, lower, steeper
        length /= 2
    return None
