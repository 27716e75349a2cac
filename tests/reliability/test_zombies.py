"""A process is stopped past its lease, another one finishes its work, and it wakes up."""

from __future__ import annotations

import pytest

from tests.reliability import matrix
from tests.reliability.desk import Target
from tests.reliability.scenarios import SCENARIOS, Scenario

DONE, CONFLICT = 0, 6
# Who slept between writing an effect down and acting may find its time gone, and does not act.
LATE = "It could not be started in time."


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_process_may_sleep_through_its_lease_at_any_write(
    store_target: Target, scenario: Scenario
) -> None:
    cases = matrix.cases(store_target, [scenario])
    matrix.prepared(store_target, cases)
    with matrix.stopped(store_target, cases) as wake:
        matrix.recover(store_target)
        assert list(matrix.broken(store_target, cases)) == []
        assert wake() <= {DONE, CONFLICT}
    matrix.recover(store_target)
    assert list(matrix.broken(store_target, cases)) == []
    assert [each for each in matrix.unfinished(store_target, cases) if LATE not in each] == []
