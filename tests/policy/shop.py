"""A shop with a desk: orders in a real store, an obedient model, and people who decide."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel

from support_cli import settings, wiring
from support_cli.domain.money import Money, parse_money
from support_cli.domain.order import Account, Item, Order, OrderStatus
from support_cli.domain.request import Choice, Request
from support_cli.domain.ticket import Ticket
from support_cli.domain.tool import Tool
from support_cli.domain.trail import Actor
from support_cli.domain.verdict import Proposal, Verdict
from support_cli.services.decisions import Answer
from support_cli.services.policy_change import Change
from support_cli.services.ports import Clock
from support_cli.settings import Settings
from tests.policy.obedient import Obedient, call

ADA = "ada"
NOW = datetime.now(UTC)
PEOPLE = """
policy_owners = ["mia", "dora"]
[people]
mia = ["manager"]
max = ["manager"]
dora = ["director"]
"""


class Shop:
    """One desk, and what happens at it."""

    def __init__(self, desk: wiring.Desk) -> None:
        self.desk = desk

    def account(self, customer: str = ADA, tier: str = "standard") -> None:
        """Open an account."""
        self.desk.documents.insert(Account(customer, tier, NOW - timedelta(days=400)))

    def order(
        self,
        name: str = "ORD-1",
        paid: str = "60.00",
        *,
        customer: str = ADA,
        quantity: int = 1,
        currency: str = "EUR",
        note: str = "",
        status: OrderStatus = OrderStatus.DELIVERED,
    ) -> Order:
        """Take an order."""
        price = parse_money(paid, currency)
        item = Item("SKU-1", "Teapot", quantity, price)
        placed = NOW - timedelta(days=3)
        order = Order(name, customer, status, placed, price, (item,), note)
        self.desk.documents.insert(order)
        return order

    def applies(self, file: Path, by: str = "root") -> Change:
        """Apply a policy."""
        return self.desk.policy_changes.apply(file, Actor(by, "shell"))

    def refunded(self, name: str = "ORD-1") -> Money:
        """Tell what was paid back for an order."""
        order = self.desk.orders.get(name)
        assert order is not None
        return order.refunded

    def judge(self, tool: str, args: Mapping[str, Any], sure: float | None = 1.0) -> Verdict:
        """Judge a call of Ada's."""
        proposal = Proposal("TTTT-TTTT", ADA, secrets.token_hex(4), tool, args, sure)
        return self.desk.policies.judge(proposal)

    def says(self, text: str, to: Ticket | None = None, *, customer: str = ADA) -> Ticket:
        """Write as a customer, and let the agent run."""
        return self.runs(self.writes(text, to, customer=customer))

    def writes(self, text: str, to: Ticket | None = None, *, customer: str = ADA) -> Ticket:
        """Write as a customer; nothing runs yet."""
        actor = Actor(customer, "shell")
        if to is None:
            return self.desk.tickets.submit(actor, text, human=False)
        return self.desk.tickets.reply(to.id, actor, text, human=False)

    def wants(self, amount: str, order: str = "ORD-1", *, customer: str = ADA) -> Ticket:
        """Ask for a refund, which the model proposes."""
        return self.says(refund(amount, order), customer=customer)

    def runs(self, ticket: Ticket) -> Ticket:
        """Let the agent run."""
        return self.desk.runs.run(ticket.id)

    def decides(
        self,
        ticket: Ticket,
        choice: Choice = Choice.APPROVE,
        *,
        by: str = "mia",
        request: Request | None = None,
        text: str | None = None,
        edit: Mapping[str, str] | None = None,
    ) -> Ticket:
        """Decide what was shown, and let the agent run."""
        shown = request or ticket.open_requests[0]
        answer = Answer(choice, text, args=edit, request=shown.id, if_match=shown.fingerprint)
        self.desk.decisions.decide(ticket.id, Actor(by, "shell"), answer)
        return self.runs(ticket)


def refund(amount: str, order: str = "ORD-1") -> str:
    """Write what makes the model propose a refund."""
    return call("refund_order", order_id=order, amount=amount, reason="broken")


def settings_of(target: Mapping[str, str], **more: str) -> Settings:
    """Read the settings of a shop's store."""
    return settings.load({**target, **more}, Path(target["SUPPORT_HOME"]) / "no.env")


@contextmanager
def opened(
    target: Mapping[str, str],
    *,
    model: BaseChatModel | None = None,
    clock: Clock | None = None,
    tools: Sequence[Tool] = (),
    **more: str,
) -> Iterator[Shop]:
    """Open the shop, as one process has it."""
    agent = partial(wiring.make_agent, model=model or Obedient())
    opening = wiring.open_desk(settings_of(target, **more), agent=agent, clock=clock, tools=tools)
    with opening as desk:
        yield Shop(desk)


def policy_with(path: Path, *changes: tuple[str, str], people: str = "") -> Path:
    """Write the default policy with other words in it, and people."""
    text = DEFAULT.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    path.write_text(text.replace("[people]\n", people) if people else text, encoding="utf-8")
    return path


DEFAULT = Path(wiring.__file__).parent / "data" / "policy.toml"
