"""A write to the desk's own store keeps a ticket little longer than its lease."""

from __future__ import annotations

from datetime import timedelta

import pytest

from support_cli import wiring
from tests.reliability.desk import Target, open_desk


@pytest.mark.parametrize("store_target", ["sqlite"], indirect=True)
def test_a_runner_killed_in_a_write_of_ours_does_not_keep_its_ticket_for_long(
    store_target: Target,
) -> None:
    with open_desk(store_target) as desk:
        ours = [tool for tool in wiring.desk_tools(desk) if tool.marking.effect]
    assert {tool.name for tool in ours} >= {"issue_credit", "refund_order", "update_account"}
    assert all(tool.marking.timeout <= timedelta(seconds=5) for tool in ours)
