"""Writing down what waits for decisions, for scripts and spreadsheets."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable
from functools import partial
from typing import Annotated

import typer

from support_cli.cli import work_schema
from support_cli.cli.invocation import desk_of
from support_cli.cli.listing import note_damaged
from support_cli.cli.options import Json, OfCustomer, OlderThan, OneKind, forbid_together
from support_cli.cli.output import data
from support_cli.cli.parsing import Command
from support_cli.cli.text import visible
from support_cli.domain.ticket import Status
from support_cli.services.cells import harmless
from support_cli.services.exporting import Waiting, grouped, waiting_requests
from support_cli.services.tickets import Filter
from support_cli.services.work_lines import WORK_COLUMNS
from support_cli.wiring import Desk

app = typer.Typer()


@app.command("export", cls=Command)
def export(
    ctx: typer.Context,
    kind: OneKind = None,
    customer: OfCustomer = None,
    older_than: OlderThan = None,
    group: Annotated[
        bool,
        typer.Option(
            "--group", help="One line for all the questions that differ in nothing but order ids."
        ),
    ] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Write CSV, for spreadsheets.")] = False,
    json: Json = False,
) -> None:
    """Write one line of work for every open request, to be decided with `admin batch`.

    The lines are JSON, their `decision` null. Fill it in, and pass them to `admin batch`.
    """
    forbid_together(csv=as_csv, json=json)
    which = Filter(Status.WAITING, kind, customer, older_than)
    with desk_of(ctx) as desk:
        found = waiting_requests(desk.tickets, which, note_damaged)
        lines = grouped(found, partial(_owner, desk)) if group else found
        _write(lines, as_csv=as_csv)


def _write(found: Iterable[Waiting], *, as_csv: bool) -> None:
    if not as_csv:
        for each in found:
            data(work_schema.work(each))
        return
    # A spreadsheet begins a row at a carriage return that is not quoted, the csv module does not.
    writer = csv.DictWriter(
        sys.stdout, WORK_COLUMNS, restval="", lineterminator="\n", quoting=csv.QUOTE_ALL
    )
    writer.writeheader()
    for each in found:
        line = work_schema.work(each)
        del line["decision"]
        writer.writerow({name: _cell(value) for name, value in line.items()})


def _owner(desk: Desk, order_id: str) -> str | None:
    order = desk.orders.get(order_id)
    return order.customer if order else None


def _cell(value: object) -> str:
    if value is None:
        return ""
    cell = harmless(value if isinstance(value, str) else json.dumps(value))
    return visible(cell) if sys.stdout.isatty() else cell
