"""The orders that the agent may look at, refund, cancel and adjust."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, ClassVar

import typer

from support_cli.cli import records, schema
from support_cli.cli.asking import STDIN
from support_cli.cli.invocation import desk_of
from support_cli.cli.listing import note_rest
from support_cli.cli.options import PAGE, After, AsAdmin, Json, Limit, OfCustomer
from support_cli.cli.output import data, note, quote, say, table
from support_cli.cli.parsing import Command, Group
from support_cli.domain.durations import age
from support_cli.domain.order import Order
from support_cli.errors import NotFound, UsageError
from support_cli.services.order_import import SAMPLE, Line

_HEAD = ("ORDER", "CUSTOMER", "STATUS", "PLACED", "PAID", "REFUNDED")


class Commands(Group):
    """What an admin does with orders."""

    modules: ClassVar[Mapping[str, str]] = dict.fromkeys(("import", "list", "show"), __name__)


app = typer.Typer(name="orders", cls=Commands, no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def orders() -> None:
    """Load and look at the orders that the agent deals with."""


@app.command("import", cls=Command)
def import_(
    ctx: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE",
            parser=Path,
            show_default=False,
            help="Orders and accounts as JSON Lines; - is standard input.",
        ),
    ] = None,
    sample: Annotated[
        bool, typer.Option("--sample", help="The sample that comes with support.")
    ] = False,
    by: AsAdmin = None,
    json: Json = False,
) -> None:
    """Load orders, or load them again: what the desk has paid back stays.

    A line that cannot be read is told, and the others are loaded.
    """
    if (file is None) is not sample:
        raise UsageError("Give a FILE or --sample.", hint="support admin orders import --sample")
    with desk_of(ctx) as desk, _lines(file or SAMPLE) as lines:
        loaded = list(desk.order_import.load(lines, desk.admin(by).name))
    bad = [line for line in loaded if line.problem is not None]
    if json:
        data(schema.document(orders=_counted(loaded) | {"problems": [_problem(x) for x in bad]}))
    else:
        for line in bad:
            note(f"Line {line.number}: {line.problem}")
        say(", ".join(f"{count:,} {name}" for name, count in _counted(loaded).items()) + ".")
    if bad:
        raise typer.Exit(1)


@app.command("list", cls=Command)
def list_(
    ctx: typer.Context,
    customer: OfCustomer = None,
    limit: Limit = PAGE,
    after: After = None,
    json: Json = False,
) -> None:
    """List the orders, the newest first."""
    with desk_of(ctx) as desk:
        page = desk.orders.find(customer, limit=limit, after=after)
        if json:
            found = [records.order_row(row) for row in page.rows]
            data(schema.document(orders=found, next=page.next))
            return
        if page.rows:
            table(_HEAD, [_row(Order(**row)) for row in page.rows], (12, 16, 9, 10, 14))
        elif not page.damaged:
            note(f"No such orders in {desk.documents.name}.")
        note_rest(page, ctx.obj.argv)


@app.command("show", cls=Command)
def show(
    ctx: typer.Context,
    order: Annotated[
        str, typer.Argument(metavar="ORDER", show_default=False, help="The order's number.")
    ],
    json: Json = False,
) -> None:
    """Show an order: its items, and what was paid back for it."""
    with desk_of(ctx) as desk:
        found = desk.orders.get(order)
        if found is None:
            raise NotFound(f"There is no order {order}.", hint="support admin orders list")
        if json:
            data(schema.document(order=records.order_document(found)))
            return
        say(f"Order {found.id} of {found.customer}: {found.status}", style="bold")
        for name, value in _described(found):
            quote(value, lead=f"  {name:<12} ")
        now = desk.clock.now()
        for back in found.paybacks:
            when = age(now - back.at)
            words = f"{back.amount} ({back.way}, {back.method}) on {back.ticket}: {back.reason}"
            quote(words, lead=f"  {'paid back':<12} {when:>4} ago  ")


def _described(order: Order) -> Iterator[tuple[str, str]]:
    yield "placed", f"{order.placed_at:%Y-%m-%d}"
    for item in order.items:
        yield "item", f"{item.quantity} x {item.name} ({item.sku}) at {item.price}"
    yield "paid", str(order.paid)
    yield "refunded", str(order.refunded)
    yield "refundable", str(order.refundable)
    if order.note:
        yield "note", order.note


def _row(order: Order) -> tuple[str, ...]:
    placed = f"{order.placed_at:%Y-%m-%d}"
    paid, refunded = str(order.paid), str(order.refunded)
    return order.id, order.customer, order.status, placed, paid, refunded


def _counted(loaded: Iterable[Line]) -> dict[str, object]:
    counts = Counter(line.outcome for line in loaded)
    return {name: counts[name] for name in ("added", "updated", "unchanged", "invalid")}


def _problem(line: Line) -> schema.JSON:
    return {"line": line.number, "problem": line.problem}


@contextmanager
def _lines(file: Path) -> Iterator[Iterable[bytes]]:
    if str(file) == STDIN:
        yield sys.stdin.buffer
        return
    try:
        stream = file.open("rb")
    except OSError as exc:
        raise UsageError(f"The file {file} cannot be read: {exc.strerror}.") from exc
    with stream:
        yield stream
