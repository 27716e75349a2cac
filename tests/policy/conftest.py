"""A shop on a real store: on SQLite, and where a test says so on every store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.fakes import ToldClock
from tests.policy.shop import NOW, PEOPLE, Shop, opened, policy_with


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """Give a shop with Ada's account, under the packaged policy."""
    # The hours before and after now are counted to the minute; a slow suite must not eat them up.
    with opened({"SUPPORT_HOME": str(tmp_path)}, clock=ToldClock(NOW)) as shop:
        shop.account()
        yield shop


@pytest.fixture
def staffed(store_target: Mapping[str, str], tmp_path: Path) -> Iterator[Shop]:
    """Give a shop on each store whose policy names people: mia, max (managers), dora."""
    policy = policy_with(tmp_path / "staffed.toml", people=PEOPLE)
    with opened(store_target, SUPPORT_POLICY=str(policy)) as shop:
        shop.account()
        yield shop
