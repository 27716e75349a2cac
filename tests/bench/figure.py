"""One figure: a ratio against something measured in the same run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A ratio, what it should be at most or at least, and what it was made of."""

    name: str
    value: float
    target: str
    made_of: str


def seconds(action: Callable[[], object]) -> float:
    """Time one action."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def paired(
    first: Callable[[], object], second: Callable[[], object], times: int
) -> tuple[float, float]:
    """Return the medians, in seconds, of two actions that take turns, after one turn to warm up."""
    first(), second()
    both = [(seconds(first), seconds(second)) for _ in range(times)]
    return statistics.median(a for a, _ in both), statistics.median(b for _, b in both)


def milliseconds(span: float) -> str:
    """Write a span of time."""
    return f"{span * 1000:.3g} ms"
