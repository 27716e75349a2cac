"""Spans of time as people write them: `90s`, `10m`, `2h`, `3d`."""

from __future__ import annotations

import re
from datetime import timedelta

from support_cli.errors import UsageError

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_WRITTEN = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)([smhdw])", re.ASCII)


def parse_duration(text: str) -> timedelta:
    """Read a number and a unit (s, m, h, d, w) as a span of time.

    Raises:
        UsageError: anything else, and a span beyond 100 years.
    """
    written = _WRITTEN.fullmatch(text.strip().lower())
    if written is None:
        raise UsageError(
            f"“{text}” is not a duration.", hint="write a number and s, m, h, d or w, such as 10m"
        )
    seconds = float(written[1]) * _SECONDS[written[2]]
    if seconds > 100 * 366 * 86400:
        raise UsageError(f"“{text}” is too long: 100 years at most.")
    return timedelta(seconds=seconds)


def age(span: timedelta) -> str:
    """Write a span in its largest whole unit: `3h`. A negative span is `0s`."""
    seconds = max(0, int(span.total_seconds()))
    for unit in ("d", "h", "m"):
        if seconds >= _SECONDS[unit]:
            return f"{seconds // _SECONDS[unit]}{unit}"
    return f"{seconds}s"
