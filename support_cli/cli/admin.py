"""What an admin does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

import typer

from support_cli.cli import listing, schema
from support_cli.cli.invocation import desk_of
from support_cli.cli.options import (
    PAGE,
    After,
    Json,
    Layout,
    Limit,
    OfCustomer,
    OlderThan,
    OneKind,
    completing,
    one_of,
)
from support_cli.cli.output import data
from support_cli.cli.parsing import Command, Group
from support_cli.domain.ticket import Status
from support_cli.services.tickets import Filter

ALL = "all"
_ONE = "support_cli.cli.deciding"


class Commands(Group):
    """What an admin does."""

    modules: ClassVar[Mapping[str, str]] = {
        "list": __name__,
        "show": _ONE,
        "resume": _ONE,
        "close": _ONE,
        "export": "support_cli.cli.exporting",
        "batch": "support_cli.cli.batch",
        "knowledge": "support_cli.cli.knowledge",
        "policy": "support_cli.cli.policy",
        "orders": "support_cli.cli.orders",
        "credits": "support_cli.cli.credits",
        "doctor": "support_cli.cli.doctor",
    }


app = typer.Typer(name="admin", cls=Commands, no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def admin() -> None:
    """Decide what the agent may not."""


def _status(text: str) -> Status | str:
    return ALL if text.strip().lower() == ALL else one_of(Status)(text)


@app.command("list", cls=Command)
def list_(
    ctx: typer.Context,
    status: Annotated[
        str,
        typer.Option(
            "--status",
            metavar="STATUS",
            parser=_status,
            autocompletion=completing(*Status, ALL),
            help=f"Only tickets that are {', '.join(Status)}, or {ALL} of them.",
        ),
    ] = Status.WAITING,
    kind: OneKind = None,
    customer: OfCustomer = None,
    older_than: OlderThan = None,
    limit: Limit = PAGE,
    after: After = None,
    layout: Annotated[
        Layout,
        typer.Option(
            "-o",
            "--output",
            metavar="LAYOUT",
            parser=one_of(Layout),
            autocompletion=completing(*Layout),
            help="narrow, or wide with more columns.",
        ),
    ] = Layout.NARROW,
    json: Json = False,
) -> None:
    """List tickets, those that wait for a person, the oldest first."""
    which = Filter(
        status=None if status == ALL else Status(status),
        kind=kind,
        customer=customer,
        older_than=older_than,
    )
    with desk_of(ctx) as desk:
        page = desk.tickets.find_counted(which, limit=limit, after=after)
        if json:
            aside = [schema.set_aside(each) for each in desk.asides.all()]
            data(schema.many(page, schema.row_for_admin) | {"set_aside": aside})
            return
        if layout is Layout.WIDE:
            listing.print_wide_page(page, desk, ctx.obj.argv)
        else:
            listing.print_narrow_page(page, desk, ctx.obj.argv)
        listing.note_set_aside(desk)
        listing.note_late(desk)
