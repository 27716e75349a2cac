"""A process is killed at each of its writes; then a worker runs, and nothing is lost or doubled."""

from __future__ import annotations

import signal

import pytest

from tests.reliability import matrix
from tests.reliability.desk import Target
from tests.reliability.scenarios import SCENARIOS, Scenario


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_process_may_die_at_any_write(store_target: Target, scenario: Scenario) -> None:
    cases = matrix.cases(store_target, [scenario])
    matrix.prepared(store_target, cases)
    assert set(matrix.kill(store_target, cases)) == {-signal.SIGKILL}
    matrix.recover(store_target)
    assert list(matrix.broken(store_target, cases)) == []
    assert list(matrix.unfinished(store_target, cases)) == []
