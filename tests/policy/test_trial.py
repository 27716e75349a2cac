"""A new policy is tried on all that was judged before, and on what waits, before it holds."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from support_cli.domain.action import Action
from support_cli.domain.verdict import Proposal, Ruling
from support_cli.services.trial import Outcome
from tests.policy.shop import ADA, DEFAULT, Shop, policy_with

ACTIONS = 10_000
Tried = Callable[..., Outcome]


@pytest.fixture
def tried(shop: Shop, tmp_path: Path) -> Tried:
    """Give a way to try the packaged policy with other words in it."""

    def run(*changes: tuple[str, str]) -> Outcome:
        file = policy_with(tmp_path / "candidate.toml", *changes)
        return shop.desk.trial.run(shop.desk.rulebooks.checked(file)[1])

    return run


def test_the_same_policy_changes_nothing(shop: Shop, tried: Tried) -> None:
    shop.order(paid="229.00")
    shop.wants("60.00")
    shop.wants("150.00")
    assert tried() == Outcome(actions=2, waiting=1, differences=())


def test_a_lower_limit_would_have_asked(shop: Shop, tried: Tried) -> None:
    shop.order(paid="229.00")
    ticket = shop.wants("60.00")
    outcome = tried(("'100.00'", "'50.00'"))
    (found,), (kinds,) = outcome.differences, outcome.by_kind()
    assert (found.ticket, kinds.count, str(kinds.money[0])) == (ticket.id, 1, "60.00 EUR")
    assert (found.before.ruling, found.after.levels) == (Ruling.ALLOW, ("manager",))


def test_what_waits_is_frozen_and_counted(shop: Shop, tried: Tried) -> None:
    shop.order(paid="229.00")
    ticket = shop.wants("150.00")
    outcome = tried(("'100.00'", "'300.00'"))
    assert (outcome.waiting, outcome.stuck) == (1, ())
    assert [each.ticket for each in outcome.differences] == [ticket.id]
    assert {each.after.ruling for each in outcome.differences} == {Ruling.ALLOW}


def test_trying_stores_nothing(shop: Shop, tried: Tried) -> None:
    before = shop.desk.rulebooks.kept(None)
    tried(("'100.00'", "'50.00'"))
    assert shop.desk.rulebooks.kept(None) == before
    assert len(list(shop.desk.rulebooks.versions())) == 1


def test_ten_thousand_actions_are_tried_in_a_few_seconds(shop: Shop, tried: Tried) -> None:
    shop.order(paid="229.00")
    pattern = shop.desk.policies.judge(
        Proposal("T", ADA, "c", "refund_order", {"order_id": "ORD-1", "amount": "60.00"}, 1.0)
    )
    now = shop.desk.clock.now()
    for number in range(ACTIONS - 1):
        action = Action(f"T:{number}", "T", ADA, "refund_order", False, {}, 1.0, pattern, now)
        shop.desk.documents.insert(action)
    began = time.perf_counter()
    outcome = tried(("'100.00'", "'50.00'"))
    print(f"\n{ACTIONS:,} actions tried in {time.perf_counter() - began:.1f} s")
    assert (outcome.actions, len(outcome.differences)) == (ACTIONS, ACTIONS)


def test_three_commands_change_a_limit(shop: Shop, tmp_path: Path, tried: Tried) -> None:
    assert DEFAULT.exists()
    shop.order(paid="229.00")
    assert tried(("'100.00'", "'300.00'"), ("'200.00'", "'400.00'")).differences == ()
    shop.applies(tmp_path / "candidate.toml")
    shop.wants("229.00")
    assert str(shop.refunded()) == "229.00 EUR"
