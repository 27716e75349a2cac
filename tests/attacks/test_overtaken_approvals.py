"""An approval that was overtaken is asked for again with what has changed, never acted on."""

from __future__ import annotations

from support_cli.domain.ticket import Status
from tests.policy.conftest import staffed
from tests.policy.shop import Shop

__all__ = ["staffed"]


def test_an_overtaken_approval_is_not_asked_again_without_what_has_changed(staffed: Shop) -> None:
    for name in ("ORD-1", "ORD-2"):
        staffed.order(name, paid="150.00")
    first, second = staffed.wants("150.00", "ORD-1"), staffed.wants("150.00", "ORD-2")
    staffed.decides(first)
    ticket = staffed.decides(second)
    assert ticket.status is Status.WAITING
    (request,) = ticket.open_requests
    assert request.reason == (
        "More than 200 would go back to this customer within 24 hours. Since it was permitted, "
        "customer.refunds_24h was 0.00 EUR and is now 150.00 EUR."
    )
    assert not staffed.refunded("ORD-2").minor


def test_an_overtaken_approval_is_acted_on_once_it_is_given_again(staffed: Shop) -> None:
    for name in ("ORD-1", "ORD-2"):
        staffed.order(name, paid="150.00")
    first, second = staffed.wants("150.00", "ORD-1"), staffed.wants("150.00", "ORD-2")
    staffed.decides(first)
    ticket = staffed.decides(staffed.decides(second))
    assert ticket.status is Status.ANSWERED
    assert str(staffed.refunded("ORD-2")) == "150.00 EUR"
