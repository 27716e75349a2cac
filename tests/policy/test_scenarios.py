"""What happens at the desk when policy asks, on every store."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest

from support_cli.domain.request import Choice
from support_cli.domain.ticket import Status
from support_cli.errors import Decided, NotAllowed, Stale, UsageError
from tests.policy.obedient import Obedient, call
from tests.policy.shop import ADA, PEOPLE, Shop, opened, policy_with, refund


def paid_back(shop: Shop, order: str = "ORD-1") -> str:
    return str(shop.refunded(order).amount)


def test_a_routine_refund_goes_through_at_once(staffed: Shop) -> None:
    staffed.order(paid="60.00")
    assert staffed.wants("60.00").status is Status.ANSWERED
    assert paid_back(staffed) == "60.00"


def test_an_approval_lets_a_held_refund_through(staffed: Shop) -> None:
    staffed.order(paid="229.00")
    ticket = staffed.wants("229.00")
    assert (ticket.status, paid_back(staffed)) == (Status.WAITING, "0.00")
    assert staffed.decides(ticket).status is Status.ANSWERED
    assert paid_back(staffed) == "229.00"


def test_a_rejection_ends_it_and_the_model_may_insist_in_vain(
    store_target: Mapping[str, str], tmp_path: Path
) -> None:
    policy = policy_with(tmp_path / "staffed.toml", people=PEOPLE)
    model = Obedient(insists=True)
    with opened(store_target, model=model, SUPPORT_POLICY=str(policy)) as shop:
        shop.account()
        shop.order(paid="229.00")
        ticket = shop.decides(shop.wants("229.00"), Choice.REJECT, text="no receipt")
        assert {each.kind.value for each in ticket.open_requests} == {"question"}
        assert paid_back(shop) == "0.00"


def test_a_response_is_told_instead_of_acting(staffed: Shop) -> None:
    staffed.order(paid="229.00")
    ticket = staffed.decides(staffed.wants("229.00"), Choice.RESPOND, text="Send a photo, please.")
    assert "Send a photo, please." in (ticket.reply or "")
    assert paid_back(staffed) == "0.00"


def test_an_edit_is_done_instead_and_the_agent_is_told(staffed: Shop) -> None:
    staffed.order(paid="229.00")
    ticket = staffed.decides(staffed.wants("229.00"), Choice.EDIT, edit={"amount": "60.00"})
    assert "'229.00' became '60.00'" in (ticket.reply or "")
    assert paid_back(staffed) == "60.00"


def test_two_levels_must_agree(staffed: Shop) -> None:
    staffed.order(paid="1299.00")
    ticket = staffed.decides(staffed.wants("1299.00"), by="mia")
    assert (ticket.status, paid_back(staffed)) == (Status.WAITING, "0.00")
    assert staffed.decides(ticket, by="dora").status is Status.ANSWERED
    assert paid_back(staffed) == "1299.00"


def test_the_same_person_counts_once(staffed: Shop) -> None:
    staffed.order(paid="1299.00")
    ticket = staffed.decides(staffed.wants("1299.00"), by="mia")
    again = staffed.decides(ticket, by="mia")
    assert [vote.by for vote in again.open_requests[0].votes] == ["mia"]
    with pytest.raises(NotAllowed, match="still needs director"):
        staffed.decides(ticket, by="max")
    assert paid_back(staffed) == "0.00"


@pytest.mark.parametrize("by", ["dora", "stranger", ADA])
def test_who_lacks_the_level_or_is_the_customer_may_not_decide(staffed: Shop, by: str) -> None:
    staffed.order(paid="229.00")
    ticket = staffed.wants("229.00")
    for choice, text in ((Choice.APPROVE, None), (Choice.REJECT, None), (Choice.RESPOND, "Hm.")):
        with pytest.raises(NotAllowed):
            staffed.decides(ticket, choice, by=by, text=text)


def test_a_rejection_by_any_level_ends_it(staffed: Shop) -> None:
    staffed.order(paid="1299.00")
    ticket = staffed.decides(staffed.wants("1299.00"), by="mia")
    ended = staffed.decides(ticket, Choice.REJECT, by="dora", text="too much")
    assert (ended.status, paid_back(staffed)) == (Status.ANSWERED, "0.00")


def test_a_vote_is_stale_once_the_customer_has_written_again(staffed: Shop) -> None:
    staffed.order(paid="1299.00")
    ticket = staffed.decides(staffed.wants("1299.00"), by="mia")
    shown = ticket.open_requests[0]
    now = staffed.writes("I changed my mind.", ticket)
    with pytest.raises(Stale):
        staffed.decides(now, by="dora", request=shown)
    assert now.open_requests[0].votes == ()


def test_a_policy_changed_meanwhile_changes_nothing_for_what_waits(
    staffed: Shop, tmp_path: Path
) -> None:
    staffed.order(paid="229.00")
    ticket = staffed.wants("229.00")
    stricter = policy_with(tmp_path / "new.toml", ("'100.00'", "'10.00'"), people=PEOPLE)
    version = staffed.applies(stricter, "mia").policy
    assert ticket.open_requests[0].verdict
    assert ticket.open_requests[0].verdict.policy_version != version
    assert staffed.decides(ticket).status is Status.ANSWERED
    staffed.order("ORD-2", "20.00")
    assert staffed.wants("20.00", "ORD-2").status is Status.WAITING


def test_an_edit_that_needs_a_higher_level_waits_for_it(staffed: Shop) -> None:
    staffed.order(paid="1299.00")
    ticket = staffed.wants("229.00")
    edited = staffed.decides(ticket, Choice.EDIT, by="mia", edit={"amount": "1200.00"})
    request = edited.open_requests[0]
    assert (request.levels, request.args["amount"]) == (("manager", "director"), "1200.00")
    assert request.fingerprint != ticket.open_requests[0].fingerprint
    assert [(vote.by, vote.level) for vote in request.votes] == [("mia", "manager")]
    staffed.decides(edited, by="dora")
    assert paid_back(staffed) == "1200.00"


@pytest.mark.parametrize(
    ("edit", "refusal"),
    [
        ({"amount": "229.01"}, NotAllowed),
        ({"order_id": "ORD-9"}, NotAllowed),
        ({"amont": "1.00"}, UsageError),
    ],
)
def test_an_edit_that_policy_or_the_tool_refuses_is_not_accepted(
    staffed: Shop, edit: dict[str, str], refusal: type[Exception]
) -> None:
    staffed.order(paid="229.00")
    ticket = staffed.wants("229.00")
    with pytest.raises(refusal):
        staffed.decides(ticket, Choice.EDIT, edit=edit)
    assert staffed.desk.tickets.of_anyone(ticket.id).open_requests == ticket.open_requests


def test_two_calls_held_in_one_turn_are_decided_one_by_one(staffed: Shop) -> None:
    staffed.order("ORD-1", "120.00", quantity=2)
    staffed.order("ORD-2", "30.00", quantity=2)
    ticket = staffed.says(f"{refund('50.00')}\n{refund('30.00', 'ORD-2')}")
    first, second = ticket.open_requests
    ticket = staffed.decides(ticket, request=second)
    assert (paid_back(staffed), paid_back(staffed, "ORD-2")) == ("0.00", "30.00")
    assert staffed.decides(ticket, Choice.REJECT, request=first).status is Status.ANSWERED
    assert paid_back(staffed) == "0.00"


def test_two_approved_refunds_of_one_order_pay_no_more_than_was_paid(staffed: Shop) -> None:
    staffed.order(paid="229.00")
    one, two = staffed.wants("150.00"), staffed.wants("150.00")
    staffed.decides(one)
    after = staffed.decides(two)
    assert paid_back(staffed) == "150.00"
    assert "79.00 EUR" in (after.reply or "")


def test_a_sum_over_the_limit_is_shown_to_the_person_again(staffed: Shop) -> None:
    staffed.order("ORD-1", "150.00")
    staffed.order("ORD-2", "150.00")
    one, two = staffed.wants("150.00"), staffed.wants("150.00", "ORD-2")
    staffed.decides(one)
    asked = staffed.decides(two)
    (request,) = asked.open_requests
    assert request.verdict
    assert request.verdict.facts["customer.refunds_24h"] == "150.00 EUR"
    assert paid_back(staffed, "ORD-2") == "0.00"
    staffed.decides(asked)
    assert paid_back(staffed, "ORD-2") == "150.00"


def test_refunds_split_over_two_tickets_at_once_meet_in_one_line(
    staffed: Shop, store_target: Mapping[str, str]
) -> None:
    for number in range(1, 5):
        staffed.order(f"ORD-{number}", "80.00")
    tickets = [staffed.writes(refund("80.00", f"ORD-{number}")) for number in range(1, 5)]

    def run(ticket_id: str) -> Status:
        with opened(store_target) as shop:
            return shop.desk.runs.run(ticket_id).status

    with ThreadPoolExecutor(4) as pool:
        ends = list(pool.map(run, [ticket.id for ticket in tickets]))
    total = sum(staffed.refunded(f"ORD-{number}").amount for number in range(1, 5))
    assert total <= Decimal("200.00")
    assert sorted(ends) == [Status.ANSWERED] * 2 + [Status.WAITING] * 2


def test_a_decision_made_is_made(staffed: Shop) -> None:
    staffed.order(paid="229.00")
    ticket = staffed.wants("229.00")
    staffed.decides(ticket)
    with pytest.raises(Decided, match="mia decided request r1"):
        staffed.decides(ticket, Choice.REJECT, by="max")


def test_another_customers_order_is_refused_however_it_is_asked_for(staffed: Shop) -> None:
    staffed.order("ORD-7", customer="eve")
    ticket = staffed.says(refund("5.00", "ORD-7") + call("get_order", order_id="ORD-7"))
    assert "There is no order ORD-7 of this customer." in (ticket.reply or "")
    assert paid_back(staffed, "ORD-7") == "0.00"


def test_an_account_changes_once_a_person_agrees(staffed: Shop) -> None:
    wish = call("update_account", field="phone", value="+31 1", reason="moved")
    ticket = staffed.says(wish)
    assert ticket.status is Status.WAITING
    staffed.decides(ticket)
    account = staffed.desk.orders.account(ADA)
    assert account is not None
    assert (account.phone, [each.field for each in account.changes]) == ("+31 1", ["phone"])
