"""The store goes away for a short time; for longer: `python -m tests.chaos --away 30`."""

from __future__ import annotations

from pathlib import Path
from random import randrange

import pytest

from tests.chaos.away import WAYS, outlive

SECONDS = 1  # at least: it is away until the workers have said so
IMPATIENT = "serverSelectionTimeoutMS=500"  # else a request waits for 30 s before it is told


@pytest.mark.parametrize(
    ("store", "how"), [(store, how) for store, ways in WAYS.items() for how in ways]
)
def test_a_store_that_is_away_under_load_ends_no_worker_and_loses_nothing(
    store: str, how: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The workers say once that it is away and once that it is back, and nothing beyond that."""
    server = request.getfixturevalue("own_mongo") if store == "mongo" else None
    outcome = outlive(tmp_path, server, how, SECONDS, randrange(10**6), IMPATIENT)
    assert outcome.findings.broken == [], f"seed {outcome.seed}"
    assert outcome.findings.tickets > 0
