"""One policy for the desk: seeding, applying, versions, and what happens without one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from support_cli.domain.policy import KeptPolicy
from support_cli.domain.policy_change import ActivePolicy
from support_cli.domain.request import Kind
from support_cli.domain.ticket import Status
from support_cli.domain.verdict import Proposal, Ruling
from support_cli.errors import NotFound, UsageError
from tests.policy.shop import ADA, DEFAULT, PEOPLE, Shop, opened, policy_with, refund

BOTH = ("manager", "director")
REFUND = {"order_id": "ORD-1", "amount": "60.00", "reason": "x"}


def test_an_empty_store_takes_the_packaged_policy(shop: Shop) -> None:
    assert shop.desk.rulebooks.kept(None).text == DEFAULT.read_text(encoding="utf-8")


def test_an_empty_store_takes_the_policy_of_the_settings_and_keeps_it(tmp_path: Path) -> None:
    home = {"SUPPORT_HOME": str(tmp_path)}
    one = policy_with(tmp_path / "one.toml", ("confidence = 0.7", "confidence = 0.8"))
    two = policy_with(tmp_path / "two.toml", ("confidence = 0.7", "confidence = 0.9"))
    with opened(home, SUPPORT_POLICY=str(one)) as shop:
        seeded = shop.desk.rulebooks.kept(None)
    with opened(home, SUPPORT_POLICY=str(two)) as shop:
        assert shop.desk.rulebooks.kept(None) == seeded
    assert "0.8" in seeded.text


def test_what_is_applied_holds_and_older_versions_stay_readable(shop: Shop, tmp_path: Path) -> None:
    first = shop.desk.rulebooks.kept(None)
    shop.order()
    assert shop.judge("refund_order", REFUND).ruling is Ruling.ALLOW
    stricter = policy_with(tmp_path / "p.toml", ("'100.00'", "'10.00'"))
    version = shop.applies(stricter).policy
    assert shop.judge("refund_order", REFUND).policy_version == version
    assert shop.judge("refund_order", REFUND).ruling is Ruling.ASK
    assert shop.desk.rulebooks.kept(first.id[:6]).text == first.text
    assert shop.applies(DEFAULT).policy == first.id


def test_a_slip_is_not_applied(shop: Shop, tmp_path: Path) -> None:
    before = shop.desk.rulebooks.kept(None)
    slip = policy_with(tmp_path / "p.toml", ("order.items", "order.itms"))
    with pytest.raises(UsageError, match="line 81"):
        shop.applies(slip)
    assert shop.desk.rulebooks.kept(None) == before


def test_a_version_that_is_not_there_is_not_found(shop: Shop) -> None:
    with pytest.raises(NotFound, match="no policy version ffff"):
        shop.desk.rulebooks.kept("ffff")


def _gone(shop: Shop) -> None:
    shop.desk.rulebooks.active()
    shop.desk.documents.delete(KeptPolicy, shop.desk.rulebooks.kept(None).id)


def _changed(shop: Shop) -> None:
    kept = shop.desk.rulebooks.kept(None)
    loose = kept.text.replace("'100.00'", "'9999.00'")
    assert shop.desk.documents.replace(replace(kept, text=loose))


def _never_written(shop: Shop) -> None:
    now = shop.desk.clock.now()
    shop.desk.documents.insert(ActivePolicy("active", "000000000000", now, "x"))


@pytest.mark.parametrize("spoil", [_gone, _changed, _never_written])
def test_a_store_whose_policy_cannot_be_read_runs_nothing(
    store_target: Mapping[str, str], spoil: Callable[[Shop], None]
) -> None:
    with opened(store_target) as shop:
        spoil(shop)
    with opened(store_target) as shop:
        shop.account()
        shop.order()
        ticket = shop.says(refund("60.00"))
        (request,) = ticket.open_requests
        assert (ticket.status, request.kind) == (Status.WAITING, Kind.FAILURE)
        assert "olicy" in (request.reason or "")
        assert shop.refunded().minor == 0


def test_a_seed_that_cannot_be_read_runs_nothing(tmp_path: Path) -> None:
    slip = policy_with(tmp_path / "p.toml", ("order.items", "order.itms"))
    with opened({"SUPPORT_HOME": str(tmp_path)}, SUPPORT_POLICY=str(slip)) as shop:
        ticket = shop.says("hello")
        assert "line 81" in (ticket.open_requests[0].reason or "")
        assert [check.ok for check in shop.desk.policies.checks()] == [False]


def test_while_nobody_is_named_everybody_holds_all_levels_and_the_doctor_says_so(
    shop: Shop, tmp_path: Path
) -> None:
    assert shop.desk.policies.staff().held("anybody", ["manager"]) == {"manager"}
    assert any(check.remedy for check in shop.desk.policies.checks())
    shop.applies(policy_with(tmp_path / "p.toml", people=PEOPLE))
    staff = shop.desk.policies.staff()
    assert staff.held("mia", BOTH) == {"manager"}
    assert not staff.includes("anybody")
    assert not any(check.remedy for check in shop.desk.policies.checks())


def test_an_effect_is_allowed_by_its_own_name_only(shop: Shop, tmp_path: Path) -> None:
    loose = tmp_path / "p.toml"
    loose.write_text(
        'currency = "EUR"\n[[rules]]\nname = "all"\ntools = ["*"]\nverdict = "allow"\n'
        '[[rules]]\nname = "credits"\ntools = ["issue_credit"]\nverdict = "allow"\n'
    )
    shop.applies(loose)
    shop.order()
    assert shop.judge("get_order", {"order_id": "ORD-1"}).rule == "all"
    assert shop.judge("issue_credit", {"amount": "1.00", "currency": "EUR"}).rule == "credits"
    unnamed = shop.judge("refund_order", REFUND)
    assert (unnamed.ruling, unnamed.rule) == (Ruling.ASK, "what no rule names")


@pytest.mark.parametrize(
    "condition",
    [
        "money('9' + '9.00') > action.amount && action.amount < money(customer.tier)",
        "1 / (order.items - 1) == 1",
        "[1, 2][order.items + 5] == 1",
    ],
)
@pytest.mark.parametrize("verdict", ["allow", 'refuse"\nreason = "No.'])
def test_a_condition_that_fails_asks(
    shop: Shop, tmp_path: Path, condition: str, verdict: str
) -> None:
    policy = tmp_path / "p.toml"
    policy.write_text(
        f'currency = "EUR"\n[[rules]]\nname = "odd"\ntools = ["refund_order"]\n'
        f'when = "{condition}"\nverdict = "{verdict}"\n'
    )
    shop.applies(policy)
    shop.order()
    told = shop.judge("refund_order", REFUND)
    assert told.ruling is Ruling.ASK
    assert "“odd” cannot be judged" in (told.reason or "")


def test_whatever_was_judged_is_in_the_history_once(shop: Shop) -> None:
    shop.order()
    ticket = shop.wants("60.00")
    (action,) = shop.desk.trial.of_ticket(ticket.id)
    assert (action.tool, action.verdict.ruling, action.confidence) == ("refund_order", "allow", 1.0)
    assert action.verdict.facts["order.refundable"] == "60.00 EUR"
    history = shop.desk.policies.history
    call = action.id.removeprefix(f"{ticket.id}:")
    again = Proposal(ticket.id, ADA, call, action.tool, action.args, 1.0)
    history.record(again, action.verdict, reads=False, edit=False, at=action.at)
    assert list(shop.desk.trial.of_ticket(ticket.id)) == [action]
