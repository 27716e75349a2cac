from __future__ import annotations

from datetime import timedelta

import pytest

from support_cli.domain.durations import age, parse_duration
from support_cli.errors import UsageError


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("10m", 600), ("2h", 7200), ("3d", 259200), ("1w", 604800), (" 1.5H ", 5400)],
)
def test_a_number_and_a_unit_are_a_duration(text: str, seconds: float) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text", ["", "10", "m", "-1m", "1y", "1 m", "1m30s", "1e3s", "nan", "\u0661m"]
)
def test_anything_else_is_not_a_duration(text: str) -> None:
    with pytest.raises(UsageError, match="not a duration"):
        parse_duration(text)


def test_a_duration_ends_at_a_hundred_years() -> None:
    assert parse_duration("36600d") == timedelta(days=36600)
    with pytest.raises(UsageError, match="100 years"):
        parse_duration("36601d")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "0s"),
        (0.9, "0s"),
        (59, "59s"),
        (60, "1m"),
        (3599, "59m"),
        (7200, "2h"),
        (864000, "10d"),
    ],
)
def test_an_age_is_told_in_its_largest_whole_unit(seconds: float, text: str) -> None:
    assert age(timedelta(seconds=seconds)) == text
