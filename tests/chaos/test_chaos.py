"""Everybody is killed at random for some seconds; see `make chaos` for a longer time."""

from __future__ import annotations

from pathlib import Path
from random import randrange

import pytest

from tests.chaos.chaos import rage
from tests.databases import OwnMongo

SECONDS = 8


@pytest.mark.parametrize("store", ["sqlite", "mongo"])
def test_nothing_is_lost_and_nothing_happens_twice(
    store: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server: OwnMongo | None = None
    if store == "mongo":
        server = request.getfixturevalue("own_mongo")
    report = rage(tmp_path, server, SECONDS, seed=randrange(10**6))
    assert report.findings.broken == [], f"seed {report.seed}"
    assert report.counts.kills > 0
    assert report.findings.tickets > 0
